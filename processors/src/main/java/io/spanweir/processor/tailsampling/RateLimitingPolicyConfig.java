package io.spanweir.processor.tailsampling;

import io.spanweir.config.ConfigNode;
import io.spanweir.sampling.TokenBucket;

/** {@code rate_limiting}: keeps traces while their spans stay within a rate. */
record RateLimitingPolicyConfig(String name, long spansPerSecond, long burstCapacity) implements PolicyConfig {
    static RateLimitingPolicyConfig decode(String name, ConfigNode body) {
        long rate = body.longInteger("spans_per_second").atLeast(0L).or(0L);
        long burst = body.longInteger("burst_capacity").atLeast(0L).or(0L);
        return new RateLimitingPolicyConfig(name, rate, burst == 0 ? 2 * rate : burst);
    }

    @Override
    public boolean byChance() {
        return true;
    }

    @Override
    public DecisionRule compile(PolicyCompiler compiler) {
        TokenBucket bucket = compiler.bucket(spansPerSecond, burstCapacity);
        return trace -> bucket.take(trace.spanCount(), trace.nowNanos()) ? Vote.SAMPLED_UNKNOWN : Vote.NOT_SAMPLED;
    }
}
