package io.spanweir.processor.tailsampling;

import com.google.re2j.Pattern;
import io.spanweir.data.ValueView;
import io.spanweir.filter.ByteStringSet;
import io.spanweir.filter.RegexCache;
import io.spanweir.filter.ValueTest;
import java.util.List;

/**
 * A string attribute with one of several values.
 *
 * @param values exact values, or expressions of which one must be found anywhere in the value
 * @param cacheSizeMax how many results of expressions each lane remembers
 */
record StringMatch(String key, List<String> values, boolean regex, int cacheSizeMax) implements AttributeMatch {
    StringMatch {
        values = List.copyOf(values);
    }

    @Override
    public ValueTest compile() {
        if (regex) {
            RegexCache cache =
                    new RegexCache(values.stream().map(Pattern::compile).toArray(Pattern[]::new), cacheSizeMax);
            return value -> value.type() == ValueView.Type.STRING
                    && cache.finds(value.bytes(), value.contentOffset(), value.contentLength());
        }
        ByteStringSet set = new ByteStringSet(values);
        return value -> value.type() == ValueView.Type.STRING
                && set.contains(value.bytes(), value.contentOffset(), value.contentLength());
    }
}
