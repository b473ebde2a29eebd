package io.spanweir.processor.tailsampling;

import java.util.Locale;

/** Why a trace was decided when it was. */
enum Trigger {
    /** {@code decision_wait} had passed. */
    TIMEOUT,
    /** {@code decision_wait_after_root_received} had passed since its root came. */
    ROOT,
    /** {@code num_traces} waited already. */
    COUNT,
    /** Memory was short. */
    MEMORY,
    /** It was longer than {@code maximum_trace_size_bytes}. */
    SIZE,
    /** The engine or the pipeline stops. */
    SHUTDOWN;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
