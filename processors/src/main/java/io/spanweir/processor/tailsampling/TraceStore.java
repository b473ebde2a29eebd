package io.spanweir.processor.tailsampling;

import io.spanweir.component.LaneMemory;
import io.spanweir.data.BatchPart;
import io.spanweir.data.ItemCursor;
import io.spanweir.data.SplicedRun;
import io.spanweir.memory.HeldGroups;
import io.spanweir.memory.HeldMemory;
import io.spanweir.memory.Relocation;
import io.spanweir.trace.ArrivalList;
import io.spanweir.trace.DeadlineList;
import io.spanweir.trace.DecisionCache;
import io.spanweir.trace.TraceTable;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * The traces of one lane: those that wait for their decision, those that were sampled and wait for room downstream, and what
 * was decided of those that are gone. Threading: lane.
 *
 * <pre>
 *                    ┌─ waiting (decision_wait) ───────┐  sampled
 *   first span ────► │                                 ├──────────► outbox ──► gone, remembered as sampled
 *                    └─ afterRoot, once a root came ───┘
 *                      both are undecided               not sampled
 *                                                      └──────────► gone, remembered as not sampled
 * </pre>
 */
final class TraceStore {
    static final int NONE = TraceTable.NONE;
    static final int FULL = TraceTable.FULL;

    private static final int SAMPLED_FLAG = 1;
    private static final int COMPACTION_BYTES_PER_TURN = 64 * 1024;
    /** So that what leaves can be handed on in pieces that every destination has room for. */
    static final int RECORD_LENGTH_MAX = 256 * 1024;

    private final LaneMemory memory;
    private final TraceTable table;
    private final ArrivalList undecided;
    private final DeadlineList waiting;
    private final DeadlineList afterRoot;
    private final DeadlineList outbox;
    private final DecisionCache sampled;
    private final DecisionCache notSampled;
    private final HeldMemory held;
    private final Relocation relocation;
    private final ItemCursor cursor = new ItemCursor();

    /** @param laneShare what each of the configured numbers is divided by */
    TraceStore(
            TailSamplingConfig config,
            LaneMemory memory,
            HeldGroups groups,
            TraceTable table,
            int laneShare,
            SplittableRandom random) {
        this.memory = memory;
        this.table = table;
        this.undecided = new ArrivalList(table);
        this.waiting = new DeadlineList(table, 0, config.decisionWait().toNanos());
        this.afterRoot =
                new DeadlineList(table, 1, config.decisionWaitAfterRoot().toNanos());
        this.outbox = new DeadlineList(table, 2, Duration.ZERO.toNanos());
        TailSamplingConfig.DecisionCacheConfig cache = config.decisionCache();
        this.sampled = cache(cache.sampledCacheSize(), config.numTraces(), memory, laneShare, random);
        this.notSampled = cache(cache.nonSampledCacheSize(), config.numTraces(), memory, laneShare, random);
        this.held = new HeldMemory(memory.held(), groups);
        this.relocation = table::recordMoved;
    }

    private static DecisionCache cache(
            int size, int defaultSize, LaneMemory memory, int laneShare, SplittableRandom random) {
        return new DecisionCache(memory.tables(), share(size == 0 ? defaultSize : size, laneShare), random.nextLong());
    }

    /** A lane's share of a number of the engine, rounded up. */
    static int share(int number, int laneShare) {
        return (int) (((long) number + laneShare - 1) / laneShare);
    }

    TraceTable table() {
        return table;
    }

    HeldMemory held() {
        return held;
    }

    int find(long idHigh, long idLow) {
        return table.find(idHigh, idLow);
    }

    /** A new trace that waits for its decision, or {@link #FULL}. */
    int begin(long idHigh, long idLow, long nowNanos) {
        int entry = table.insert(idHigh, idLow, nowNanos);
        if (entry != FULL) {
            undecided.append(entry);
            waiting.append(entry, nowNanos);
        }
        return entry;
    }

    /** A trace that was sampled before and of which more has come, or {@link #FULL}. */
    int beginSampled(long idHigh, long idLow, long nowNanos, int policy, long vote) {
        int entry = table.insert(idHigh, idLow, nowNanos);
        if (entry != FULL) {
            toOutbox(entry, policy, vote, nowNanos);
        }
        return entry;
    }

    boolean isSampled(int entry) {
        return (table.flags(entry) & SAMPLED_FLAG) != 0;
    }

    /**
     * Copies a run to the end of the trace, edits spliced in; a long one in several records.
     *
     * @param element the number of the run's first span in the part
     * @param envelopeBytes of the group, counted with the run
     * @return the first record of the run, or {@link #FULL} when memory is full, and then nothing has changed
     */
    int append(int entry, BatchPart part, int run, int element, int group, int envelopeBytes) {
        int last = table.lastRecord(entry);
        int first =
                part.edited() ? appendEdited(entry, part, run, element, group) : appendPieces(entry, part, run, group);
        if (first == FULL) {
            return FULL;
        }
        if (last == TraceTable.NO_RECORD) {
            table.setFirstRecord(entry, first);
        }
        long lengthBytes = envelopeBytes;
        int record = first;
        for (int next = first; next != HeldMemory.NONE; next = held.next(next)) {
            record = next;
            lengthBytes += held.payloadLength(next);
        }
        table.setLastRecord(entry, record);
        table.setItemCount(entry, table.itemCount(entry) + part.runItemCount(run));
        table.setHeldBytes(entry, table.heldBytes(entry) + lengthBytes);
        return first;
    }

    private int appendEdited(int entry, BatchPart part, int run, int element, int group) {
        int length = SplicedRun.length(part, run, element, cursor);
        int record = held.reserve(entry, table.lastRecord(entry), group, part.runItemCount(run), length);
        if (record != HeldMemory.FULL) {
            SplicedRun.write(part, run, element, cursor, held.bytes(record), held.payloadOffset(record));
        }
        return record;
    }

    private int appendPieces(int entry, BatchPart part, int run, int group) {
        byte[] bytes = part.runBytes(run);
        int last = table.lastRecord(entry);
        if (part.runLength(run) <= RECORD_LENGTH_MAX) {
            return held.append(
                    entry, last, group, part.runItemCount(run), bytes, part.runOffset(run), part.runLength(run));
        }
        int first = FULL;
        int from = part.runOffset(run);
        int to = from;
        int spanCount = 0;
        cursor.wrap(part, run);
        for (boolean more = cursor.next(); more; ) {
            to = cursor.position();
            spanCount++;
            more = cursor.next();
            if (more && cursor.position() - from <= RECORD_LENGTH_MAX) {
                continue;
            }
            last = held.append(entry, last, group, spanCount, bytes, from, to - from);
            if (last == HeldMemory.FULL) {
                held.freeChain(first);
                return FULL;
            }
            first = first == FULL ? last : first;
            from = to;
            spanCount = 0;
        }
        return first;
    }

    /** The root has come: it may be decided earlier, never later. */
    void rootReceived(int entry, long nowNanos) {
        if (waiting.contains(entry) && nowNanos + afterRoot.waitNanos() < table.deadlineNanos(entry)) {
            waiting.remove(entry);
            afterRoot.append(entry, nowNanos);
        }
    }

    boolean waitsAfterRoot(int entry) {
        return afterRoot.contains(entry);
    }

    int undecidedCount() {
        return undecided.size();
    }

    /** The undecided trace that came first, or {@link #NONE}. */
    int oldest() {
        return undecided.first();
    }

    /** The undecided trace that came first if that was before a position, or {@link #NONE}. */
    int oldestBefore(long positionNanos) {
        return undecided.firstBefore(positionNanos);
    }

    long oldestArrivalNanos() {
        return undecided.oldestNanos();
    }

    /** An undecided trace whose deadline has come, or {@link #NONE}. */
    int due(long nowNanos) {
        int entry = waiting.firstDue(nowNanos);
        return entry == NONE ? afterRoot.firstDue(nowNanos) : entry;
    }

    long firstDeadlineNanos() {
        return Math.min(waiting.firstDeadlineNanos(), afterRoot.firstDeadlineNanos());
    }

    /** The trace is decided: it waits for nothing any more. */
    void stopWaiting(int entry) {
        undecided.remove(entry);
        if (waiting.contains(entry)) {
            waiting.remove(entry);
        } else {
            afterRoot.remove(entry);
        }
    }

    void toOutbox(int entry, int policy, long vote, long nowNanos) {
        table.setFlags(entry, SAMPLED_FLAG);
        table.setPolicy(entry, policy);
        table.setThreshold(entry, vote);
        outbox.append(entry, nowNanos);
    }

    /** The sampled trace that leaves first, or {@link #NONE}. */
    int firstToLeave() {
        return outbox.first();
    }

    void takeFromOutbox(int entry) {
        outbox.remove(entry);
    }

    /** Frees the records of a trace up to one that stays. Returns the number of spans in them. */
    int freeRecordsBefore(int entry, int kept) {
        int spanCount = 0;
        long lengthBytes = 0;
        for (int record = table.firstRecord(entry); record != kept; ) {
            int next = held.next(record);
            spanCount += held.itemCount(record);
            lengthBytes += held.payloadLength(record);
            held.free(record);
            record = next;
        }
        table.setFirstRecord(entry, kept);
        table.setItemCount(entry, table.itemCount(entry) - spanCount);
        table.setHeldBytes(entry, table.heldBytes(entry) - lengthBytes);
        return spanCount;
    }

    /** Frees a trace that is in no list any more. */
    void end(int entry) {
        held.freeChain(table.firstRecord(entry));
        table.setFirstRecord(entry, TraceTable.NO_RECORD);
        table.setLastRecord(entry, TraceTable.NO_RECORD);
        table.remove(entry);
    }

    void remember(int entry, Decision decision, int policy, long vote) {
        long high = table.idHigh(entry);
        long low = table.idLow(entry);
        switch (decision) {
            case SAMPLED -> sampled.put(high, low, DecisionCache.KIND_SAMPLED, (short) policy, vote);
            case NOT_SAMPLED -> notSampled.put(high, low, DecisionCache.KIND_NOT_SAMPLED, (short) policy, vote);
            case DROPPED -> notSampled.put(high, low, DecisionCache.KIND_DROPPED, (short) policy, vote);
        }
    }

    DecisionCache sampledBefore() {
        return sampled;
    }

    DecisionCache notSampledBefore() {
        return notSampled;
    }

    /** Moves what stragglers keep alive, while waiting data is above its high-water mark. Returns bytes worked on. */
    int compact() {
        held.trim();
        return memory.held().budget().aboveHighWater() ? held.compact(COMPACTION_BYTES_PER_TURN, relocation) : 0;
    }

    /** Gives all memory back; nothing may wait. */
    void close() {
        held.close();
        table.close();
        sampled.close();
        notSampled.close();
    }
}
