package io.spanweir.component;

import io.spanweir.data.PartConsumer;
import io.spanweir.telemetry.MetricRegistry;
import io.spanweir.time.Clock;
import io.spanweir.time.Timers;
import io.spanweir.wire.Signal;

/** What the engine hands a connector on one lane. Threading: lane. */
public interface ConnectorContext {
    ComponentId id();

    Signal signal();

    int lane();

    /** The pipelines of that signal that list the connector as a receiver; nobody when there is none. */
    PartConsumer next(Signal signal);

    Clock clock();

    Timers timers();

    MetricRegistry metrics();
}
