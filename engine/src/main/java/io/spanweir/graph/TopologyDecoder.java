package io.spanweir.graph;

import io.spanweir.component.ComponentFactory;
import io.spanweir.component.ComponentId;
import io.spanweir.component.ComponentKind;
import io.spanweir.component.ConnectorFactory;
import io.spanweir.component.ExporterFactory;
import io.spanweir.component.ExtensionFactory;
import io.spanweir.component.ProcessorConfig;
import io.spanweir.component.ProcessorFactory;
import io.spanweir.component.ReceiverFactory;
import io.spanweir.config.ConfigNode;
import io.spanweir.config.Suggestions;
import io.spanweir.wire.Signal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the sections of a configuration into a {@link Topology} and checks how they refer to each other. One use. */
final class TopologyDecoder {
    private final Components components;
    private final Map<ComponentKind, Map<ComponentId, Declared>> declared = new EnumMap<>(ComponentKind.class);
    private final Map<PipelineId, ConfigNode> pipelineNodes = new LinkedHashMap<>();

    /** A component of the configuration: where it is written, what made it, its config record or null when its type is unknown. */
    private record Declared(
            ConfigNode node,
            @Nullable ComponentFactory factory,
            @Nullable Object config) {}

    private interface Reader {
        Object decode(ComponentFactory factory, ConfigNode yaml);
    }

    TopologyDecoder(Components components) {
        this.components = components;
    }

    Topology decode(ConfigNode yaml) {
        declare(yaml, ComponentKind.RECEIVER, (factory, node) -> node.decode(((ReceiverFactory) factory)::decode));
        declare(yaml, ComponentKind.PROCESSOR, (factory, node) -> node.decode(((ProcessorFactory) factory)::decode));
        declare(yaml, ComponentKind.EXPORTER, (factory, node) -> node.decode(((ExporterFactory) factory)::decode));
        declare(yaml, ComponentKind.CONNECTOR, (factory, node) -> node.decode(((ConnectorFactory) factory)::decode));
        declare(yaml, ComponentKind.EXTENSION, (factory, node) -> node.decode(((ExtensionFactory) factory)::decode));
        refuseAmbiguous();
        EngineConfig engine = yaml.record("engine", EngineConfig::decode);
        Service service = yaml.record("service", this::decodeService);
        if (!yaml.has("service")) {
            yaml.problem("has no section \"service\"; add service.pipelines with at least one pipeline");
        }
        new ConnectorCheck(service.pipelines).run();
        return new Topology(
                configs(ComponentKind.RECEIVER),
                configs(ComponentKind.PROCESSOR),
                configs(ComponentKind.EXPORTER),
                configs(ComponentKind.CONNECTOR),
                configs(ComponentKind.EXTENSION),
                service.pipelines,
                service.extensions,
                service.telemetry,
                engine);
    }

    private record Service(List<Pipeline> pipelines, List<ComponentId> extensions, TelemetryConfig telemetry) {}

    private void declare(ConfigNode yaml, ComponentKind kind, Reader reader) {
        Map<ComponentId, Declared> ofKind = new LinkedHashMap<>();
        declared.put(kind, ofKind);
        for (ConfigNode node : yaml.child(kind.section()).children()) {
            ComponentId written = ComponentId.parse(node.key());
            if (written == null) {
                node.problem("is no component id; write \"type\" or \"type/name\"");
                continue;
            }
            ComponentFactory factory = components.find(kind, written.type());
            if (factory == null) {
                node.problem(unknownType(kind, written.type()));
                ofKind.put(written, new Declared(node, null, null));
                continue;
            }
            ComponentId id = written.withType(factory.type());
            if (!written.equals(id)) {
                node.warning("is the old name of \"" + id + "\"; both work");
            }
            Declared before = ofKind.get(id);
            if (before != null) {
                node.problem("is the same component as \"" + before.node.key() + "\" in line "
                        + before.node.position().line() + "; give one of them a name, \"" + factory.type() + "/name\"");
                continue;
            }
            ofKind.put(id, new Declared(node, factory, reader.decode(factory, node)));
        }
    }

    private String unknownType(ComponentKind kind, String type) {
        List<String> known =
                components.list(kind).stream().map(ComponentFactory::type).toList();
        return "unknown " + kind.word() + " type \"" + type + "\"" + Suggestions.didYouMean(type, known)
                + "; available: " + String.join(", ", known);
    }

    private void refuseAmbiguous() {
        Map<ComponentId, Declared> connectors = ofKind(ComponentKind.CONNECTOR);
        for (ComponentKind kind : List.of(ComponentKind.RECEIVER, ComponentKind.EXPORTER)) {
            ofKind(kind).forEach((id, one) -> {
                Declared other = connectors.get(id);
                if (other != null) {
                    one.node.problem("is the id of a connector too, in line "
                            + other.node.position().line() + "; pipelines could not tell them apart");
                }
            });
        }
    }

    private Service decodeService(ConfigNode yaml) {
        List<ComponentId> extensions = new ArrayList<>();
        for (ConfigNode item : yaml.child("extensions").items()) {
            ComponentId id = reference(item, List.of(ComponentKind.EXTENSION));
            if (id != null && extensions.contains(id)) {
                item.problem("lists extension \"" + id + "\" twice");
            } else if (id != null) {
                extensions.add(id);
            }
        }
        TelemetryConfig telemetry = yaml.record("telemetry", TelemetryConfig::decode);
        List<Pipeline> pipelines = new ArrayList<>();
        for (ConfigNode node : yaml.child("pipelines").children()) {
            Pipeline pipeline = decodePipeline(node);
            if (pipeline != null) {
                pipelines.add(pipeline);
            }
        }
        if (yaml.child("pipelines").children().isEmpty()) {
            yaml.problem("pipelines", "has no pipeline; add at least one, for example \"traces\"");
        }
        return new Service(pipelines, extensions, telemetry);
    }

    private @Nullable Pipeline decodePipeline(ConfigNode node) {
        PipelineId id = PipelineId.parse(node.key());
        if (id == null) {
            node.problem("is no pipeline id; write traces, metrics or logs, or one of them with \"/name\"");
            node.raw();
            return null;
        }
        pipelineNodes.put(id, node);
        return node.decode(yaml -> {
            List<ComponentId> receivers =
                    references(yaml, "receivers", id, List.of(ComponentKind.RECEIVER, ComponentKind.CONNECTOR), true);
            List<ComponentId> processors = references(yaml, "processors", id, List.of(ComponentKind.PROCESSOR), false);
            List<ComponentId> exporters =
                    references(yaml, "exporters", id, List.of(ComponentKind.EXPORTER, ComponentKind.CONNECTOR), true);
            return new Pipeline(id, receivers, processors, exporters);
        });
    }

    private List<ComponentId> references(
            ConfigNode yaml, String key, PipelineId pipeline, List<ComponentKind> kinds, boolean needed) {
        Set<ComponentId> ids = new LinkedHashSet<>();
        List<ConfigNode> items = yaml.child(key).items();
        for (ConfigNode item : items) {
            ComponentId id = reference(item, kinds);
            if (id == null) {
                continue;
            }
            checkSignal(item, id, kinds, pipeline.signal());
            if (!ids.add(id)) {
                item.problem("lists \"" + id + "\" twice; once is what it means");
            }
        }
        if (needed && items.isEmpty()) {
            yaml.problem(key, "is empty; a pipeline needs at least one of its " + key);
        }
        return List.copyOf(ids);
    }

    private void checkSignal(ConfigNode item, ComponentId id, List<ComponentKind> kinds, Signal signal) {
        for (ComponentKind kind : kinds) {
            Declared target = ofKind(kind).get(id);
            ComponentFactory factory = target == null ? null : target.factory;
            if (factory != null
                    && kind != ComponentKind.CONNECTOR
                    && !factory.signals().contains(signal)) {
                item.problem("\"" + id + "\" does not work on " + signal.pipelineName() + ", only on "
                        + factory.signals().stream().map(Signal::pipelineName).collect(Collectors.joining(", ")));
            } else if (target != null && target.config instanceof ProcessorConfig processor) {
                String problem = processor.problemWith(signal);
                if (problem != null) {
                    item.problem(
                            "\"" + id + "\" (line " + target.node.position().line() + "): " + problem);
                }
            }
        }
    }

    /** The id that an item of a list refers to, or null after a problem was reported. */
    private @Nullable ComponentId reference(ConfigNode item, List<ComponentKind> kinds) {
        String text = item.string().required();
        ComponentId written = ComponentId.parse(text);
        if (written == null) {
            if (!text.isEmpty()) {
                item.problem("\"" + text + "\" is no component id; write \"type\" or \"type/name\"");
            }
            return null;
        }
        List<String> known = new ArrayList<>();
        for (ComponentKind kind : kinds) {
            ComponentFactory factory = components.find(kind, written.type());
            ComponentId id = factory == null ? written : written.withType(factory.type());
            if (ofKind(kind).containsKey(id)) {
                return id;
            }
            ofKind(kind).keySet().forEach(other -> known.add(other.toString()));
        }
        String section = kinds.get(0).section();
        item.problem("\"" + text + "\" is not configured" + Suggestions.didYouMean(text, known)
                + "; add it to the section \"" + section + "\""
                + (kinds.contains(ComponentKind.CONNECTOR) ? " or \"connectors\"" : ""));
        return null;
    }

    private Map<ComponentId, Declared> ofKind(ComponentKind kind) {
        Map<ComponentId, Declared> map = declared.get(kind);
        if (map == null) {
            throw new IllegalStateException(kind.word());
        }
        return map;
    }

    @SuppressWarnings("unchecked") // each kind was decoded by the factory of its kind
    private <T> Map<ComponentId, T> configs(ComponentKind kind) {
        Map<ComponentId, T> configs = new LinkedHashMap<>();
        ofKind(kind).forEach((id, one) -> {
            if (one.config != null) {
                configs.put(id, (T) one.config);
            }
        });
        return configs;
    }

    /** Connectors must be used on both sides, for signals they connect, and not in a circle. */
    private final class ConnectorCheck {
        private final List<Pipeline> pipelines;

        ConnectorCheck(List<Pipeline> pipelines) {
            this.pipelines = pipelines;
        }

        void run() {
            ofKind(ComponentKind.CONNECTOR).forEach(this::checkSides);
            refuseCycles();
        }

        private void checkSides(ComponentId id, Declared connector) {
            List<Pipeline> from =
                    pipelines.stream().filter(p -> p.exporters().contains(id)).toList();
            List<Pipeline> to =
                    pipelines.stream().filter(p -> p.receivers().contains(id)).toList();
            if (from.isEmpty() && !to.isEmpty()) {
                connector.node.problem("is a receiver of " + names(to) + " but no pipeline exports to it");
            } else if (to.isEmpty() && !from.isEmpty()) {
                connector.node.problem("is an exporter of " + names(from) + " but no pipeline receives from it");
            }
            if (!(connector.factory instanceof ConnectorFactory factory)) {
                return;
            }
            for (Pipeline source : from) {
                if (!to.isEmpty()
                        && to.stream()
                                .noneMatch(t -> factory.connects(source.id().signal(), t.id().signal()))) {
                    connector.node.problem("does not connect " + source.id() + " with any of " + names(to));
                }
            }
            for (Pipeline target : to) {
                if (!from.isEmpty()
                        && from.stream()
                                .noneMatch(s -> factory.connects(
                                        s.id().signal(), target.id().signal()))) {
                    connector.node.problem("does not connect any of " + names(from) + " with " + target.id());
                }
            }
        }

        private String names(List<Pipeline> some) {
            return some.stream().map(pipeline -> "\"" + pipeline.id() + "\"").collect(Collectors.joining(", "));
        }

        private void refuseCycles() {
            Set<PipelineId> done = new LinkedHashSet<>();
            for (Pipeline pipeline : pipelines) {
                visit(pipeline, new ArrayList<>(), done);
            }
        }

        private void visit(Pipeline pipeline, List<String> path, Set<PipelineId> done) {
            String name = pipeline.id().toString();
            int start = path.indexOf(name);
            if (start >= 0) {
                ConfigNode node = pipelineNodes.get(pipeline.id());
                if (node != null) {
                    node.problem("is part of a cycle: " + String.join(" -> ", path.subList(start, path.size())) + " -> "
                            + name);
                }
                return;
            }
            if (done.contains(pipeline.id())) {
                return;
            }
            path.add(name);
            for (ComponentId exporter : pipeline.exporters()) {
                if (ofKind(ComponentKind.CONNECTOR).containsKey(exporter)) {
                    path.add(exporter.toString());
                    for (Pipeline next : pipelines) {
                        if (next.receivers().contains(exporter)) {
                            visit(next, path, done);
                        }
                    }
                    path.remove(path.size() - 1);
                }
            }
            path.remove(path.size() - 1);
            done.add(pipeline.id());
        }
    }
}
