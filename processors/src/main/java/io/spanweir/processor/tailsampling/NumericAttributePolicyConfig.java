package io.spanweir.processor.tailsampling;

import io.spanweir.config.ConfigNode;

/** {@code numeric_attribute}: some resource or span has a number within bounds. */
record NumericAttributePolicyConfig(String name, NumberMatch match, boolean invertMatch) implements PolicyConfig {
    static NumericAttributePolicyConfig decode(String name, ConfigNode body) {
        String key = body.string("key").required();
        long min = body.longInteger("min_value").or(0L);
        long max = body.longInteger("max_value").or(0L);
        boolean invert = body.bool("invert_match").or(false);
        if (min == 0 && max == 0) {
            body.problem("min_value and max_value are both absent or 0, which sets no bound; set at least one of them");
        } else if (min != 0 && max != 0 && min > max) {
            body.problem("max_value", max + " is less than min_value (" + min + "), so no value could match");
        }
        NumberMatch match = new NumberMatch(key, min == 0 ? Long.MIN_VALUE : min, max == 0 ? Long.MAX_VALUE : max);
        return new NumericAttributePolicyConfig(name, match, invert);
    }

    @Override
    public DecisionRule compile(PolicyCompiler compiler) {
        return compiler.anyAttribute(match, invertMatch);
    }
}
