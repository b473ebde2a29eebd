package io.spanweir.lane;

import static io.spanweir.interleaving.Interleavings.atOnce;
import static io.spanweir.interleaving.Interleavings.check;

import io.spanweir.interleaving.Interleavings;
import io.spanweir.memory.Pressure;
import io.spanweir.telemetry.MetricRegistry;
import io.spanweir.time.ManualClock;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Publishers and a lane meet in the ring. Batches are for {@code perf/stress}: the model checker does not follow the view of a
 * byte array through which a lane reads its index.
 */
class RingLincheckTest {
    /** Fails when a lane passes an entry without processing it, or processes one twice. */
    @Test
    void everyCommandThatWasTakenRunsOnceAndInTheOrderOfItsPublisher() {
        Interleavings.explore(() -> {
            Ring ring = ring();
            Lane lane = ring.lanes().get(0);
            int[] ran = new int[3];
            int[] runs = new int[1];
            boolean[] taken = new boolean[3];
            atOnce(
                    () -> taken[0] = ring.command(at -> ran[0] = ++runs[0]),
                    () -> {
                        taken[1] = ring.command(at -> ran[1] = ++runs[0]);
                        taken[2] = ring.command(at -> ran[2] = ++runs[0]);
                    },
                    lane::turn);
            lane.turn();
            int expected = 0;
            for (int i = 0; i < 3; i++) {
                check(taken[i] == (ran[i] > 0), "taken or refused, and the opposite happened");
                expected += taken[i] ? 1 : 0;
            }
            check(runs[0] == expected, "a command ran twice");
            check(!taken[1] || !taken[2] || ran[1] < ran[2], "a later command of one publisher overtook");
            check(lane.lag() == 0, "the lane has not passed all");
        });
    }

    /** Fails when an entry is published before it is written ({@link Ring#command}). */
    @Test
    void anEntryThatIsSeenIsWritten() {
        Interleavings.explore(() -> {
            Ring ring = ring();
            boolean[] written = new boolean[1];
            atOnce( // a whole turn instead of a look has so many steps that few interleavings pass between the two
                    // writes
                    () -> ring.command(at -> {}),
                    () -> written[0] = !ring.isAvailable(0) || ring.entry(0).command != null);
            check(written[0], "published before it is written");
        });
    }

    /** Fails when a lane passes an entry before it has read it ({@link Lane#turn}). */
    @Test
    void anEntryIsNotWrittenAgainWhileALaneReadsIt() {
        Interleavings.explore(() -> {
            Ring ring = ring();
            Lane lane = ring.lanes().get(0);
            int[] runs = new int[3];
            ring.command(at -> runs[0]++);
            ring.command(at -> runs[1]++);
            boolean[] taken = new boolean[1];
            atOnce(() -> taken[0] = ring.command(at -> runs[2]++), lane::turn);
            lane.turn();
            check(runs[0] == 1 && runs[1] == 1, "an entry was written over");
            check(runs[2] == (taken[0] ? 1 : 0), "what was written over another ran twice");
        });
    }

    private static Ring ring() {
        return new Ring(2, 1, 1, new ManualClock(), new Pressure(List.of()), new MetricRegistry());
    }
}
