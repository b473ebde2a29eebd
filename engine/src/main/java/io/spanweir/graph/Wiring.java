package io.spanweir.graph;

import io.spanweir.component.ComponentId;
import io.spanweir.component.ConnectorConfig;
import io.spanweir.component.ExportBatchSettings;
import io.spanweir.component.ProcessorConfig;
import io.spanweir.component.SendingQueueConfig;
import io.spanweir.component.SendingQueueConfig.BatchConfig;
import io.spanweir.component.SendingQueueConfig.Sizer;
import io.spanweir.wire.Signal;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Questions about a topology that need no instance: where data goes, what it needs. Threading: any thread. */
final class Wiring {
    private final Topology topology;

    Wiring(Topology topology) {
        this.topology = topology;
    }

    /** Whether some pipeline that the receiver's data of a signal reaches needs all items of a trace on one lane. */
    boolean needsTraceAffinity(ComponentId receiver, Signal signal) {
        return any(receiver, signal, ProcessorConfig::needsTraceAffinity, ConnectorConfig::needsTraceAffinity);
    }

    /** Whether some processor that the receiver's data of a signal reaches keeps data. */
    boolean holdsData(ComponentId receiver, Signal signal) {
        return any(receiver, signal, ProcessorConfig::holdsData, connector -> false);
    }

    private boolean any(
            ComponentId receiver,
            Signal signal,
            Predicate<ProcessorConfig> ofProcessor,
            Predicate<ConnectorConfig> ofConnector) {
        for (Pipeline pipeline : topology.pipelinesFrom(receiver)) {
            if (pipeline.id().signal() == signal && any(pipeline, ofProcessor, ofConnector)) {
                return true;
            }
        }
        return false;
    }

    private boolean any(
            Pipeline pipeline, Predicate<ProcessorConfig> ofProcessor, Predicate<ConnectorConfig> ofConnector) {
        for (ComponentId processor : pipeline.processors()) {
            if (ofProcessor.test(topology.processor(processor))) {
                return true;
            }
        }
        for (ComponentId exporter : pipeline.exporters()) {
            if (topology.isConnector(exporter)) {
                boolean found = ofConnector.test(topology.connector(exporter));
                for (Pipeline next : topology.pipelinesFrom(exporter)) {
                    found |= any(next, ofProcessor, ofConnector);
                }
                if (found) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The exporters that the receiver's data of a signal reaches with nothing between that keeps data. */
    Set<ComponentId> directExporters(ComponentId receiver, Signal signal) {
        Set<ComponentId> found = new LinkedHashSet<>();
        for (Pipeline pipeline : topology.pipelinesFrom(receiver)) {
            if (pipeline.id().signal() == signal) {
                collectDirect(pipeline, 0, found);
            }
        }
        return found;
    }

    /** The exporters that data reaches from behind the processor at a place, with nothing between that keeps data. */
    Set<ComponentId> exportersBehind(Pipeline pipeline, int place) {
        Set<ComponentId> found = new LinkedHashSet<>();
        collectDirect(pipeline, place + 1, found);
        return found;
    }

    private void collectDirect(Pipeline pipeline, int firstProcessor, Set<ComponentId> found) {
        List<ComponentId> processors = pipeline.processors();
        for (ComponentId processor : processors.subList(firstProcessor, processors.size())) {
            if (topology.processor(processor).holdsData()) {
                return;
            }
        }
        for (ComponentId exporter : pipeline.exporters()) {
            if (topology.isConnector(exporter)) {
                topology.pipelinesFrom(exporter).forEach(next -> collectDirect(next, 0, found));
            } else {
                found.add(exporter);
            }
        }
    }

    /** The queue of an exporter, with what a batch processor before it asks for where the exporter says nothing. */
    SendingQueueConfig queue(ComponentId exporter, SendingQueueConfig written) {
        if (!written.enabled()) {
            return new SendingQueueConfig(
                    false, written.numConsumers(), written.queueSize(), written.sizer(), false, true, null);
        }
        if (written.batch() != null) {
            return written;
        }
        Set<Pipeline> before = new LinkedHashSet<>();
        collectBefore(exporter, before);
        for (Pipeline pipeline : before) {
            for (ComponentId processor : pipeline.processors()) {
                if (topology.processor(processor) instanceof ExportBatchSettings batch) {
                    return written.withBatch(batch(batch));
                }
            }
        }
        return written;
    }

    /** The pipelines that lead to an exporter or connector, those before connectors too. */
    private void collectBefore(ComponentId exporter, Set<Pipeline> found) {
        for (Pipeline pipeline : topology.pipelinesTo(exporter)) {
            if (found.add(pipeline)) {
                for (ComponentId receiver : pipeline.receivers()) {
                    if (topology.isConnector(receiver)) {
                        collectBefore(receiver, found);
                    }
                }
            }
        }
    }

    private static BatchConfig batch(ExportBatchSettings settings) {
        Duration timeout = settings.flushTimeout();
        long minItems = timeout.isZero() ? 0 : settings.minItems(); // no time to wait: at once
        return new BatchConfig(timeout, minItems, settings.maxItems(), Sizer.ITEMS, settings.metadataKeys());
    }
}
