package io.spanweir.processor.tailsampling;

import java.util.Locale;

/** The outcome for a trace. */
enum Decision {
    SAMPLED,
    NOT_SAMPLED,
    /** Not sampled because a drop policy said so. */
    DROPPED;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
