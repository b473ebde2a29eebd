package io.spanweir.graph;

import io.spanweir.component.ComponentId;
import java.util.List;

/** One pipeline as written: receivers and exporters may be connectors. */
public record Pipeline(
        PipelineId id, List<ComponentId> receivers, List<ComponentId> processors, List<ComponentId> exporters) {
    public Pipeline {
        receivers = List.copyOf(receivers);
        processors = List.copyOf(processors);
        exporters = List.copyOf(exporters);
    }
}
