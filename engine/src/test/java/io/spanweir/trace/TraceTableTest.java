package io.spanweir.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spanweir.memory.Budget;
import io.spanweir.memory.HeldMemory;
import io.spanweir.memory.HeldPool;
import org.junit.jupiter.api.Test;

class TraceTableTest {
    private static final long CHUNK_BYTES = 512 * (11 + 2) * 8 + 16;

    private final Budget budget = new Budget("tables", 10_000_000);
    private final TraceTable table = new TraceTable(budget, 2, 5);

    @Test
    void aNewEntryIsBlankEvenWhereAnOldOneWas() {
        int entry = table.insert(1, 2, 3);
        table.setSummary(entry, 1, 99);
        table.setFlags(entry, 99);
        table.remove(entry);
        int again = table.insert(4, 5, 6);
        assertThat(again).isEqualTo(entry);
        assertThat(table.summary(again, 1)).isZero();
        assertThat(table.flags(again)).isZero();
        assertThat(table.firstRecord(again)).isEqualTo(HeldMemory.NONE);
        assertThat(table.lastRecord(again)).isEqualTo(HeldMemory.NONE);
        assertThat(table.find(1, 2)).isEqualTo(TraceTable.NONE);
        assertThat(table.find(4, 5)).isEqualTo(again);
    }

    @Test
    void allZeroIsAnIdLikeAnyOther() {
        assertThat(table.find(0, 0)).isEqualTo(TraceTable.NONE);
        int entry = table.insert(0, 0, 1);
        assertThat(table.find(0, 0)).isEqualTo(entry);
    }

    @Test
    void memoryComesBackWhenAFloodIsOver() {
        int count = 40_000;
        for (int id = 0; id < count; id++) {
            table.insert(7, id, id);
        }
        long flooded = budget.usedBytes();
        for (int id = 0; id < count - 1; id++) {
            table.remove(table.find(7, id));
        }
        long slots = flooded - (count / 512 + 1) * CHUNK_BYTES;
        assertThat(slots).isBetween(count * 8L, count * 16L);
        assertThat(budget.usedBytes()).isEqualTo(2 * CHUNK_BYTES + slots);
        for (int id = 0; id < 600; id++) {
            table.insert(8, id, id);
        }
        assertThat(budget.usedBytes()).isEqualTo(2 * CHUNK_BYTES + slots);
        table.close();
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void newTracesGoIntoTheLowestChunkSoThatUpperOnesRunEmpty() {
        for (int id = 0; id < 2_000; id++) {
            table.insert(7, id, id);
        }
        int lowest = table.find(7, 100);
        int upper = table.find(7, 1_900);
        table.remove(upper);
        table.remove(lowest);
        assertThat(table.insert(9, 9, 9)).isEqualTo(lowest);
        assertThat(table.insert(9, 10, 9)).isGreaterThan(1_500);
    }

    @Test
    void aFullBudgetAnswersFullAndChangesNothing() {
        TraceTable small = new TraceTable(new Budget("tables", CHUNK_BYTES + 20_000), 2, 5);
        for (int id = 0; id < 512; id++) {
            assertThat(small.insert(1, id, 0)).isNotEqualTo(TraceTable.FULL);
        }
        assertThat(small.insert(2, 2, 0)).isEqualTo(TraceTable.FULL);
        assertThat(small.traceCount()).isEqualTo(512);
        small.remove(small.find(1, 17));
        assertThat(small.insert(2, 2, 0)).isNotEqualTo(TraceTable.FULL);
        assertThat(new TraceTable(new Budget("tables", 1), 2, 5).insert(1, 1, 1))
                .isEqualTo(TraceTable.FULL);
    }

    @Test
    void whatIsStillInUseIsNotRemoved() {
        int entry = table.insert(1, 2, 3);
        DeadlineList list = new DeadlineList(table, 0, 10);
        ArrivalList arrivals = new ArrivalList(table);
        list.append(entry, 0);
        assertThatThrownBy(() -> table.remove(entry))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("trace entry 0 removed while in a list");
        list.remove(entry);
        arrivals.append(entry);
        assertThatThrownBy(() -> table.remove(entry)).isInstanceOf(IllegalStateException.class);
        arrivals.remove(entry);
        table.setLastRecord(entry, 5);
        assertThatThrownBy(() -> table.remove(entry)).hasMessage("trace entry 0 removed while it has records");
        table.setLastRecord(entry, TraceTable.NO_RECORD);
        table.remove(entry);
        assertThatThrownBy(() -> table.remove(entry)).hasMessage("trace entry 0 removed twice, or never made");
        assertThatThrownBy(() -> table.remove(1_000_000)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void entriesFollowTheRecordsThatCompactionMoves() {
        HeldMemory memory = new HeldMemory(new HeldPool(new Budget("held", 64 * 1024), 1024));
        byte[] payload = new byte[300];
        int[] traces = new int[30];
        for (int i = 0; i < traces.length; i++) {
            traces[i] = table.insert(1, i, i);
            int first = memory.append(traces[i], HeldMemory.NONE, -1, i, payload, 0, 300);
            int last = memory.append(traces[i], first, -1, i, payload, 0, 300);
            table.setFirstRecord(traces[i], first);
            table.setLastRecord(traces[i], last);
        }
        long before = memory.heldBytes();
        for (int i = 0; i < traces.length; i++) {
            if (i % 5 != 0) {
                memory.freeChain(table.firstRecord(traces[i]));
            }
        }
        while (memory.compact(10_000, table::recordMoved) > 0) {
            assertThat(memory.heldBytes()).isLessThanOrEqualTo(before + 1024);
        }
        assertThat(memory.heldBytes()).isLessThan(before / 2);
        for (int i = 0; i < traces.length; i += 5) {
            int first = table.firstRecord(traces[i]);
            assertThat(memory.itemCount(first)).isEqualTo(i);
            assertThat(memory.next(first)).isEqualTo(table.lastRecord(traces[i]));
            assertThat(memory.previous(table.lastRecord(traces[i]))).isEqualTo(first);
        }
    }
}
