package io.spanweir.processor.tailsampling;

import io.spanweir.config.ConfigNode;

/**
 * {@code latency}: the time from the earliest start to the latest end of all spans, in whole milliseconds, is above a threshold.
 *
 * @param upperThresholdMillis the largest duration that is kept; 0 for none
 */
record LatencyPolicyConfig(String name, long thresholdMillis, long upperThresholdMillis) implements PolicyConfig {
    static LatencyPolicyConfig decode(String name, ConfigNode body) {
        long threshold = body.longInteger("threshold_ms").or(0L);
        long upper = body.longInteger("upper_threshold_ms").atLeast(0L).or(0L);
        if (upper != 0 && upper <= threshold) {
            body.problem(
                    "upper_threshold_ms",
                    upper + " is not above threshold_ms (" + threshold + "), so no trace could match; write 0 for no"
                            + " upper bound");
        }
        return new LatencyPolicyConfig(name, threshold, upper);
    }

    @Override
    public DecisionRule compile(PolicyCompiler compiler) {
        long above = thresholdMillis;
        long atMost = upperThresholdMillis == 0 ? Long.MAX_VALUE : upperThresholdMillis;
        return trace -> {
            long duration = trace.durationMillis();
            return Vote.ofMatch(duration > above && duration <= atMost);
        };
    }
}
