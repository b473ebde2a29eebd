package io.spanweir.processor.tailsampling;

import io.spanweir.config.ConfigNode;

/** {@code boolean_attribute}: some resource or span has a boolean of a value. */
record BooleanAttributePolicyConfig(String name, BooleanMatch match, boolean invertMatch) implements PolicyConfig {
    static BooleanAttributePolicyConfig decode(String name, ConfigNode body) {
        BooleanMatch match = new BooleanMatch(
                body.string("key").required(), body.bool("value").or(false));
        return new BooleanAttributePolicyConfig(
                name, match, body.bool("invert_match").or(false));
    }

    @Override
    public DecisionRule compile(PolicyCompiler compiler) {
        return compiler.anyAttribute(match, invertMatch);
    }
}
