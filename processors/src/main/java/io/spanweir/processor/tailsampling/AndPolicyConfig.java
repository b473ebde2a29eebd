package io.spanweir.processor.tailsampling;

import io.spanweir.config.ConfigNode;
import java.util.List;

/** {@code and}: all policies below it sample. They are asked in order, up to the first that does not. */
record AndPolicyConfig(String name, List<PolicyConfig> policies) implements PolicyConfig {
    AndPolicyConfig {
        policies = List.copyOf(policies);
    }

    static AndPolicyConfig decode(String name, ConfigNode body) {
        return new AndPolicyConfig(
                name, body.list("and_sub_policy", PolicyConfig::decodeNested).notEmpty());
    }

    @Override
    public boolean byChance() {
        return policies.stream().anyMatch(PolicyConfig::byChance);
    }

    @Override
    public DecisionRule compile(PolicyCompiler compiler) {
        return allOf(policies, compiler);
    }

    static DecisionRule allOf(List<PolicyConfig> policies, PolicyCompiler compiler) {
        DecisionRule[] rules = compiler.compile(policies);
        return trace -> {
            long vote = Vote.SAMPLED;
            for (DecisionRule rule : rules) {
                long one = rule.vote(trace);
                if (!Vote.isSampled(one)) {
                    return Vote.NOT_SAMPLED;
                }
                vote = Vote.both(vote, one);
            }
            return vote;
        };
    }
}
