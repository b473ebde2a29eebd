package io.spanweir.processor.attributes;

import java.util.Locale;

/** {@code action}. */
enum ActionType {
    INSERT,
    UPDATE,
    UPSERT,
    DELETE,
    HASH,
    EXTRACT,
    CONVERT;

    /** As it is written. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it sets the key to a value from elsewhere. */
    boolean putsValue() {
        return this == INSERT || this == UPDATE || this == UPSERT;
    }
}
