package io.spanweir.graph;

import io.spanweir.component.ComponentId;
import io.spanweir.component.ComponentKind;
import io.spanweir.component.Exporter;
import io.spanweir.component.ExporterConfig;
import io.spanweir.component.Runner;
import io.spanweir.component.SendingQueueConfig;
import io.spanweir.component.SendingQueueConfig.BatchConfig;
import io.spanweir.export.ExportQueue;
import io.spanweir.lane.Entrance;
import io.spanweir.lane.Lane;
import io.spanweir.wire.Signal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The instances of one topology: exporters with their queues, entrances of receivers, and on each lane its own pipelines. Built
 * whole before anything starts. Threading: built by one thread; immutable afterwards.
 */
public final class Graph {
    private static final Logger log = LoggerFactory.getLogger(Graph.class);

    private final Topology topology;
    private final Wiring wiring;
    private final EngineParts parts;
    private final Map<ComponentId, Exporter> exporters = new LinkedHashMap<>();
    private final Map<ComponentId, ExportQueue> queues = new LinkedHashMap<>();
    private final List<Entrance> entrances = new ArrayList<>();

    /** @param runner for exporters that bring none */
    public Graph(Topology topology, EngineParts parts, Runner runner) {
        this.topology = topology;
        this.wiring = new Wiring(topology);
        this.parts = parts;
        buildExporters(runner);
        buildEntrances();
        for (Lane lane : parts.ring().lanes()) {
            new LaneBuilder(topology, wiring, parts, queues, entrances, lane).build();
        }
    }

    public Map<ComponentId, Exporter> exporters() {
        return exporters;
    }

    public Map<ComponentId, ExportQueue> queues() {
        return queues;
    }

    /** Where the data of a receiver enters, or null when no pipeline of that signal lists it. */
    public @Nullable Entrance entrance(ComponentId receiver, Signal signal) {
        for (Entrance entrance : entrances) {
            if (entrance.receiver().equals(receiver) && entrance.signal() == signal) {
                return entrance;
            }
        }
        return null;
    }

    private void buildExporters(Runner engineRunner) {
        for (Pipeline pipeline : topology.pipelines()) {
            for (ComponentId id : pipeline.exporters()) {
                if (!topology.isConnector(id) && !exporters.containsKey(id)) {
                    buildExporter(id, engineRunner);
                }
            }
        }
    }

    private void buildExporter(ComponentId id, Runner engineRunner) {
        ExporterConfig config = Topology.required(topology.exporters(), id, ComponentKind.EXPORTER);
        Exporter exporter = config.build(new Contexts.OfExporter(id, parts));
        Runner own = exporter.runner();
        SendingQueueConfig queue = wiring.queue(id, config.sendingQueue());
        BatchConfig batch = queue.batch();
        if (batch != null && config.sendingQueue().batch() == null) {
            log.info(
                    "Requests are gathered as the batch processor before the exporter asks. "
                            + "exporter={} min_items={} max_items={} flush_timeout={}",
                    id,
                    batch.minSize(),
                    batch.maxSize(),
                    batch.flushTimeout());
        }
        exporters.put(id, exporter);
        queues.put(
                id,
                new ExportQueue(
                        id,
                        exporter,
                        queue,
                        config.retryOnFailure(),
                        own == null ? engineRunner : own,
                        parts.exportMemory(),
                        parts.clock(),
                        parts.chance().split(),
                        parts.metrics()));
    }

    private void buildEntrances() {
        for (ComponentId receiver : topology.receivers().keySet()) {
            for (Signal signal : Signal.values()) {
                boolean used = topology.pipelinesFrom(receiver).stream().anyMatch(p -> p.id().signal() == signal);
                if (used) {
                    List<ExportQueue> direct = new ArrayList<>();
                    for (ComponentId exporter : wiring.directExporters(receiver, signal)) {
                        direct.add(Topology.required(queues, exporter, ComponentKind.EXPORTER));
                    }
                    boolean affinity = wiring.needsTraceAffinity(receiver, signal);
                    entrances.add(new Entrance(
                            entrances.size(), receiver, signal, affinity, wiring.holdsData(receiver, signal), direct));
                }
            }
        }
    }
}
