package io.spanweir.memory;

import static io.spanweir.interleaving.Interleavings.atOnce;
import static io.spanweir.interleaving.Interleavings.check;

import io.spanweir.interleaving.Interleavings;
import org.junit.jupiter.api.Test;

/** An I/O thread fills segments that lanes read and let go of; budget, pool and holds agree whoever comes first. */
class TransitMemoryLincheckTest {
    private static final int SEGMENT = 16;

    /** Fails when a segment is started anew while somebody else has a hold ({@link TransitSegment#heldOnce}). */
    @Test
    void aSegmentIsNotWrittenAgainWhileALaneReadsIt() {
        Interleavings.explore(() -> {
            Budget budget = new Budget("transit", 2 * SEGMENT);
            TransitAppender appender = new TransitMemory(budget, SEGMENT).appender();
            TransitRegion first = stamped(appender, (byte) 1);
            byte[] seen = new byte[1];
            atOnce(
                    () -> {
                        seen[0] = first.bytes()[first.offset()];
                        first.release();
                    },
                    () -> stamped(appender, (byte) 2).release());
            check(seen[0] == 1, "the bytes changed while they were held");
            appender.close();
            check(budget.usedBytes() == 0, "a segment was not freed");
        });
    }

    /** Fails when two that let go at once both, or neither, free the segment ({@link TransitSegment#release}). */
    @Test
    void theLastOfThreeHoldsFreesTheSegmentOnce() {
        Interleavings.explore(() -> {
            Budget budget = new Budget("transit", 2 * SEGMENT);
            TransitAppender appender = new TransitMemory(budget, SEGMENT).appender();
            TransitRegion region = stamped(appender, (byte) 1);
            region.retain(1);
            atOnce(region::release, region::release, appender::seal);
            check(budget.usedBytes() == 0, "a segment was not freed");
            appender.close();
        });
    }

    /** Fails when the pool hands out one array twice, or keeps more than the budget leaves ({@link SegmentPool#tryTakeOther}). */
    @Test
    void segmentsInUseAndKeptNeverExceedTheBudget() {
        Interleavings.explore(() -> {
            Budget budget = new Budget("transit", 2 * SEGMENT);
            SegmentPool pool = new SegmentPool(budget, SEGMENT);
            byte[] before = pool.take(SEGMENT);
            boolean[] other = new boolean[1];
            byte[][] taken = new byte[1][];
            atOnce(
                    () -> {
                        if (before != null) {
                            pool.give(before);
                        }
                    },
                    () -> other[0] = pool.tryTakeOther(SEGMENT),
                    () -> taken[0] = pool.take(SEGMENT));
            int inUse = (other[0] ? 1 : 0) + (taken[0] == null ? 0 : 1);
            check(inUse >= 1, "two asked, at least one had room");
            check(budget.usedBytes() == (long) inUse * SEGMENT, "used is not what was taken");
            check(pool.freeCount() + inUse <= 2, "kept and used exceed the budget");
        });
    }

    private static TransitRegion stamped(TransitAppender appender, byte stamp) {
        TransitRegion region = appender.reserve(SEGMENT / 2);
        if (region == null) {
            throw new AssertionError("no room");
        }
        region.bytes()[region.offset()] = stamp;
        return region;
    }
}
