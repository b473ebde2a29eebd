package io.spanweir.lane;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.spanweir.memory.Pressure;
import io.spanweir.telemetry.MetricRegistry;
import io.spanweir.time.ManualClock;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * A publisher fills the ring while its lane goes to sleep: the lane sees the entry, or is woken. Fails without the fence of
 * {@link Ring#publish}: a publisher's store may wait in its buffer while it looks who sleeps, on x86 too. The fence of
 * {@link Lane#maySleep} is for processors on which an acquire load may pass a volatile store; x86 does not show that.
 */
@JCStressTest
@State
@Outcome(id = "false, false", expect = ACCEPTABLE, desc = "The lane saw the entry.")
@Outcome(id = "false, true", expect = ACCEPTABLE, desc = "The lane saw the entry, and was woken in vain.")
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "The lane slept and was woken.")
@Outcome(id = "true, false", expect = FORBIDDEN, desc = "The lane sleeps over an entry.")
public class LaneSleepRace {
    private final Ring ring = new Ring(2, 1, 1, new ManualClock(), new Pressure(List.of()), new MetricRegistry());
    private final Lane lane = ring.lanes().get(0);
    private boolean sleeps;
    private volatile boolean unparked;

    public LaneSleepRace() {
        lane.onUnpark(() -> unparked = true);
    }

    @Actor
    public void publisher() {
        ring.command(at -> {});
    }

    @Actor
    public void lane() {
        sleeps = lane.maySleep();
    }

    @Arbiter
    public void result(ZZ_Result result) {
        result.r1 = sleeps;
        result.r2 = unparked;
    }
}
