package io.spanweir.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.spanweir.memory.Budget;
import io.spanweir.testkit.Seeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Compares the trace table and its lists with a hash map and array lists over generated histories. */
class TraceTablePropertyTest {
    private static final int ROUNDS = 12;
    private static final int STEPS = 12_000;
    private static final int CHECK_EVERY = 150;
    private static final int SUMMARY_LONGS = 3;
    private static final long[] WAITS = {1_000, 30};

    private record Id(long high, long low) {}

    private static final class Twin {
        int entry;
        long arrival;
        long deadline;
        int list = -1;
        int items;
        int flags;
        int policy;
        int firstRecord = -1;
        int lastRecord = -1;
        long bytes;
        long threshold;
        final long[] summary = new long[SUMMARY_LONGS];
    }

    private static final class History {
        final SplittableRandom random;
        final Budget budget;
        final TraceTable table;
        final DeadlineList[] lists = new DeadlineList[WAITS.length];
        final ArrivalList arrivals;
        final Map<Id, Twin> twins = new HashMap<>();
        final List<Id> ids = new ArrayList<>();
        final List<List<Twin>> listTwins = List.of(new ArrayList<>(), new ArrayList<>());
        final List<Twin> arrivalTwins = new ArrayList<>();
        final int idsMax;
        long now;
        boolean everFull;

        History(SplittableRandom random, long budgetBytes) {
            this.random = random;
            this.budget = new Budget("tables", budgetBytes);
            this.table = new TraceTable(budget, SUMMARY_LONGS, random.nextLong());
            this.arrivals = new ArrivalList(table);
            this.idsMax = 200 + random.nextInt(4_000);
            for (int list = 0; list < WAITS.length; list++) {
                lists[list] = new DeadlineList(table, list, WAITS[list]);
            }
        }

        void step(int step) {
            now += random.nextInt(3);
            boolean shrinking = step / (STEPS / 4) % 2 == 1;
            int choice = random.nextInt(100);
            if (choice < (shrinking ? 15 : 60)) {
                insert();
            } else if (choice < 80 && !ids.isEmpty()) {
                remove(random.nextInt(ids.size()));
            } else if (choice < 90 && !ids.isEmpty()) {
                change(twins.get(anyId()));
            } else if (!ids.isEmpty()) {
                move(twins.get(anyId()));
            }
        }

        Id anyId() {
            return ids.get(random.nextInt(ids.size()));
        }

        void insert() {
            Id id = new Id(random.nextInt(4), random.nextInt(idsMax));
            Twin present = twins.get(id);
            assertThat(table.find(id.high(), id.low())).isEqualTo(present == null ? TraceTable.NONE : present.entry);
            if (present != null) {
                return;
            }
            int entry = table.insert(id.high(), id.low(), now);
            if (entry == TraceTable.FULL) {
                everFull = true;
                return;
            }
            Twin twin = new Twin();
            twin.entry = entry;
            twin.arrival = now;
            twins.put(id, twin);
            ids.add(id);
            arrivals.append(entry);
            arrivalTwins.add(twin);
            append(twin, 0);
        }

        void append(Twin twin, int list) {
            lists[list].append(twin.entry, now);
            twin.list = list;
            twin.deadline = now + WAITS[list];
            listTwins.get(list).add(twin);
        }

        void move(Twin twin) {
            lists[twin.list].remove(twin.entry);
            listTwins.get(twin.list).remove(twin);
            append(twin, random.nextInt(WAITS.length));
        }

        void remove(int index) {
            Id id = ids.get(index);
            ids.set(index, ids.get(ids.size() - 1));
            ids.remove(ids.size() - 1);
            Twin twin = twins.remove(id);
            lists[twin.list].remove(twin.entry);
            listTwins.get(twin.list).remove(twin);
            arrivals.remove(twin.entry);
            arrivalTwins.remove(twin);
            table.setFirstRecord(twin.entry, TraceTable.NO_RECORD);
            table.setLastRecord(twin.entry, TraceTable.NO_RECORD);
            table.remove(twin.entry);
            assertThat(table.find(id.high(), id.low())).isEqualTo(TraceTable.NONE);
        }

        void change(Twin twin) {
            table.setItemCount(twin.entry, twin.items = random.nextInt());
            table.setFlags(twin.entry, twin.flags = random.nextInt());
            table.setPolicy(twin.entry, twin.policy = random.nextInt());
            table.setHeldBytes(twin.entry, twin.bytes = random.nextLong());
            table.setThreshold(twin.entry, twin.threshold = random.nextLong());
            table.setFirstRecord(twin.entry, twin.firstRecord = random.nextInt());
            table.setLastRecord(twin.entry, twin.lastRecord = random.nextInt());
            int index = random.nextInt(SUMMARY_LONGS);
            twin.summary[index] = random.nextLong();
            table.setSummary(twin.entry, index, twin.summary[index]);
        }

        void check() {
            assertThat(table.traceCount()).isEqualTo(twins.size());
            Set<Integer> entries = new HashSet<>();
            twins.forEach((id, twin) -> {
                checkEntry(id, twin);
                entries.add(twin.entry);
            });
            Set<Integer> walked = new HashSet<>();
            for (int entry = table.nextInUse(-1); entry != TraceTable.NONE; entry = table.nextInUse(entry)) {
                walked.add(entry);
            }
            assertThat(walked).isEqualTo(entries).hasSize(twins.size());
            for (int list = 0; list < WAITS.length; list++) {
                checkList(list);
            }
            List<Integer> byArrival = new ArrayList<>();
            for (int entry = arrivals.first(); entry != TraceTable.NONE; entry = arrivals.next(entry)) {
                byArrival.add(entry);
            }
            assertThat(byArrival)
                    .isEqualTo(arrivalTwins.stream().map(twin -> twin.entry).toList());
            assertThat(arrivals.oldestNanos())
                    .isEqualTo(arrivalTwins.isEmpty() ? ArrivalList.NOTHING_WAITS : arrivalTwins.get(0).arrival);
            assertThat(arrivals.size()).isEqualTo(twins.size());
        }

        void checkEntry(Id id, Twin twin) {
            int entry = twin.entry;
            assertThat(table.find(id.high(), id.low())).isEqualTo(entry);
            assertThat(table.idHigh(entry)).isEqualTo(id.high());
            assertThat(table.idLow(entry)).isEqualTo(id.low());
            assertThat(table.firstArrivalNanos(entry)).isEqualTo(twin.arrival);
            assertThat(table.deadlineNanos(entry)).isEqualTo(twin.deadline);
            assertThat(table.itemCount(entry)).isEqualTo(twin.items);
            assertThat(table.flags(entry)).isEqualTo(twin.flags);
            assertThat(table.policy(entry)).isEqualTo(twin.policy);
            assertThat(table.heldBytes(entry)).isEqualTo(twin.bytes);
            assertThat(table.threshold(entry)).isEqualTo(twin.threshold);
            assertThat(table.firstRecord(entry)).isEqualTo(twin.firstRecord);
            assertThat(table.lastRecord(entry)).isEqualTo(twin.lastRecord);
            for (int index = 0; index < SUMMARY_LONGS; index++) {
                assertThat(table.summary(entry, index)).isEqualTo(twin.summary[index]);
            }
        }

        void checkList(int list) {
            List<Integer> order = new ArrayList<>();
            for (int entry = lists[list].first(); entry != TraceTable.NONE; entry = lists[list].next(entry)) {
                order.add(entry);
                assertThat(lists[list].contains(entry)).isTrue();
            }
            List<Twin> expected = listTwins.get(list);
            assertThat(order)
                    .isEqualTo(expected.stream().map(twin -> twin.entry).toList());
            assertThat(lists[list].size()).isEqualTo(expected.size());
            assertThat(lists[list].firstDeadlineNanos())
                    .isEqualTo(expected.isEmpty() ? DeadlineList.NEVER : expected.get(0).deadline);
            boolean due = !expected.isEmpty() && expected.get(0).deadline <= now;
            assertThat(lists[list].firstDue(now)).isEqualTo(due ? expected.get(0).entry : TraceTable.NONE);
        }
    }

    @Test
    void theTableAndItsListsEqualAHashMapAndArrayLists() {
        boolean everFull = false;
        for (int round = 0; round < ROUNDS; round++) {
            long budgetBytes = round % 3 == 0 ? 180_000 : 10_000_000;
            History history = new History(Seeds.random(TraceTablePropertyTest.class, "history", round), budgetBytes);
            for (int step = 0; step < STEPS; step++) {
                try {
                    history.step(step);
                    if (step % CHECK_EVERY == 0) {
                        history.check();
                    }
                } catch (RuntimeException | AssertionError e) {
                    throw new AssertionError(repeat(round, step) + ": " + e.getMessage(), e);
                }
            }
            while (!history.ids.isEmpty()) {
                history.remove(history.ids.size() - 1);
            }
            history.check();
            history.table.close();
            assertThat(history.budget.usedBytes()).as(repeat(round, STEPS)).isZero();
            everFull |= history.everFull;
        }
        assertThat(everFull).as("some history fills the budget").isTrue();
    }

    private static String repeat(int round, int step) {
        return "step " + step + ", " + Seeds.repeat(TraceTablePropertyTest.class, round);
    }
}
