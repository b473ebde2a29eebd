package io.spanweir.filter;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.spanweir.config.Suggestions;
import java.util.List;
import java.util.Locale;

/** Span kinds by the names that the collector's filters use. */
final class SpanKinds {
    /** The names that a strict match may ask for, by the number of the kind less one. */
    static final List<String> NAMES = List.of(
            "SPAN_KIND_INTERNAL", "SPAN_KIND_SERVER", "SPAN_KIND_CLIENT", "SPAN_KIND_PRODUCER", "SPAN_KIND_CONSUMER");

    private static final String UNSPECIFIED = "SPAN_KIND_UNSPECIFIED";

    private SpanKinds() {}

    /** Bit by number of kind: those whose names pass. Kinds that OTLP does not know have an empty name. */
    static int mask(TextTest test) {
        int mask = matches(test, UNSPECIFIED) ? 1 : 0;
        for (int i = 0; i < NAMES.size(); i++) {
            mask |= matches(test, NAMES.get(i)) ? 2 << i : 0;
        }
        return mask;
    }

    private static boolean matches(TextTest test, String name) {
        return test.matches(name.getBytes(US_ASCII), 0, name.length());
    }

    static String problem(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return "\"" + name + "\" is no span kind"
                + (NAMES.contains("SPAN_KIND_" + upper)
                        ? "; did you mean \"SPAN_KIND_" + upper + "\"?"
                        : Suggestions.didYouMean(upper, NAMES) + "; known: " + String.join(", ", NAMES));
    }
}
