package io.spanweir.data;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IL_Result;

/** Two end their parts at once: told once, one story. Fails when text and retry are two fields, or the count is. */
@JCStressTest
@State
@Outcome(id = "1, (later true|never false)", expect = ACCEPTABLE, desc = "Told once what one of them said.")
@Outcome(expect = FORBIDDEN, desc = "Told never or twice, or two failures mixed.")
public class SettlementRace {
    private int told;
    private String story = "";
    private final Settlement settlement = new Settlement((failure, retryable) -> {
        told++;
        story = failure + " " + retryable;
    });

    public SettlementRace() {
        settlement.hold();
    }

    @Actor
    public void retryable() {
        settlement.fail("later", true);
    }

    @Actor
    public void permanent() {
        settlement.fail("never", false);
    }

    @Arbiter
    public void result(IL_Result result) {
        result.r1 = told;
        result.r2 = story;
    }
}
