package io.spanweir.processor.tailsampling;

import io.spanweir.config.ConfigNode;

/** {@code span_count}: the trace has a number of spans within bounds, both included. */
record SpanCountPolicyConfig(String name, int minSpans, int maxSpans) implements PolicyConfig {
    static SpanCountPolicyConfig decode(String name, ConfigNode body) {
        int min = body.integer("min_spans").atLeast(0).or(0);
        int max = body.integer("max_spans").atLeast(0).or(0);
        if (max != 0 && max < min) {
            body.problem(
                    "max_spans",
                    max + " is less than min_spans (" + min + "), so no trace could match; write 0 for no upper bound");
        }
        return new SpanCountPolicyConfig(name, min, max);
    }

    @Override
    public DecisionRule compile(PolicyCompiler compiler) {
        int most = maxSpans == 0 ? Integer.MAX_VALUE : maxSpans;
        return trace -> Vote.ofMatch(trace.spanCount() >= minSpans && trace.spanCount() <= most);
    }
}
