package io.spanweir.processor.tailsampling;

import io.spanweir.config.ConfigNode;
import io.spanweir.filter.Expressions;
import java.util.List;

/** {@code string_attribute}: some resource or span has a text that is one of several, or in which an expression is found. */
record StringAttributePolicyConfig(String name, StringMatch match, boolean invertMatch) implements PolicyConfig {
    private static final int DEFAULT_CACHE_SIZE = 128;
    private static final int CACHE_SIZE_MAX = 1 << 20;

    static StringAttributePolicyConfig decode(String name, ConfigNode body) {
        String key = body.string("key").required();
        List<String> values = body.strings("values").notEmpty().stream()
                .filter(value -> !value.isEmpty())
                .toList();
        boolean regex = body.bool("enabled_regex_matching").or(false);
        int cacheSize = body.integer("cache_max_size").atMost(CACHE_SIZE_MAX).or(0);
        boolean invert = body.bool("invert_match").or(false);
        StringMatch match = new StringMatch(
                key,
                regex ? Expressions.compilable(body, "values", values) : values,
                regex,
                regex && cacheSize > 0 ? cacheSize : DEFAULT_CACHE_SIZE);
        return new StringAttributePolicyConfig(name, match, invert);
    }

    @Override
    public DecisionRule compile(PolicyCompiler compiler) {
        return compiler.anyAttribute(match, invertMatch);
    }
}
