package io.spanweir.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeldMemoryTest {
    private static final int SEGMENT = 256;
    private static final int RECORDS_PER_SEGMENT = 8;
    private static final byte[] EIGHT = "8 bytes.".getBytes(StandardCharsets.US_ASCII);
    private static final Relocation NOBODY = (owner, from, to) -> {};

    private final Budget budget = new Budget("held", 8 * SEGMENT);
    private final HeldPool pool = new HeldPool(budget, SEGMENT);
    private final HeldMemory memory = new HeldMemory(pool);

    @Test
    void aChainKeepsWhatWasAppendedInOrder() {
        int first = memory.append(7, HeldMemory.NONE, 3, 2, "xxabcxx".getBytes(StandardCharsets.US_ASCII), 2, 3);
        int second = memory.append(7, first, 4, 5, EIGHT, 0, 8);
        assertThat(memory.next(first)).isEqualTo(second);
        assertThat(memory.next(second)).isEqualTo(HeldMemory.NONE);
        assertThat(memory.previous(first)).isEqualTo(HeldMemory.NONE);
        assertThat(memory.previous(second)).isEqualTo(first);
        assertThat(text(memory, first)).isEqualTo("abc");
        assertThat(text(memory, second)).isEqualTo("8 bytes.");
        assertThat(memory.group(second)).isEqualTo(4);
        assertThat(memory.itemCount(first)).isEqualTo(2);
        assertThat(memory.owner(second)).isEqualTo(7);
        assertThat(memory.liveBytes()).isEqualTo(64);
    }

    @Test
    void aSegmentReturnsWhenItsLastRecordIsFreed() {
        List<Integer> records = fill(2 * RECORDS_PER_SEGMENT + 1);
        assertThat(budget.usedBytes()).isEqualTo(3 * SEGMENT);
        for (int record = 0; record < RECORDS_PER_SEGMENT - 1; record++) {
            memory.free(records.get(record));
        }
        assertThat(budget.usedBytes()).isEqualTo(3 * SEGMENT);
        memory.free(records.get(RECORDS_PER_SEGMENT - 1));
        assertThat(budget.usedBytes()).isEqualTo(2 * SEGMENT);
        assertThat(pool.freeCount()).isEqualTo(1);
    }

    @Test
    void aFullPoolAnswersFullAndChangesNothing() {
        List<Integer> records = fill(8 * RECORDS_PER_SEGMENT);
        int last = records.get(records.size() - 1);
        assertThat(memory.append(1, last, -1, 1, EIGHT, 0, 8)).isEqualTo(HeldMemory.FULL);
        assertThat(memory.next(last)).isEqualTo(HeldMemory.NONE);
        assertThat(memory.recordCount()).isEqualTo(records.size());
        memory.free(last);
        assertThat(memory.append(1, HeldMemory.NONE, -1, 1, EIGHT, 0, 8)).isEqualTo(HeldMemory.FULL);
    }

    @Test
    void aRecordLongerThanASegmentGetsAnArrayOfItsOwn() {
        int record = memory.reserve(1, HeldMemory.NONE, -1, 1, 3 * SEGMENT);
        assertThat(memory.payloadLength(record)).isEqualTo(3 * SEGMENT);
        assertThat(budget.usedBytes()).isEqualTo(4 * SEGMENT);
        int next = memory.append(1, record, -1, 1, EIGHT, 0, 8);
        assertThat(memory.bytes(next)).isNotSameAs(memory.bytes(record));
        assertThat(memory.freeChain(record)).isEqualTo(2);
        assertThat(budget.usedBytes()).isEqualTo(SEGMENT);
        assertThat(memory.reserve(1, HeldMemory.NONE, -1, 1, 8 * SEGMENT)).isEqualTo(HeldMemory.FULL);
    }

    @Test
    void freeingTwiceIsABug() {
        int first = memory.append(1, HeldMemory.NONE, -1, 1, EIGHT, 0, 8);
        int second = memory.append(1, HeldMemory.NONE, -1, 1, EIGHT, 0, 8);
        memory.free(first);
        assertThatThrownBy(() -> memory.free(first))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("held record 0 freed twice, or never made");
        memory.free(second);
        assertThatThrownBy(() -> memory.freeChain(second)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> memory.free(123_456)).isInstanceOf(IllegalStateException.class);
        assertThat(memory.liveBytes()).isZero();
    }

    @Test
    void freedBytesAreOverwrittenWhileAssertionsAreOn() {
        int kept = memory.append(1, HeldMemory.NONE, -1, 1, EIGHT, 0, 8);
        int freed = memory.append(1, kept, -1, 1, EIGHT, 0, 8);
        byte[] bytes = memory.bytes(freed);
        int offset = memory.payloadOffset(freed);
        memory.free(freed);
        assertThat(bytes[offset]).isEqualTo((byte) 0xDB);
        assertThat(memory.next(kept)).isEqualTo(HeldMemory.NONE);
        assertThatThrownBy(() -> memory.payloadLength(freed)).isInstanceOf(AssertionError.class);
    }

    @Test
    void theRecordReservedLastCanBeTruncated() {
        int first = memory.reserve(1, HeldMemory.NONE, -1, 1, 100);
        memory.truncate(first, 9);
        assertThat(memory.payloadLength(first)).isEqualTo(9);
        int second = memory.append(1, first, -1, 1, EIGHT, 0, 8);
        assertThat(memory.payloadOffset(second)).isEqualTo(64);
        assertThat(memory.liveBytes()).isEqualTo(40 + 32);
        assertThatThrownBy(() -> memory.truncate(first, 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> memory.truncate(second, 9)).isInstanceOf(IllegalStateException.class);
        int large = memory.reserve(1, second, -1, 1, 2 * SEGMENT);
        memory.truncate(large, 1);
        memory.freeChain(first);
        assertThat(memory.liveBytes()).isZero();
        assertThat(budget.usedBytes()).isEqualTo(SEGMENT);
    }

    @Test
    void stragglersAreGatheredSoThatTheirSegmentsReturn() {
        List<Integer> records = fill(8 * RECORDS_PER_SEGMENT);
        List<Integer> kept = freeAllButOneInEachSegment(records);
        assertThat(budget.usedBytes()).isEqualTo(8 * SEGMENT);
        int calls = 0;
        while (memory.compact(SEGMENT, (owner, from, to) -> kept.set(kept.indexOf(from), to)) > 0) {
            assertThat(++calls).isLessThan(100);
        }
        assertThat(budget.usedBytes()).isLessThanOrEqualTo(2 * SEGMENT);
        assertThat(kept).allSatisfy(record -> assertThat(text(memory, record)).isEqualTo("8 bytes."));
        kept.forEach(memory::free);
        memory.close();
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void compactionOfOneCallIsBounded() {
        freeAllButOneInEachSegment(fill(8 * RECORDS_PER_SEGMENT));
        int work = memory.compact(1, NOBODY);
        assertThat(work).isBetween(1, SEGMENT);
        assertThat(budget.usedBytes()).isGreaterThanOrEqualTo(7 * SEGMENT);
    }

    @Test
    void segmentsThatAreHalfAliveStay() {
        List<Integer> records = fill(8 * RECORDS_PER_SEGMENT);
        for (int record = 0; record < records.size(); record += 2) {
            memory.free(records.get(record));
        }
        assertThat(memory.compact(Integer.MAX_VALUE, NOBODY)).isZero();
    }

    @Test
    void closingGivesBackWhatIsStillHeld() {
        HeldGroups groups = new HeldGroups(new Budget("tables", 10_000), 1);
        HeldMemory grouped = new HeldMemory(pool, groups);
        groups.part(HeldGroups.SCOPE_PREFIX, EIGHT, 0, 8);
        int group = groups.intern();
        int record = grouped.append(1, HeldMemory.NONE, group, 1, EIGHT, 0, 8);
        grouped.append(1, record, group, 1, EIGHT, 0, 8);
        groups.release(group);
        grouped.free(record);
        assertThat(groups.groupCount()).isEqualTo(1);
        grouped.close();
        assertThat(groups.groupCount()).isZero();
        assertThat(grouped.recordCount()).isZero();
        assertThat(grouped.liveBytes()).isZero();
        assertThat(budget.usedBytes()).isZero();
    }

    private List<Integer> fill(int count) {
        List<Integer> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            records.add(memory.append(i, HeldMemory.NONE, -1, 1, EIGHT, 0, 8));
        }
        assertThat(records).doesNotContain(HeldMemory.FULL);
        return records;
    }

    private List<Integer> freeAllButOneInEachSegment(List<Integer> records) {
        List<Integer> kept = new ArrayList<>();
        for (int i = 0; i < records.size(); i++) {
            if (i % RECORDS_PER_SEGMENT == 3) {
                kept.add(records.get(i));
            } else {
                memory.free(records.get(i));
            }
        }
        return kept;
    }

    private static String text(HeldMemory memory, int record) {
        return new String(
                memory.bytes(record),
                memory.payloadOffset(record),
                memory.payloadLength(record),
                StandardCharsets.US_ASCII);
    }
}
