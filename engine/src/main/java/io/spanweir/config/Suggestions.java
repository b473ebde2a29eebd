package io.spanweir.config;

import java.util.Collection;

/** What somebody may have meant, for messages about names. Threading: any thread, stateless. */
public final class Suggestions {
    private Suggestions() {}

    /** {@code ; did you mean "x"?} when one of the names is close, else nothing. */
    public static String didYouMean(String found, Collection<String> names) {
        String closest = Texts.closest(found, names);
        return closest == null ? "" : "; did you mean " + Texts.quoted(closest) + "?";
    }
}
