package io.spanweir.processor.tailsampling;

import io.spanweir.config.ConfigNode;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** {@code trace_state}: some span's tracestate has a member with one of the values. */
record TraceStatePolicyConfig(String name, TraceStateMatch match) implements PolicyConfig {
    /** Together, as the collector counts them. */
    private static final int KEY_AND_VALUE_LENGTH_MAX = 255;

    static TraceStatePolicyConfig decode(String name, ConfigNode body) {
        String key = body.string("key").required();
        List<String> values = body.strings("values").notEmpty().stream()
                .filter(value -> !value.isEmpty() && length(key) + length(value) <= KEY_AND_VALUE_LENGTH_MAX)
                .toList();
        return new TraceStatePolicyConfig(name, new TraceStateMatch(key, values));
    }

    private static int length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    @Override
    public DecisionRule compile(PolicyCompiler compiler) {
        int bit = compiler.facts().anyTraceState(match);
        return trace -> Vote.ofMatch(trace.has(bit));
    }
}
