package io.spanweir.memory;

import static io.spanweir.interleaving.Interleavings.atOnce;
import static io.spanweir.interleaving.Interleavings.check;

import io.spanweir.interleaving.Interleavings;
import org.junit.jupiter.api.Test;

/** Takes and gives of several threads happen as if one after the other. */
class BudgetLincheckTest {
    /** Fails when {@link Budget#tryTake} reads and writes in two steps. */
    @Test
    void onlyOneOfTwoThatDoNotFitTogetherGetsRoom() {
        Interleavings.explore(() -> {
            Budget budget = new Budget("test", 4);
            boolean[] taken = new boolean[2];
            atOnce(() -> taken[0] = budget.tryTake(3), () -> taken[1] = budget.tryTakeOptional(2));
            check(taken[0] != taken[1], "both or neither got room");
            check(budget.usedBytes() == (taken[0] ? 3 : 2), "used is not what was taken");
        });
    }

    /** Fails when {@link Budget#tryTake} adds first and takes back when that was too much: others would be refused beside room. */
    @Test
    void whoDoesNotFitIsNoReasonToRefuseAnother() {
        Interleavings.explore(() -> {
            Budget budget = new Budget("test", 4);
            boolean[] taken = new boolean[2];
            long[] seen = new long[1];
            atOnce(
                    () -> taken[0] = budget.tryTake(5),
                    () -> taken[1] = budget.tryTake(4),
                    () -> seen[0] = budget.usedBytes());
            check(!taken[0] && taken[1], "refused beside room");
            check(seen[0] == 0 || seen[0] == 4, "used more than the capacity");
        });
    }
}
