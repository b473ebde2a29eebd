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
 * Two lanes end their turns at once, one of them twice and after the oldest trace (200) is decided; P moves by a millisecond, then
 * to now. r1 and r2 are where each lane left it. Fails when P is stored without a comparison.
 */
@JCStressTest
@State
@Outcome(id = "1000200, 1000200, 1000200", expect = ACCEPTABLE, desc = "Moved once.")
@Outcome(id = "1000200, 2000000, 2000000", expect = ACCEPTABLE, desc = "Moved twice.")
@Outcome(id = "2000000, 2000000, 2000000", expect = ACCEPTABLE, desc = "Moved twice, seen by both.")
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
    public void idleLane(JJJ_Result result) {
        pressure.advance(2_000_000);
        result.r1 = pressure.positionNanos();
    }

    @Actor
    public void busyLane(JJJ_Result result) {
        pressure.advance(2_000_000);
        oldest.publish(1_000_300);
        pressure.advance(2_000_000);
        result.r2 = pressure.positionNanos();
    }

    @Arbiter
    public void last(JJJ_Result result) {
        result.r3 = pressure.positionNanos();
    }
}
