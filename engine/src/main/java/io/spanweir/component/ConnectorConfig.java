package io.spanweir.component;

import io.spanweir.data.PartConsumer;

/** The options of a connector. Immutable; shared by the instances of all lanes. */
public interface ConnectorConfig {
    /** Called once per lane and input signal. The answer takes what the pipelines before the connector send to it. */
    PartConsumer build(ConnectorContext context);

    /** Whether all items of a trace must meet on one lane. */
    default boolean needsTraceAffinity() {
        return false;
    }
}
