package io.spanweir.processor.tailsampling;

import io.spanweir.config.ConfigNode;

/** {@code not}: the policy below it does not sample. */
record NotPolicyConfig(String name, PolicyConfig policy) implements PolicyConfig {
    static NotPolicyConfig decode(String name, ConfigNode body) {
        ConfigNode below = body.child("not_sub_policy");
        if (!below.isPresent()) {
            body.problem("not_sub_policy", "is missing; it has no default");
            return new NotPolicyConfig(name, new AlwaysSamplePolicyConfig(""));
        }
        return new NotPolicyConfig(name, below.decode(PolicyConfig::decodePlain));
    }

    @Override
    public boolean byChance() {
        return policy.byChance();
    }

    @Override
    public DecisionRule compile(PolicyCompiler compiler) {
        DecisionRule rule = compiler.compile(policy);
        // What is left over by a choice by chance has a probability, but none that a rejection threshold could state.
        long sampled = policy.byChance() ? Vote.SAMPLED_UNKNOWN : Vote.SAMPLED;
        return trace -> Vote.isSampled(rule.vote(trace)) ? Vote.NOT_SAMPLED : sampled;
    }
}
