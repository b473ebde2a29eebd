package io.spanweir.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spanweir.memory.Budget;
import org.junit.jupiter.api.Test;

class DeadlineListTest {
    private final TraceTable table = new TraceTable(new Budget("tables", 1 << 20), 0, 1);
    private final DeadlineList waiting = new DeadlineList(table, 0, 30);
    private final DeadlineList afterRoot = new DeadlineList(table, 1, 5);
    private final ArrivalList arrivals = new ArrivalList(table);

    @Test
    void tracesComeDueInTheOrderInWhichTheyCame() {
        int first = table.insert(1, 1, 100);
        int second = table.insert(1, 2, 110);
        waiting.append(first, 100);
        waiting.append(second, 110);
        assertThat(waiting.firstDeadlineNanos()).isEqualTo(130);
        assertThat(waiting.firstDue(129)).isEqualTo(TraceTable.NONE);
        assertThat(waiting.firstDue(130)).isEqualTo(first);
        waiting.remove(first);
        assertThat(waiting.firstDue(139)).isEqualTo(TraceTable.NONE);
        assertThat(waiting.firstDue(140)).isEqualTo(second);
        waiting.remove(second);
        assertThat(waiting.firstDeadlineNanos()).isEqualTo(DeadlineList.NEVER);
    }

    @Test
    void aTraceMovesToAShorterWait() {
        int entry = table.insert(1, 1, 100);
        waiting.append(entry, 100);
        assertThatThrownBy(() -> afterRoot.append(entry, 101))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("trace entry 0 is in deadline list 0 already");
        assertThatThrownBy(() -> afterRoot.remove(entry)).hasMessage("trace entry 0 is not in deadline list 1");
        waiting.remove(entry);
        afterRoot.append(entry, 101);
        assertThat(table.deadlineNanos(entry)).isEqualTo(106);
        assertThat(waiting.size()).isZero();
        assertThat(afterRoot.size()).isEqualTo(1);
    }

    @Test
    void pressureFindsTheOldestWhateverItWaitsFor() {
        int first = table.insert(1, 1, 100);
        int second = table.insert(1, 2, 110);
        arrivals.append(first);
        arrivals.append(second);
        afterRoot.append(second, 110);
        assertThat(arrivals.firstBefore(100)).isEqualTo(TraceTable.NONE);
        assertThat(arrivals.firstBefore(101)).isEqualTo(first);
        arrivals.remove(first);
        assertThat(arrivals.firstBefore(Long.MAX_VALUE)).isEqualTo(second);
        assertThat(arrivals.oldestNanos()).isEqualTo(110);
        assertThatThrownBy(() -> arrivals.remove(first)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> arrivals.append(second)).isInstanceOf(IllegalStateException.class);
    }
}
