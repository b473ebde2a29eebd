package io.spanweir.graph;

import io.spanweir.wire.Signal;
import org.jspecify.annotations.Nullable;

/** {@code traces}, {@code traces/name}: a signal and maybe a name. */
public record PipelineId(Signal signal, String name) {
    /** Reads an id; null when it does not begin with a signal. */
    static @Nullable PipelineId parse(String text) {
        int slash = text.indexOf('/');
        String first = slash < 0 ? text : text.substring(0, slash);
        String name = slash < 0 ? "" : text.substring(slash + 1);
        if (slash >= 0 && name.isBlank()) {
            return null;
        }
        for (Signal signal : Signal.values()) {
            if (signal.pipelineName().equals(first)) {
                return new PipelineId(signal, name);
            }
        }
        return null;
    }

    @Override
    public String toString() {
        return name.isEmpty() ? signal.pipelineName() : signal.pipelineName() + "/" + name;
    }
}
