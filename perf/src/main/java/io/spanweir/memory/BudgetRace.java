package io.spanweir.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZJ_Result;

/** Two that do not fit together ask at once. Fails when {@link Budget#tryTake} is not one step. */
@JCStressTest
@State
@Outcome(id = "true, false, 3", expect = ACCEPTABLE, desc = "The first got room.")
@Outcome(id = "false, true, 2", expect = ACCEPTABLE, desc = "The second got room.")
@Outcome(expect = FORBIDDEN, desc = "Above the capacity, or both refused beside room.")
public class BudgetRace {
    private final Budget budget = new Budget("test", 4);

    @Actor
    public void first(ZZJ_Result result) {
        result.r1 = budget.tryTake(3);
    }

    @Actor
    public void second(ZZJ_Result result) {
        result.r2 = budget.tryTake(2);
    }

    @Arbiter
    public void used(ZZJ_Result result) {
        result.r3 = budget.usedBytes();
    }
}
