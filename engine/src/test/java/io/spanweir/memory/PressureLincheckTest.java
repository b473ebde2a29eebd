package io.spanweir.memory;

import static io.spanweir.interleaving.Interleavings.atOnce;
import static io.spanweir.interleaving.Interleavings.check;

import io.spanweir.interleaving.Interleavings;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Lanes end their turns at once, take and free memory, come and go: the position and the refusal stay true. */
class PressureLincheckTest {
    private static final long NOW = 1_000_000_000L;
    private static final long OLDEST = 200_000_000L;
    private static final long STEP = (NOW - OLDEST) / 16;

    /** Fails when the position is stored without a comparison, so that a lane that was held up sets it back. */
    @Test
    void thePositionNeverGoesBackAndNoFurtherThanNeeded() {
        Interleavings.explore(() -> {
            Pressure pressure = full();
            Pressure.OldestArrival arrival = pressure.join();
            arrival.publish(OLDEST);
            long[] seen = new long[2];
            boolean[] moved = new boolean[2];
            atOnce(
                    () -> {
                        moved[0] = pressure.advance(NOW);
                        seen[0] = pressure.positionNanos();
                    },
                    () -> {
                        moved[1] = pressure.advance(NOW + 16);
                        arrival.publish(OLDEST + 2 * STEP); // its oldest traces are decided
                        moved[1] |= pressure.advance(NOW + 32);
                        seen[1] = pressure.positionNanos();
                    });
            long last = pressure.positionNanos();
            check(moved[0] || moved[1], "nobody moved it");
            check(seen[0] <= last && seen[1] <= last, "went back");
            check(last > OLDEST + 2 * STEP, "has not passed the oldest");
            check(last <= OLDEST + 3 * STEP + 2, "went further than a step beyond the oldest");
        });
    }

    /**
     * One lane finds that all is free while another fills the memory again. Fails when the first does not look again after it
     * ended the refusal: both would sleep on a full memory, and receivers that find no room wake nobody.
     */
    @Test
    void memoryThatIsFullAfterTheLastTurnIsRefusing() {
        Interleavings.explore(() -> {
            Budget held = new Budget("held", 100);
            Pressure pressure = new Pressure(List.of(held));
            held.tryTake(95);
            pressure.advance(NOW);
            held.give(50);
            atOnce(() -> pressure.advance(NOW + 1), () -> {
                held.tryTake(50);
                pressure.advance(NOW + 2);
            });
            check(pressure.refusing(), "full, and nobody refuses");
        });
    }

    /** Fails when a lane looks through a list that another one shortens. */
    @Test
    void aComponentLeavesWhileALaneLooksForTheOldest() {
        Interleavings.explore(() -> {
            Pressure pressure = full();
            Pressure.OldestArrival stays = pressure.join();
            Pressure.OldestArrival leaves = pressure.join();
            stays.publish(OLDEST);
            leaves.publish(NOW);
            atOnce(leaves::close, () -> pressure.advance(NOW));
            check(pressure.positionNanos() == OLDEST + STEP, "did not move to a step beyond the oldest");
        });
    }

    private static Pressure full() {
        Budget held = new Budget("held", 100);
        held.tryTake(95);
        return new Pressure(List.of(held));
    }
}
