package io.spanweir.processor.tailsampling;

import io.spanweir.sampling.TokenBucket;
import java.util.List;

/** What a policy is compiled with, for one lane. Threading: lane. */
final class PolicyCompiler {
    private final Facts facts = new Facts();
    private final SharedBuckets buckets;
    private final String pipeline;
    private final long nowNanos;
    private int bucketCount;

    PolicyCompiler(SharedBuckets buckets, String pipeline, long nowNanos) {
        this.buckets = buckets;
        this.pipeline = pipeline;
        this.nowNanos = nowNanos;
    }

    Facts facts() {
        return facts;
    }

    DecisionRule compile(PolicyConfig policy) {
        return policy.compile(this);
    }

    DecisionRule[] compile(List<PolicyConfig> policies) {
        DecisionRule[] rules = new DecisionRule[policies.size()];
        for (int i = 0; i < rules.length; i++) {
            rules[i] = compile(policies.get(i));
        }
        return rules;
    }

    /** Samples when some resource or span matches, or with {@code invert} when none does. */
    DecisionRule anyAttribute(AttributeMatch match, boolean invert) {
        int bit = facts.anyAttribute(match);
        return trace -> Vote.ofMatch(trace.has(bit) != invert);
    }

    /** The bucket of the policy that is being compiled; the lanes of a pipeline, which compile in the same order, share it. */
    TokenBucket bucket(long ratePerSecond, long capacity) {
        return buckets.bucket(pipeline, bucketCount++, ratePerSecond, capacity, nowNanos);
    }
}
