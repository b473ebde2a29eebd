package io.spanweir.processor.tailsampling;

import java.util.Locale;

/** How a span ended here. */
enum Outcome {
    /** Handed to the next consumer. */
    SAMPLED,
    NOT_SAMPLED,
    /** By a drop policy. */
    DROPPED,
    /** Its trace was longer than {@code maximum_trace_size_bytes}. */
    TRACE_TOO_LARGE,
    /** There was no memory for it, although the oldest traces were decided. */
    MEMORY_FULL,
    /** The engine stopped with {@code drop_pending_traces_on_shutdown}. */
    SHUTDOWN;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
