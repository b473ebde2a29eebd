package io.spanweir.processor.tailsampling;

import io.spanweir.config.ConfigNode;
import java.util.List;

/** {@code drop}: a trace that all policies below it sample is dropped, whatever others say. Asked before all others. */
record DropPolicyConfig(String name, List<PolicyConfig> policies) implements PolicyConfig {
    DropPolicyConfig {
        policies = List.copyOf(policies);
    }

    static DropPolicyConfig decode(String name, ConfigNode body) {
        return new DropPolicyConfig(
                name, body.list("drop_sub_policy", PolicyConfig::decodeNested).notEmpty());
    }

    @Override
    public boolean byChance() {
        return policies.stream().anyMatch(PolicyConfig::byChance);
    }

    @Override
    public DecisionRule compile(PolicyCompiler compiler) {
        DecisionRule all = AndPolicyConfig.allOf(policies, compiler);
        return trace -> Vote.isSampled(all.vote(trace)) ? Vote.DROPPED : Vote.NOT_SAMPLED;
    }
}
