package io.spanweir.processor.tailsampling;

import io.spanweir.config.ConfigNode;

/** {@code always_sample}: keeps every trace. */
record AlwaysSamplePolicyConfig(String name) implements PolicyConfig {
    static AlwaysSamplePolicyConfig decode(String name, ConfigNode body) {
        return new AlwaysSamplePolicyConfig(name);
    }

    @Override
    public DecisionRule compile(PolicyCompiler compiler) {
        return trace -> Vote.SAMPLED;
    }
}
