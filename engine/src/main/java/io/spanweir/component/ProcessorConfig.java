package io.spanweir.component;

/** The options of a processor. Immutable; shared by the instances of all lanes. */
public interface ProcessorConfig {
    /** Called once per pipeline and lane. */
    Processor build(ProcessorContext context);

    /** Whether all items of a trace must meet on one lane. */
    default boolean needsTraceAffinity() {
        return false;
    }

    /** Whether it keeps data beyond a call, so that what follows it does not push back on receivers at once. */
    default boolean holdsData() {
        return false;
    }
}
