package io.spanweir.data;

import static io.spanweir.interleaving.Interleavings.atOnce;
import static io.spanweir.interleaving.Interleavings.check;

import io.spanweir.interleaving.Interleavings;
import org.junit.jupiter.api.Test;

/** Lanes and exporters end their parts of one batch at once: its sender hears once, and one story. */
class SettlementLincheckTest {
    /** Fails when the text and whether to try again are two fields, or when the count is read and written in two steps. */
    @Test
    void theListenerIsToldOnceWithTextAndRetryOfOneFailure() {
        Interleavings.explore(() -> {
            int[] told = new int[1];
            String[] story = new String[1];
            Settlement settlement = new Settlement((failure, retryable) -> {
                told[0]++;
                story[0] = failure + retryable;
            });
            settlement.hold(2);
            atOnce(() -> settlement.fail("later ", true), () -> settlement.fail("never ", false), settlement::settle);
            check(told[0] == 1, "not told once");
            check("later true".equals(story[0]) || "never false".equals(story[0]), "two failures mixed");
        });
    }
}
