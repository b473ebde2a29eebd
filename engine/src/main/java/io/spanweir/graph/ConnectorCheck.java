package io.spanweir.graph;

import io.spanweir.component.ComponentId;
import io.spanweir.component.ConnectorFactory;
import io.spanweir.config.ConfigNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Connectors must be used on both sides, for signals they connect, and not in a circle. One use. Threading: one thread. */
final class ConnectorCheck {
    private static final int NAMES_SHOWN_MAX = 10;
    private static final int CYCLE_SHOWN_MAX = 10;

    private final Map<ComponentId, TopologyDecoder.Declared> connectors;
    private final Map<PipelineId, ConfigNode> pipelineNodes;
    private final List<Pipeline> pipelines;
    private final Map<ComponentId, List<Pipeline>> sources = new HashMap<>();
    private final Map<ComponentId, List<Pipeline>> targets = new HashMap<>();

    ConnectorCheck(
            Map<ComponentId, TopologyDecoder.Declared> connectors,
            Map<PipelineId, ConfigNode> pipelineNodes,
            List<Pipeline> pipelines) {
        this.connectors = connectors;
        this.pipelineNodes = pipelineNodes;
        this.pipelines = pipelines;
    }

    void run() {
        pipelines.forEach(pipeline -> {
            pipeline.exporters().forEach(id -> to(sources, id).add(pipeline));
            pipeline.receivers().forEach(id -> to(targets, id).add(pipeline));
        });
        connectors.forEach(this::checkSides);
        refuseCycles();
    }

    private static List<Pipeline> to(Map<ComponentId, List<Pipeline>> map, ComponentId id) {
        return map.computeIfAbsent(id, any -> new ArrayList<>());
    }

    private void checkSides(ComponentId id, TopologyDecoder.Declared connector) {
        List<Pipeline> from = sources.getOrDefault(id, List.of());
        List<Pipeline> to = targets.getOrDefault(id, List.of());
        if (from.isEmpty() && !to.isEmpty()) {
            connector
                    .node()
                    .problem("is a receiver of " + names(to)
                            + " but no pipeline exports to it; add it to the exporters of one");
        } else if (to.isEmpty() && !from.isEmpty()) {
            connector
                    .node()
                    .problem("is an exporter of " + names(from)
                            + " but no pipeline receives from it; add it to the receivers of one");
        }
        if (!(connector.factory() instanceof ConnectorFactory factory)) {
            return;
        }
        boolean explained = false;
        for (Pipeline source : from) {
            if (!to.isEmpty()
                    && to.stream().noneMatch(t -> factory.connects(source.id().signal(), t.id().signal()))) {
                connector
                        .node()
                        .problem("does not connect \"" + source.id() + "\" with any of " + names(to)
                                + "; it joins pipelines of other signals");
                explained = true;
            }
        }
        for (Pipeline target : to) {
            if (!explained
                    && !from.isEmpty()
                    && from.stream()
                            .noneMatch(s -> factory.connects(
                                    s.id().signal(), target.id().signal()))) {
                connector
                        .node()
                        .problem("does not connect any of " + names(from) + " with \"" + target.id()
                                + "\"; it joins pipelines of other signals");
            }
        }
    }

    private static String names(List<Pipeline> some) {
        String shown = some.stream()
                .limit(NAMES_SHOWN_MAX)
                .map(pipeline -> "\"" + pipeline.id() + "\"")
                .collect(Collectors.joining(", "));
        return some.size() > NAMES_SHOWN_MAX ? shown + " and " + (some.size() - NAMES_SHOWN_MAX) + " more" : shown;
    }

    /** Walks without recursion: a chain may be as long as the configuration has pipelines. */
    private void refuseCycles() {
        Set<PipelineId> done = new LinkedHashSet<>();
        for (Pipeline pipeline : pipelines) {
            if (!done.contains(pipeline.id())) {
                walk(pipeline, done);
            }
        }
    }

    /** One way out of a pipeline: through a connector into another. */
    private record Hop(String connector, Pipeline to) {}

    /** A pipeline on the path, how the path came to it, and the ways out that have not been walked. */
    private record Step(String connector, PipelineId id, Iterator<Hop> left) {}

    private void walk(Pipeline first, Set<PipelineId> done) {
        List<Step> path = new ArrayList<>();
        Set<PipelineId> onPath = new HashSet<>();
        path.add(new Step("", first.id(), hops(first)));
        onPath.add(first.id());
        while (!path.isEmpty()) {
            Step last = path.get(path.size() - 1);
            if (!last.left().hasNext()) {
                path.remove(path.size() - 1);
                onPath.remove(last.id());
                done.add(last.id());
                continue;
            }
            Hop hop = last.left().next();
            PipelineId next = hop.to().id();
            if (onPath.contains(next)) {
                refuseCycle(path, hop.connector(), next);
            } else if (!done.contains(next)) {
                path.add(new Step(hop.connector(), next, hops(hop.to())));
                onPath.add(next);
            }
        }
    }

    private Iterator<Hop> hops(Pipeline pipeline) {
        return pipeline.exporters().stream()
                .filter(connectors::containsKey)
                .flatMap(exporter -> targets.getOrDefault(exporter, List.of()).stream()
                        .map(target -> new Hop(exporter.toString(), target)))
                .iterator();
    }

    private void refuseCycle(List<Step> path, String connector, PipelineId back) {
        ConfigNode node = pipelineNodes.get(back);
        if (node == null || node.problems().full()) {
            return;
        }
        int start = path.size() - 1;
        while (!path.get(start).id().equals(back)) {
            start--;
        }
        StringBuilder cycle = new StringBuilder(back.toString());
        int shownTo = Math.min(path.size(), start + CYCLE_SHOWN_MAX);
        for (int i = start + 1; i < shownTo; i++) {
            cycle.append(" -> ")
                    .append(path.get(i).connector())
                    .append(" -> ")
                    .append(path.get(i).id());
        }
        if (shownTo < path.size()) {
            cycle.append(" -> ").append(path.size() - shownTo).append(" more");
        }
        cycle.append(" -> ").append(connector).append(" -> ").append(back);
        node.problem("is part of a cycle: " + cycle);
    }
}
