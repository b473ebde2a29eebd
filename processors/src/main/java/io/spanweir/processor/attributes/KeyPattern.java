package io.spanweir.processor.attributes;

import com.google.re2j.Pattern;
import io.spanweir.data.AttributesView;
import io.spanweir.filter.RegexCache;
import org.jspecify.annotations.Nullable;

/** An expression that keys match. Keys are few, so what was found is remembered. Threading: lane. */
final class KeyPattern {
    private static final int REMEMBERED_KEYS = 1024;

    private final RegexCache cache;

    private KeyPattern(String expression) {
        cache = new RegexCache(new Pattern[] {Pattern.compile(expression)}, REMEMBERED_KEYS);
    }

    /** Null for the empty expression, which is none. */
    static @Nullable KeyPattern of(String expression) {
        return expression.isEmpty() ? null : new KeyPattern(expression);
    }

    /** Whether the attribute that the cursor is at matches. */
    boolean matchesCurrent(AttributesView attributes) {
        return cache.finds(attributes.keyBytes(), attributes.keyOffset(), attributes.keyLength());
    }
}
