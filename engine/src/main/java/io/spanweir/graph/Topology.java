package io.spanweir.graph;

import io.spanweir.component.ComponentId;
import io.spanweir.component.ComponentKind;
import io.spanweir.component.ConnectorConfig;
import io.spanweir.component.ExporterConfig;
import io.spanweir.component.ExtensionConfig;
import io.spanweir.component.ProcessorConfig;
import io.spanweir.component.ReceiverConfig;
import io.spanweir.config.ConfigNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A configuration read and checked as a whole: what each component is configured as, and which pipelines join them. Nothing is
 * built yet, so {@code validate} needs no more. Threading: any thread, immutable.
 */
public record Topology(
        Map<ComponentId, ReceiverConfig> receivers,
        Map<ComponentId, ProcessorConfig> processors,
        Map<ComponentId, ExporterConfig> exporters,
        Map<ComponentId, ConnectorConfig> connectors,
        Map<ComponentId, ExtensionConfig> extensions,
        List<Pipeline> pipelines,
        List<ComponentId> activeExtensions,
        TelemetryConfig telemetry,
        EngineConfig engine) {

    public Topology {
        pipelines = List.copyOf(pipelines);
        activeExtensions = List.copyOf(activeExtensions);
    }

    /** Reads the whole configuration. All problems go to the node's problems; with errors among them the answer is of no use. */
    public static Topology decode(ConfigNode root, Components components) {
        return root.decode(yaml -> new TopologyDecoder(components).decode(yaml));
    }

    /** Lanes on a machine with so many cores. */
    public int laneCount(int cores) {
        return engine.laneCount(cores);
    }

    /** What the processors of all pipelines are configured as, in their order. */
    public List<ProcessorConfig> usedProcessors() {
        List<ProcessorConfig> used = new ArrayList<>();
        for (Pipeline pipeline : pipelines) {
            for (ComponentId id : pipeline.processors()) {
                used.add(processor(id));
            }
        }
        return used;
    }

    /** Whether the id names a connector. */
    boolean isConnector(ComponentId id) {
        return connectors.containsKey(id);
    }

    /** The pipelines that list the component as a receiver. */
    List<Pipeline> pipelinesFrom(ComponentId receiver) {
        List<Pipeline> found = new ArrayList<>();
        for (Pipeline pipeline : pipelines) {
            if (pipeline.receivers().contains(receiver)) {
                found.add(pipeline);
            }
        }
        return found;
    }

    /** The pipelines that list the component as an exporter. */
    List<Pipeline> pipelinesTo(ComponentId exporter) {
        List<Pipeline> found = new ArrayList<>();
        for (Pipeline pipeline : pipelines) {
            if (pipeline.exporters().contains(exporter)) {
                found.add(pipeline);
            }
        }
        return found;
    }

    ProcessorConfig processor(ComponentId id) {
        return required(processors, id, ComponentKind.PROCESSOR);
    }

    ConnectorConfig connector(ComponentId id) {
        return required(connectors, id, ComponentKind.CONNECTOR);
    }

    static <T> T required(Map<ComponentId, T> map, ComponentId id, ComponentKind kind) {
        T found = map.get(id);
        if (found == null) {
            throw new IllegalStateException("no " + kind.word() + " " + id);
        }
        return found;
    }
}
