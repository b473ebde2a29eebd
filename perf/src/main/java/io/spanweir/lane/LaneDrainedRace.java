package io.spanweir.lane;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.spanweir.data.PartConsumer;
import io.spanweir.memory.Budget;
import io.spanweir.memory.Pressure;
import io.spanweir.memory.TransitAppender;
import io.spanweir.memory.TransitMemory;
import io.spanweir.memory.TransitRegion;
import io.spanweir.telemetry.MetricRegistry;
import io.spanweir.time.ManualClock;
import io.spanweir.wire.Signal;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/**
 * Shutting down: a lane had drained when one more batch came, which it passes in the turn that runs and drains in a later one.
 * Fails when {@link Lane#drained} looks at the flag before it looks at what the lane has not passed; the
 * window is so short that only long runs see it, {@code LaneWakeLincheckTest} at once.
 */
@JCStressTest
@State
@Outcome(id = "false", expect = ACCEPTABLE, desc = "Not drained: the batch is before the lane or in it.")
@Outcome(id = "true", expect = FORBIDDEN, desc = "Drained, with a batch in the lane.")
public class LaneDrainedRace {
    private static final int LENGTH = 64;

    private final TransitAppender appender =
            new TransitMemory(new Budget("transit", 2 * LENGTH), 2 * LENGTH).appender();
    private final Ring ring = new Ring(2, 1, 1, new ManualClock(), new Pressure(List.of()), new MetricRegistry());
    private final Lane lane = ring.lanes().get(0);

    public LaneDrainedRace() {
        lane.install(new PartConsumer[] {part -> {}}, List.of(), List.of());
        lane.drain();
        lane.turn();
        TransitRegion message = appender.reserve(LENGTH);
        TransitRegion index = appender.reserve(LENGTH); // zeros: no groups and no runs
        long sequence = ring.tryNext();
        if (message == null || index == null || sequence == Ring.FULL) {
            throw new IllegalStateException("no room");
        }
        RingEntry entry = ring.entry(sequence);
        entry.batch(Signal.TRACES, 0, 1);
        entry.message = message;
        entry.messageOffset = message.offset();
        entry.messageLength = LENGTH;
        entry.index = index;
        ring.publish(sequence, 1);
    }

    @Actor
    public void lane() {
        lane.turn();
    }

    @Actor
    public void closer(Z_Result result) {
        result.r1 = lane.drained();
    }
}
