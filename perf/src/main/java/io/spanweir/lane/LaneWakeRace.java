package io.spanweir.lane;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.spanweir.component.Processor;
import io.spanweir.data.BatchPart;
import io.spanweir.data.PartConsumer;
import io.spanweir.memory.Pressure;
import io.spanweir.telemetry.MetricRegistry;
import io.spanweir.time.ManualClock;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/**
 * Somebody has work that is not in the ring and wakes the lane, which ends a turn: the turn saw the work, or another follows.
 * Fails when {@link Lane#turn} forgets at its end that it was woken, or when the mark is not volatile.
 */
@JCStressTest
@State
@Outcome(id = "true, .*, .*", expect = ACCEPTABLE, desc = "The turn saw the work.")
@Outcome(id = "false, false, .*", expect = ACCEPTABLE, desc = "The lane does not sleep.")
@Outcome(id = "false, true, true", expect = ACCEPTABLE, desc = "The lane slept and was woken.")
@Outcome(id = "false, true, false", expect = FORBIDDEN, desc = "The lane sleeps over what it was woken for.")
public class LaneWakeRace implements Processor {
    private final Ring ring = new Ring(2, 1, 1, new ManualClock(), new Pressure(List.of()), new MetricRegistry());
    private final Lane lane = ring.lanes().get(0);
    private volatile boolean work;
    private volatile boolean unparked;
    private boolean seen;
    private boolean sleeps;

    public LaneWakeRace() {
        lane.onUnpark(() -> unparked = true);
        lane.install(new PartConsumer[0], List.of(this), List.of());
    }

    @Override
    public void accept(BatchPart part) {}

    @Override
    public int turn() {
        seen = work;
        return 0;
    }

    @Actor
    public void waker() {
        work = true;
        lane.wake();
    }

    @Actor
    public void lane() {
        lane.turn();
        sleeps = lane.maySleep();
    }

    @Arbiter
    public void result(ZZZ_Result result) {
        result.r1 = seen;
        result.r2 = sleeps;
        result.r3 = unparked;
    }
}
