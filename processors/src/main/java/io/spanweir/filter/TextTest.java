package io.spanweir.filter;

import com.google.re2j.Pattern;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Whether a text is one of several, or one of several expressions is found in it. Allocates nothing for texts seen before.
 * Threading: lane.
 */
public final class TextTest {
    private final @Nullable ByteStringSet exact;
    private final @Nullable RegexCache expressions;

    private TextTest(@Nullable ByteStringSet exact, @Nullable RegexCache expressions) {
        this.exact = exact;
        this.expressions = expressions;
    }

    /** Exactly one of the texts. */
    public static TextTest strict(Collection<String> texts) {
        return new TextTest(new ByteStringSet(texts), null);
    }

    /**
     * One of the expressions is found somewhere in the text.
     *
     * @param cacheSizeMax how many results are remembered
     */
    public static TextTest regex(Collection<String> expressions, int cacheSizeMax) {
        Pattern[] patterns = expressions.stream().map(Pattern::compile).toArray(Pattern[]::new);
        return new TextTest(null, new RegexCache(patterns, cacheSizeMax));
    }

    /** @param bytes UTF-8 */
    public boolean matches(byte[] bytes, int offset, int length) {
        ByteStringSet set = exact;
        if (set != null) {
            return set.contains(bytes, offset, length);
        }
        RegexCache cache = expressions;
        return cache != null && cache.finds(bytes, offset, length);
    }
}
