package io.spanweir.component;

import io.spanweir.data.PartConsumer;
import io.spanweir.telemetry.MetricRegistry;
import io.spanweir.time.Clock;
import io.spanweir.time.Timers;
import io.spanweir.wire.Signal;
import java.util.SplittableRandom;

/** What the engine hands a processor on one lane. Threading: lane. */
public interface ProcessorContext {
    ComponentId id();

    /** The pipeline it stands in, for example {@code traces/bad}. */
    String pipeline();

    Signal signal();

    int lane();

    int laneCount();

    /** What stands after it in the pipeline. */
    PartConsumer next();

    /** Whether every destination behind it has room for that many bytes now. When not, keep what can be kept. */
    boolean downstreamReady(long lengthBytes);

    /** The time of the turn: it does not move within one. */
    Clock clock();

    Timers timers();

    MetricRegistry metrics();

    LaneMemory memory();

    /** Chance of this instance, from the engine's seed. */
    SplittableRandom random();
}
