package io.spanweir.lane;

import static io.spanweir.interleaving.Interleavings.atOnce;
import static io.spanweir.interleaving.Interleavings.check;

import io.spanweir.component.Processor;
import io.spanweir.data.BatchPart;
import io.spanweir.data.PartConsumer;
import io.spanweir.interleaving.Interleavings;
import io.spanweir.memory.Pressure;
import io.spanweir.telemetry.MetricRegistry;
import io.spanweir.time.ManualClock;
import io.spanweir.wire.Signal;
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
            atOnce(
                    () -> {
                        sleeper.work = true;
                        sleeper.lane.wake();
                    },
                    () -> {
                        sleeper.lane.turn();
                        sleeper.trySleep();
                    });
            check(sleeper.seen || !sleeper.sleeps || sleeper.unparked, "sleeps over what it was woken for");
        });
    }

    /**
     * A batch that fails at once is one too, and the model checker follows it, which it does not into the index of others. Fails
     * when {@link Lane#drained} looks at the flag before it looks at what the lane has not passed.
     */
    @Test
    void aLaneWithABatchBeforeItIsNotDrained() {
        Interleavings.explore(() -> {
            Sleeper sleeper = new Sleeper();
            Lane lane = sleeper.lane;
            lane.drain();
            lane.turn();
            check(lane.drained(), "nothing waits, and it is not drained");
            long sequence = sleeper.ring.tryNext();
            sleeper.ring.entry(sequence).batch(Signal.TRACES, 0, 1);
            sleeper.ring.publish(sequence, 1);
            boolean[] drained = new boolean[1];
            atOnce(lane::turn, () -> drained[0] = lane.drained());
            check(!drained[0], "drained before it has let go of the batch");
        });
    }

    private static final class Sleeper implements Processor {
        final Ring ring = new Ring(4, 1, 1, new ManualClock(), new Pressure(List.of()), new MetricRegistry());
        final Lane lane = ring.lanes().get(0);
        volatile boolean work;
        volatile boolean unparked;
        boolean seen;
        boolean sleeps;

        Sleeper() {
            lane.onUnpark(() -> unparked = true);
            lane.install(new PartConsumer[0], List.of(this), List.of());
        }

        @Override
        public void accept(BatchPart part) {}

        @Override
        public int turn() {
            seen = work;
            return 0;
        }

        void trySleep() {
            sleeps = lane.maySleep();
        }
    }
}
