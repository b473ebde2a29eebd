package io.spanweir.lane;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.spanweir.data.BatchPart;
import io.spanweir.memory.Budget;
import io.spanweir.memory.TransitAppender;
import io.spanweir.memory.TransitMemory;
import io.spanweir.memory.TransitRegion;
import io.spanweir.testkit.Poison;
import io.spanweir.wire.OtlpIndex;
import io.spanweir.wire.OtlpLimits;
import io.spanweir.wire.OtlpScanner;
import io.spanweir.wire.Signal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The way of any request into transit memory and out of it on three lanes: every run arrives on one lane as it was scanned, and
 * neither the message nor its index touches its neighbours in the segment. Of the input, the first byte chooses the signal, the
 * second how long the neighbours are.
 */
class PackedIndexFuzzTest {
    private static final int LANES = 3;
    private static final int SEGMENT_BYTES = 16 << 10;
    private static final int HEAD_LENGTH = 2;

    private final OtlpScanner scanner = new OtlpScanner(OtlpLimits.DEFAULTS);

    @FuzzTest(maxDuration = "1m")
    void travel(byte[] input) {
        if (input.length < HEAD_LENGTH || input.length > SEGMENT_BYTES / 16) {
            return;
        }
        Signal signal = Signal.values()[(input[0] & 0xFF) % 3];
        byte[] message = Arrays.copyOfRange(input, HEAD_LENGTH, input.length);
        String first = null;
        for (Poison poison : Poison.protobuf()) {
            String arrived = travel(signal, message, 1 + (input[1] & 0x3F), poison);
            assertThat(arrived).as("with %s around", poison).isEqualTo(first == null ? arrived : first);
            first = arrived;
        }
    }

    private String travel(Signal signal, byte[] message, int neighbourBytes, Poison poison) {
        Budget budget = new Budget("transit", 4L * SEGMENT_BYTES);
        TransitMemory memory = new TransitMemory(budget, SEGMENT_BYTES);
        String arrived = "";
        try (TransitAppender appender = memory.appender()) {
            TransitRegion before = reserved(appender, neighbourBytes);
            poison.fill(before.bytes(), 0, before.bytes().length);
            TransitRegion region = reserved(appender, message.length);
            System.arraycopy(message, 0, region.bytes(), region.offset(), message.length);
            TransitRegion between = reserved(appender, neighbourBytes);
            TransitRegion index = null;
            int count = scanner.scan(signal, region.bytes(), region.offset(), message.length);
            int tail = between.offset() + neighbourBytes;
            if (count >= 0) {
                PackedIndex.Packer packer = new PackedIndex.Packer(new LaneMap(LANES, 7));
                packer.assign(scanner.index(), region.bytes(), -1);
                index = appender.reserve(packer.lengthBytes(scanner.index()));
                if (index != null) {
                    assertSameSegment(index, region);
                    packer.write(scanner.index(), index.bytes(), index.offset());
                    tail = index.offset() + index.lengthBytes();
                    arrived = arrived(signal, region, index, packer.mask());
                }
            }
            byte[] bytes = region.bytes();
            poison.assertFilled(bytes, 0, 0, region.offset());
            poison.assertFilled(bytes, 0, between.offset(), between.offset() + neighbourBytes);
            poison.assertFilled(bytes, 0, tail, bytes.length);
            assertThat(Arrays.equals(
                            message, 0, message.length, bytes, region.offset(), region.offset() + message.length))
                    .as("the message is as it was")
                    .isTrue();
            release(before, region, between, index);
        }
        assertThat(budget.usedBytes())
                .as("bytes of transit memory in use afterwards")
                .isZero();
        return arrived;
    }

    private static TransitRegion reserved(TransitAppender appender, int length) {
        TransitRegion region = appender.reserve(length);
        if (region == null) {
            throw new AssertionError("no room for " + length + " bytes");
        }
        return region;
    }

    private static void assertSameSegment(TransitRegion index, TransitRegion message) {
        if (index.bytes() != message.bytes()) {
            throw new AssertionError("the index does not lie behind its message; make the segment larger");
        }
    }

    private static void release(@Nullable TransitRegion... regions) {
        for (TransitRegion region : regions) {
            if (region != null) {
                region.release();
            }
        }
    }

    /** What the lanes see, places counted from the begin of the message. */
    private String arrived(Signal signal, TransitRegion region, TransitRegion packed, long mask) {
        OtlpIndex index = scanner.index();
        StringBuilder text = new StringBuilder();
        boolean[] seen = new boolean[index.runCount()];
        for (int lane = 0; lane < LANES; lane++) {
            BatchPart part = new BatchPart();
            part.clear(signal);
            boolean whole = PackedIndex.read(packed.bytes(), packed.offset(), lane, LANES, region.bytes(), part);
            assertThat(part.runCount() > 0).isEqualTo((mask >>> lane & 1) == 1);
            assertThat(whole).isEqualTo(part.runCount() == index.runCount());
            assertGroups(part, index);
            text.append(" lane ").append(lane);
            for (int run = 0; run < part.runCount(); run++) {
                int original = original(index, part, run);
                assertThat(seen[original]).as("run %d twice", original).isFalse();
                seen[original] = true;
                text.append(' ').append(original);
            }
        }
        for (boolean one : seen) {
            assertThat(one).as("each run arrives").isTrue();
        }
        return text.toString();
    }

    private static int original(OtlpIndex index, BatchPart part, int run) {
        for (int other = 0; other < index.runCount(); other++) {
            if (index.runOffset(other) == part.runOffset(run)) {
                assertThat(new int[] {
                            part.runGroup(run),
                            part.runLength(run),
                            part.runItemCount(run),
                            part.runElementCount(run),
                            part.runTraceIdOffset(run)
                        })
                        .isEqualTo(new int[] {
                            index.runGroup(other),
                            index.runLength(other),
                            index.runItemCount(other),
                            index.runElementCount(other),
                            index.runTraceIdOffset(other)
                        });
                return other;
            }
        }
        throw new AssertionError("a run that nobody scanned at " + part.runOffset(run));
    }

    private static void assertGroups(BatchPart part, OtlpIndex index) {
        assertThat(part.groupCount()).isEqualTo(index.groupCount());
        for (int group = 0; group < index.groupCount(); group++) {
            assertThat(new int[] {
                        part.resourcePrefixOffset(group), part.resourcePrefixLength(group),
                        part.resourceSuffixOffset(group), part.resourceSuffixLength(group),
                        part.scopePrefixOffset(group), part.scopePrefixLength(group),
                        part.scopeSuffixOffset(group), part.scopeSuffixLength(group)
                    })
                    .isEqualTo(new int[] {
                        index.resourcePrefixOffset(group), index.resourcePrefixLength(group),
                        index.resourceSuffixOffset(group), index.resourceSuffixLength(group),
                        index.scopePrefixOffset(group), index.scopePrefixLength(group),
                        index.scopeSuffixOffset(group), index.scopeSuffixLength(group)
                    });
        }
    }
}
