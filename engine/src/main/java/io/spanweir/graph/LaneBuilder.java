package io.spanweir.graph;

import io.spanweir.component.ComponentId;
import io.spanweir.component.ComponentKind;
import io.spanweir.component.ConnectorContext;
import io.spanweir.component.Processor;
import io.spanweir.component.ProcessorContext;
import io.spanweir.data.BatchPart;
import io.spanweir.data.PartConsumer;
import io.spanweir.export.ExportQueue;
import io.spanweir.export.ExportSink;
import io.spanweir.lane.Entrance;
import io.spanweir.lane.Lane;
import io.spanweir.telemetry.MetricRegistry;
import io.spanweir.time.Clock;
import io.spanweir.time.Timers;
import io.spanweir.wire.Signal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Builds the pipelines of one lane, from their ends to their beginnings. One use. */
final class LaneBuilder {
    private static final PartConsumer NOBODY = part -> {};

    private final Topology topology;
    private final Wiring wiring;
    private final EngineParts parts;
    private final Map<ComponentId, ExportQueue> queues;
    private final List<Entrance> entrances;
    private final Lane lane;
    private final Map<String, ExportSink> sinks = new LinkedHashMap<>();
    private final Map<PipelineId, PartConsumer> begins = new HashMap<>();
    private final Map<String, PartConsumer> connectors = new HashMap<>();
    /** By pipeline, first processor first, and pipelines before those they lead to. */
    private final List<List<Processor>> processors = new ArrayList<>();

    LaneBuilder(
            Topology topology,
            Wiring wiring,
            EngineParts parts,
            Map<ComponentId, ExportQueue> queues,
            List<Entrance> entrances,
            Lane lane) {
        this.topology = topology;
        this.wiring = wiring;
        this.parts = parts;
        this.queues = queues;
        this.entrances = entrances;
        this.lane = lane;
    }

    void build() {
        PartConsumer[] consumers = new PartConsumer[entrances.size()];
        for (Entrance entrance : entrances) {
            List<PartConsumer> pipelines = new ArrayList<>();
            for (Pipeline pipeline : topology.pipelinesFrom(entrance.receiver())) {
                if (pipeline.id().signal() == entrance.signal()) {
                    pipelines.add(begin(pipeline));
                }
            }
            consumers[entrance.number()] = pipelines.size() == 1 ? pipelines.get(0) : new Unedited(pipelines);
        }
        List<Processor> ordered = new ArrayList<>();
        for (int i = processors.size() - 1; i >= 0; i--) {
            ordered.addAll(processors.get(i));
        }
        lane.install(consumers, ordered, new ArrayList<>(sinks.values()));
    }

    /** Each pipeline begins with what came in: the one before is done with its edits. */
    private record Unedited(List<PartConsumer> pipelines) implements PartConsumer {
        @Override
        public void accept(BatchPart part) {
            for (int i = 0; i < pipelines.size(); i++) {
                part.clearEdits();
                pipelines.get(i).accept(part);
            }
        }
    }

    private PartConsumer begin(Pipeline pipeline) {
        PartConsumer known = begins.get(pipeline.id());
        if (known != null) {
            return known;
        }
        List<PartConsumer> ends = new ArrayList<>();
        List<PartConsumer> branches = new ArrayList<>();
        for (ComponentId exporter : pipeline.exporters()) {
            if (topology.isConnector(exporter)) {
                branches.add(connector(exporter, pipeline.id().signal()));
            } else {
                ends.add(sink(exporter, pipeline.id().signal()));
            }
        }
        boolean alone = ends.isEmpty() && branches.size() == 1;
        branches.forEach(branch -> ends.add(alone ? branch : new CleanCopy(branch)));
        PartConsumer next = FanOut.of(ends);
        List<Processor> own = new ArrayList<>();
        for (int place = pipeline.processors().size() - 1; place >= 0; place--) {
            Processor processor = processor(pipeline, place, next);
            own.add(0, processor);
            next = processor;
        }
        processors.add(own);
        begins.put(pipeline.id(), next);
        return next;
    }

    private Processor processor(Pipeline pipeline, int place, PartConsumer next) {
        ComponentId id = pipeline.processors().get(place);
        List<ExportQueue> behind = new ArrayList<>();
        for (ComponentId exporter : wiring.exportersBehind(pipeline, place)) {
            behind.add(Topology.required(queues, exporter, ComponentKind.EXPORTER));
        }
        ProcessorContext context = new Contexts.OfProcessor(id, pipeline.id(), lane, parts, next, behind);
        return topology.processor(id).build(context);
    }

    private PartConsumer sink(ComponentId exporter, Signal signal) {
        return sinks.computeIfAbsent(
                exporter + " " + signal,
                key -> new ExportSink(
                        Topology.required(queues, exporter, ComponentKind.EXPORTER),
                        signal,
                        parts.exportMemory(),
                        lane.clock(),
                        lane.timers(),
                        lane::wake));
    }

    private PartConsumer connector(ComponentId id, Signal signal) {
        String key = id + " " + signal;
        PartConsumer known = connectors.get(key);
        if (known != null) {
            return known;
        }
        Map<Signal, PartConsumer> targets = new HashMap<>();
        for (Signal out : Signal.values()) {
            List<PartConsumer> pipelines = new ArrayList<>();
            for (Pipeline pipeline : topology.pipelinesFrom(id)) {
                if (pipeline.id().signal() == out) {
                    pipelines.add(begin(pipeline));
                }
            }
            if (pipelines.size() > 1) {
                pipelines.replaceAll(CleanCopy::new);
            }
            targets.put(out, pipelines.isEmpty() ? NOBODY : FanOut.of(pipelines));
        }
        PartConsumer connector = topology.connector(id).build(new OfConnector(id, signal, lane, parts, targets));
        connectors.put(key, connector);
        return connector;
    }

    private record OfConnector(
            ComponentId id, Signal signal, Lane onLane, EngineParts parts, Map<Signal, PartConsumer> targets)
            implements ConnectorContext {
        @Override
        public int lane() {
            return onLane.number();
        }

        @Override
        public PartConsumer next(Signal out) {
            return targets.getOrDefault(out, NOBODY);
        }

        @Override
        public Clock clock() {
            return onLane.clock();
        }

        @Override
        public Timers timers() {
            return onLane.timers();
        }

        @Override
        public MetricRegistry metrics() {
            return parts.metrics();
        }
    }
}
