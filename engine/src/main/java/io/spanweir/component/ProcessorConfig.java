package io.spanweir.component;

import io.spanweir.wire.Signal;
import org.jspecify.annotations.Nullable;

/** The options of a processor. Immutable; shared by the instances of all lanes. */
public interface ProcessorConfig {
    /** Called once per pipeline and lane. */
    Processor build(ProcessorContext context);

    /** Whether all items of a trace must meet on one lane. */
    default boolean needsTraceAffinity() {
        return false;
    }

    /**
     * Why it cannot work in pipelines of a signal although its factory names the signal, continuing a sentence that begins with
     * the processor's id and a colon; null when it can. Asked once for each pipeline, where a problem is reported at its place.
     */
    default @Nullable String problemWith(Signal signal) {
        return null;
    }

    /** Whether it keeps data beyond a call, so that what follows it does not push back on receivers at once. */
    default boolean holdsData() {
        return false;
    }
}
