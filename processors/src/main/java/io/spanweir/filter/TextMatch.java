package io.spanweir.filter;

import io.spanweir.config.ConfigNode;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How texts of the configuration are compared: {@code match_type} and the section below it.
 *
 * @param regex whether they are expressions that must be found somewhere, and not the whole text
 * @param cacheSizeMax how many results of expressions each lane remembers for each list of them
 */
public record TextMatch(boolean regex, int cacheSizeMax) {
    private static final int DEFAULT_CACHE_SIZE = 1024;
    private static final int CACHE_SIZE_MAX = 1 << 20;

    /** From {@code match_type} and {@code regexp} of a section; null when there is no valid type, which has been reported. */
    static @Nullable TextMatch decode(ConfigNode yaml) {
        ConfigNode regexp = yaml.child("regexp");
        boolean cache = regexp.bool("cacheenabled").or(false);
        int entries = regexp.integer("cachemaxnumentries")
                .atLeast(0)
                .atMost(CACHE_SIZE_MAX)
                .or(0);
        regexp.finish();
        String type = yaml.string("match_type").required();
        switch (type) {
            case "strict", "regexp" -> {
                return new TextMatch(type.equals("regexp"), cache && entries > 0 ? entries : DEFAULT_CACHE_SIZE);
            }
            case "" -> {}
            case "expr" ->
                yaml.problem("match_type", "\"expr\" is not available in this version; write strict or regexp");
            default -> yaml.problem("match_type", "\"" + type + "\" is no match type; write strict or regexp");
        }
        return null;
    }

    /** Compiles; the texts were checked by {@link MatchConfig}. */
    TextTest test(Collection<String> texts) {
        return regex ? TextTest.regex(texts, cacheSizeMax) : TextTest.strict(texts);
    }

    ValueTest valueTest(ConstantValue wanted) {
        String text = wanted.text();
        if (!regex || text == null) {
            return new EqualValue(wanted);
        }
        TextTest test = test(List.of(text));
        ValueText found = new ValueText();
        return value -> found.wrapForExpression(value) && test.matches(found.bytes(), found.offset(), found.length());
    }
}
