package io.spanweir.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.spanweir.memory.Allocations;
import io.spanweir.memory.Budget;
import org.junit.jupiter.api.Test;

class TraceAllocationTest {
    private final Budget budget = new Budget("tables", 64 << 20);
    private long id;

    @Test
    void aTraceThatComesAndGoesAllocatesNothing() {
        TraceTable table = new TraceTable(budget, 4, 1);
        DeadlineList waiting = new DeadlineList(table, 0, 1_000);
        DeadlineList afterRoot = new DeadlineList(table, 1, 10);
        ArrivalList arrivals = new ArrivalList(table);
        assertThat(Allocations.bytesOf(() -> {
                    id++;
                    int entry = table.insert(id, id, id);
                    arrivals.append(entry);
                    waiting.append(entry, id);
                    entry = table.find(id, id);
                    table.setSummary(entry, 0, table.summary(entry, 1) | 1);
                    waiting.remove(entry);
                    afterRoot.append(entry, id);
                    int due = afterRoot.firstDue(id);
                    if (due != TraceTable.NONE) {
                        afterRoot.remove(due);
                        arrivals.remove(due);
                        table.remove(due);
                    }
                }))
                .isZero();
        assertThat(table.traceCount()).isEqualTo(10);
    }

    @Test
    void aFullCacheAllocatesNothing() {
        DecisionCache cache = new DecisionCache(budget, 50_000, 1);
        assertThat(Allocations.bytesOf(() -> {
                    id++;
                    cache.put(id, id, DecisionCache.KIND_SAMPLED, (short) 1, id);
                    cache.find(id - 30_000, id - 30_000);
                }))
                .isZero();
    }
}
