package io.spanweir.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/**
 * One lane finds that memory is free again while another fills it. Fails when the first does not look again after it ended
 * the refusal ({@link Pressure#advance}).
 */
@JCStressTest
@State
@Outcome(id = "true", expect = ACCEPTABLE, desc = "Full, and receivers refuse.")
@Outcome(id = "false", expect = FORBIDDEN, desc = "Full, and nobody will say so before the next turn.")
public class PressureRefusalRace {
    private final Budget held = new Budget("held", 100);
    private final Pressure pressure = new Pressure(List.of(held));

    public PressureRefusalRace() {
        if (!held.tryTake(95) || pressure.advance(1)) {
            throw new IllegalStateException("nothing waits, and it moved");
        }
        held.give(50);
    }

    @Actor
    public void laneThatFindsRoom() {
        pressure.advance(2);
    }

    @Actor
    public void laneThatFills() {
        if (held.tryTake(50)) {
            pressure.advance(3);
        }
    }

    @Arbiter
    public void result(Z_Result result) {
        result.r1 = pressure.refusing();
    }
}
