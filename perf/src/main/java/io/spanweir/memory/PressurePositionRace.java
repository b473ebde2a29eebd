package io.spanweir.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJJ_Result;

/**
 * Two lanes end their turns at once, one of them after the oldest trace is decided. P moves by a step of 50 beyond the oldest
 * (200, then 300); r1 and r2 are two looks of a third thread. Fails when P is stored without a comparison.
 */
@JCStressTest
@State
@Outcome(id = "(-\\d+|1000200), (-\\d+|1000200|1000300), 1000[23]00", expect = ACCEPTABLE, desc = "Only forward.")
@Outcome(id = "1000300, 1000300, 1000300", expect = ACCEPTABLE, desc = "Only forward.")
@Outcome(expect = FORBIDDEN, desc = "Back, or further than a step.")
public class PressurePositionRace {
    private final Budget held = new Budget("held", 100);
    private final Pressure pressure = new Pressure(List.of(held));
    private final Pressure.OldestArrival oldest = pressure.join();

    public PressurePositionRace() {
        if (!held.tryTake(95)) {
            throw new IllegalStateException("no room");
        }
        oldest.publish(200);
    }

    @Actor
    public void idleLane() {
        pressure.advance(2_000_000);
    }

    @Actor
    public void busyLane() {
        pressure.advance(2_000_000);
        oldest.publish(1_000_200 + 100);
        pressure.advance(2_000_000);
    }

    @Actor
    public void reader(JJJ_Result result) {
        result.r1 = pressure.positionNanos();
        result.r2 = pressure.positionNanos();
    }

    @Arbiter
    public void last(JJJ_Result result) {
        result.r3 = pressure.positionNanos();
    }
}
