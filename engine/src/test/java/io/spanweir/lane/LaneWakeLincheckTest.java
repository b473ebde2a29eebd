package io.spanweir.lane;

import static io.spanweir.interleaving.Interleavings.atOnce;
import static io.spanweir.interleaving.Interleavings.check;

import io.spanweir.interleaving.Interleavings;
import io.spanweir.memory.Pressure;
import io.spanweir.telemetry.MetricRegistry;
import io.spanweir.time.ManualClock;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A lane that goes to sleep, and whoever has something for it: one of the two always sees the other. */
class LaneWakeLincheckTest {
    /** Fails when {@link Lane#maySleep} does not look again after it said that the lane sleeps. */
    @Test
    void aLaneThatSleepsOverAnEntryWasWokenByItsPublisher() {
        Interleavings.explore(() -> {
            Sleeper sleeper = new Sleeper();
            atOnce(() -> sleeper.ring.command(lane -> {}), sleeper::trySleep);
            check(!sleeper.sleeps || sleeper.unparked, "sleeps over an entry");
        });
    }

    /** Fails when {@link Lane#turn} forgets at its end, not at its begin, that it was woken. */
    @Test
    void aWakeDuringATurnLeadsToAnotherTurn() {
        Interleavings.explore(() -> {
            Sleeper sleeper = new Sleeper();
            boolean[] seen = new boolean[1];
            atOnce(
                    () -> {
                        sleeper.work = true;
                        sleeper.lane.wake();
                    },
                    () -> {
                        sleeper.lane.turn();
                        seen[0] = sleeper.work;
                        sleeper.trySleep();
                    });
            check(seen[0] || !sleeper.sleeps || sleeper.unparked, "sleeps over what it was woken for");
        });
    }

    private static final class Sleeper {
        final Ring ring = new Ring(4, 1, 1, new ManualClock(), new Pressure(List.of()), new MetricRegistry());
        final Lane lane = ring.lanes().get(0);
        volatile boolean work;
        volatile boolean unparked;
        boolean sleeps;

        Sleeper() {
            lane.onUnpark(() -> unparked = true);
        }

        void trySleep() {
            sleeps = lane.maySleep();
        }
    }
}
