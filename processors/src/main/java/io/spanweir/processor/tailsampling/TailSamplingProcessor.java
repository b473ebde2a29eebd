package io.spanweir.processor.tailsampling;

import io.spanweir.component.Processor;
import io.spanweir.component.ProcessorContext;
import io.spanweir.data.BatchPart;
import io.spanweir.data.ItemCursor;
import io.spanweir.data.TraceId;
import io.spanweir.memory.HeldGroups;
import io.spanweir.memory.HeldMemory;
import io.spanweir.memory.Pressure;
import io.spanweir.time.Timer;
import io.spanweir.trace.DecisionCache;
import io.spanweir.trace.TraceTable;
import java.util.SplittableRandom;

/**
 * Holds spans until their trace is decided, on one lane. Threading: lane.
 *
 * <p>A run of spans is copied into held memory, observed there, and forgotten by the caller. A trace is decided when its wait
 * ends, or earlier when {@code num_traces} or memory ask for room, the oldest first. Sampled traces leave in the order of
 * their decisions while the destinations have room; without room they stay, so that nothing sampled is lost and memory fills
 * until receivers refuse. Spans of a trace that is decided follow its decision. Each step of work is bounded.
 */
final class TailSamplingProcessor implements Processor {
    /** Beyond as many as have come since the last turn: what is due must go faster than traces come. */
    private static final int DECISIONS_PER_STEP = 256;

    private static final int DECISIONS_FOR_ROOM = 8;
    private static final int ATTEMPTS_FOR_ROOM = 16;
    private static final int TRACES_PER_PART = 64;
    private static final long PART_LENGTH_BYTES = 512 * 1024;
    /** Longest time from one look at deadlines to the next, and its share of the wait; the collector's is 1 s. */
    private static final long TICK_NANOS_MAX = 250_000_000;

    private static final int TICKS_PER_WAIT = 40;

    /** How soon to look again when the destinations had no room. */
    private static final long RETRY_NANOS = 5_000_000;

    private final ProcessorContext context;
    private final TailSamplingConfig config;
    private final int numTraces;
    private final boolean waitsAfterRoot;
    private final long tickNanos;
    private final TailSamplingCounters counters;
    private final Policies policies;
    private final HeldGroups groups;
    private final InternedGroups interned;
    private final TraceStore store;
    private final TraceTable table;
    private final SpanObserver observer;
    private final TraceSummary summary;
    private final OutgoingPart out;
    private final LateSpans late;
    private final ItemCursor cursor = new ItemCursor();
    private final Timer timer;
    private long expiredNanos = Long.MIN_VALUE / 2;
    /** The last look at deadlines ended at its bound: there may be more that is due. */
    private boolean stepWasFull;

    /** Traces that came since the last turn. */
    private int begun;

    private int stepMax = DECISIONS_PER_STEP;

    private final Pressure.OldestArrival oldestArrival;
    private final int[] leaving = new int[TRACES_PER_PART];
    private int leavingCount;
    private boolean blocked;

    TailSamplingProcessor(TailSamplingConfig config, SharedBuckets buckets, ProcessorContext context) {
        this.context = context;
        this.config = config;
        this.numTraces = TraceStore.share(config.numTraces(), context.laneCount());
        this.waitsAfterRoot = !config.decisionWaitAfterRoot().isZero();
        long waitNanos = waitsAfterRoot
                ? Math.min(
                        config.decisionWait().toNanos(),
                        config.decisionWaitAfterRoot().toNanos())
                : config.decisionWait().toNanos();
        this.tickNanos = Math.min(TICK_NANOS_MAX, waitNanos / TICKS_PER_WAIT);
        this.counters = new TailSamplingCounters(context.metrics());
        PolicyCompiler compiler =
                new PolicyCompiler(buckets, context.pipeline(), context.clock().nanos());
        String name = context.id().name();
        this.policies = new Policies(
                config.policies(),
                config.sampleOnFirstMatch(),
                compiler,
                context.metrics(),
                name.isEmpty() ? "" : name + ".");
        SplittableRandom random = context.random();
        Facts facts = compiler.facts();
        this.table = new TraceTable(context.memory().tables(), TraceSummary.BITS + facts.bitWords(), random.nextLong());
        this.observer = new SpanObserver(facts, table);
        this.summary = new TraceSummary(table);
        this.groups = new HeldGroups(context.memory().tables(), random.nextLong());
        this.interned = new InternedGroups(groups, observer, random.nextLong());
        this.store = new TraceStore(config, context.memory(), groups, table, context.laneCount(), random);
        ThresholdWriter thresholds = new ThresholdWriter(counters);
        this.out = new OutgoingPart(context.next(), thresholds, policies.byChance());
        this.late = new LateSpans(new OutgoingPart(context.next(), thresholds, policies.byChance()));
        this.oldestArrival = context.memory().pressure().join();
        this.timer = context.timers().timer(this::expire);
    }

    @Override
    public void accept(BatchPart part) {
        long now = context.clock().nanos();
        counters.received.add(part.itemCount());
        interned.begin(part);
        late.begin(part);
        try {
            int element = 0;
            for (int run = 0; run < part.runCount(); run++) {
                take(part, run, element, now);
                element += part.runElementCount(run);
            }
            late.send();
        } finally {
            observer.release();
            interned.end();
        }
        schedule(now);
    }

    @Override
    public int turn() {
        long now = context.clock().nanos();
        stepMax = DECISIONS_PER_STEP + begun;
        begun = 0;
        Pressure pressure = context.memory().pressure();
        long position = pressure.positionNanos();
        int done = 0;
        for (int entry; done < stepMax && (entry = store.oldestBefore(position)) != TraceStore.NONE; ) {
            decide(entry, Trigger.MEMORY, now);
            done++;
        }
        done += leave();
        oldestArrival.publish(store.oldestArrivalNanos());
        done += store.compact() > 0 ? 1 : 0;
        schedule(now);
        return done;
    }

    @Override
    public boolean drain() {
        long now = context.clock().nanos();
        int done = 0;
        for (int entry; done < stepMax && (entry = store.oldest()) != TraceStore.NONE; done++) {
            if (config.dropPendingTracesOnShutdown()) {
                store.stopWaiting(entry);
                abandon(entry, Outcome.SHUTDOWN);
            } else {
                decide(entry, Trigger.SHUTDOWN, now);
            }
        }
        leave();
        schedule(now);
        if (table.traceCount() > 0) {
            return false;
        }
        close();
        return true;
    }

    @Override
    public void abandon() {
        for (int entry = store.oldest(); entry != TraceStore.NONE; entry = store.oldest()) {
            store.stopWaiting(entry);
            abandon(entry, Outcome.SHUTDOWN);
        }
        for (int entry = store.firstToLeave(); entry != TraceStore.NONE; entry = store.firstToLeave()) {
            store.takeFromOutbox(entry);
            abandon(entry, Outcome.SHUTDOWN);
        }
        close();
    }

    private void close() {
        interned.close();
        store.close();
        oldestArrival.close();
    }

    /** Takes one run, deciding the oldest traces early where it needs the room. */
    private void take(BatchPart part, int run, int element, long now) {
        int idAt = part.runTraceIdOffset(run);
        byte[] bytes = part.runBytes(run);
        long high = idAt == BatchPart.NO_TRACE_ID ? 0 : TraceId.high(bytes, idAt);
        long low = idAt == BatchPart.NO_TRACE_ID ? 0 : TraceId.low(bytes, idAt);
        for (int attempt = 0; attempt < ATTEMPTS_FOR_ROOM; attempt++) {
            if (tryTake(part, run, element, high, low, now)) {
                return;
            }
            if (!makeRoom(now)) {
                break;
            }
        }
        counters.finished(Outcome.MEMORY_FULL, part.runItemCount(run));
        int entry = store.find(high, low);
        if (entry != TraceStore.NONE && table.itemCount(entry) == 0) {
            forgetEmpty(entry);
        } else if (entry == TraceStore.NONE) {
            counters.droppedTooEarly.increment();
        }
    }

    /** False when memory is full. */
    private boolean tryTake(BatchPart part, int run, int element, long high, long low, long now) {
        int entry = store.find(high, low);
        if (entry == TraceStore.NONE) {
            int before = store.sampledBefore().find(high, low);
            if (before != DecisionCache.NONE) {
                return takeLate(part, run, element, before, high, low, now);
            }
            before = store.notSampledBefore().find(high, low);
            if (before != DecisionCache.NONE) {
                boolean dropped = store.notSampledBefore().kind(before) == DecisionCache.KIND_DROPPED;
                counters.late(false, part.runItemCount(run));
                counters.finished(dropped ? Outcome.DROPPED : Outcome.NOT_SAMPLED, part.runItemCount(run));
                return true;
            }
            entry = begin(high, low, now);
            if (entry == TraceStore.FULL) {
                return false;
            }
        }
        return append(entry, part, run, element, now);
    }

    private int begin(long high, long low, long now) {
        while (store.undecidedCount() >= numTraces) {
            decide(store.oldest(), Trigger.COUNT, now);
        }
        int entry = store.begin(high, low, now);
        if (entry != TraceStore.FULL) {
            counters.newTraces.increment();
            begun++;
        }
        return entry;
    }

    private boolean append(int entry, BatchPart part, int run, int element, long now) {
        int group = interned.idOf(part, part.runGroup(run));
        if (group == InternedGroups.FULL) {
            return false;
        }
        boolean sampled = store.isSampled(entry);
        int envelope = interned.lengthBytes(group);
        if (!sampled && tooLarge(entry, part.runLength(run) + envelope)) {
            refuseLarge(entry, part.runItemCount(run));
            return true;
        }
        int record = store.append(entry, part, run, element, group, envelope);
        if (record == TraceStore.FULL) {
            return false;
        }
        if (sampled) {
            counters.lateSpanAgeSeconds.record((now - table.deadlineNanos(entry)) * 1e-9);
        } else {
            observe(entry, record, group, now);
        }
        return true;
    }

    /** Spans of a trace that was sampled and is gone: at once if the destinations have room, else it waits for it. */
    private boolean takeLate(BatchPart part, int run, int element, int before, long high, long low, long now) {
        long vote = store.sampledBefore().threshold(before);
        short policy = store.sampledBefore().policy(before);
        int spanCount = part.runItemCount(run);
        if (!blocked && context.downstreamReady(late.lengthBytes() + part.runLength(run))) {
            late.add(part, run, element, vote);
            counters.late(true, spanCount);
            counters.finished(Outcome.SAMPLED, spanCount);
            return true;
        }
        int entry = store.beginSampled(high, low, now, policy, vote);
        if (entry == TraceStore.FULL || !append(entry, part, run, element, now)) {
            return false;
        }
        begun++;
        counters.late(true, spanCount);
        return true;
    }

    private void observe(int entry, int firstRecord, int group, long now) {
        HeldMemory held = store.held();
        observer.begin(entry, interned.bits(), interned.bitsIndex(group));
        for (int record = firstRecord; record != HeldMemory.NONE; record = held.next(record)) {
            byte[] bytes = held.bytes(record);
            cursor.wrap(bytes, held.payloadOffset(record), held.payloadLength(record));
            while (cursor.next()) {
                observer.span(bytes, cursor.offset(), cursor.length());
            }
        }
        observer.end(entry);
        if (waitsAfterRoot && observer.rootSeen()) {
            store.rootReceived(entry, now);
        }
    }

    private boolean tooLarge(int entry, int moreBytes) {
        return config.maximumTraceSizeBytes() > 0
                && table.heldBytes(entry) + moreBytes > config.maximumTraceSizeBytes();
    }

    private void refuseLarge(int entry, int moreSpans) {
        counters.tooLarge.increment();
        counters.decided(Trigger.SIZE, Decision.NOT_SAMPLED);
        counters.finished(Outcome.TRACE_TOO_LARGE, table.itemCount(entry) + moreSpans);
        store.stopWaiting(entry);
        store.remember(entry, Decision.NOT_SAMPLED, Policies.NO_POLICY, Vote.NOT_SAMPLED);
        end(entry);
    }

    /** Decides some of the oldest traces and lets go what may go. False when that gained nothing. */
    private boolean makeRoom(long now) {
        int done = 0;
        for (int entry; done < DECISIONS_FOR_ROOM && (entry = store.oldest()) != TraceStore.NONE; done++) {
            if (table.itemCount(entry) == 0) {
                break; // the one that needs the room
            }
            decide(entry, Trigger.MEMORY, now);
        }
        interned.close();
        return leave() + done > 0;
    }

    private void forgetEmpty(int entry) {
        if (store.isSampled(entry)) {
            store.takeFromOutbox(entry);
        } else {
            counters.droppedTooEarly.increment();
            store.stopWaiting(entry);
        }
        store.end(entry);
    }

    private void abandon(int entry, Outcome outcome) {
        counters.droppedTooEarly.increment();
        counters.finished(outcome, table.itemCount(entry));
        end(entry);
    }

    private void expire() {
        long now = context.clock().nanos();
        expiredNanos = now;
        int done = 0;
        for (int entry; done < stepMax && (entry = store.due(now)) != TraceStore.NONE; done++) {
            counters.decisionDelayMillis.record((now - table.deadlineNanos(entry)) * 1e-6);
            decide(entry, store.waitsAfterRoot(entry) ? Trigger.ROOT : Trigger.TIMEOUT, now);
        }
        stepWasFull = done == stepMax;
        leave();
        schedule(now, now + 1); // what is still due goes on in the next turn
    }

    private void decide(int entry, Trigger trigger, long now) {
        Decision decision = policies.decide(summary.wrap(entry, now));
        counters.decided(trigger, decision);
        store.stopWaiting(entry);
        if (decision == Decision.SAMPLED) {
            store.toOutbox(entry, policies.policy(), policies.vote(), now);
        } else {
            Outcome outcome = decision == Decision.DROPPED ? Outcome.DROPPED : Outcome.NOT_SAMPLED;
            counters.finished(outcome, table.itemCount(entry));
            store.remember(entry, decision, policies.policy(), Vote.NOT_SAMPLED);
            end(entry);
        }
    }

    private void end(int entry) {
        counters.removalAgeSeconds.record((context.clock().nanos() - table.firstArrivalNanos(entry)) * 1e-9);
        store.end(entry);
    }

    /** Hands sampled traces on while there is room. Returns how many went wholly. */
    private int leave() {
        blocked = false;
        int left = 0;
        for (int entry; left < stepMax && (entry = store.firstToLeave()) != TraceStore.NONE; left++) {
            if (!add(entry)) {
                break;
            }
            if (leavingCount == TRACES_PER_PART) {
                send(TraceStore.NONE, HeldMemory.NONE);
            }
        }
        send(TraceStore.NONE, HeldMemory.NONE);
        return left;
    }

    /** Adds a trace to what leaves; in pieces when it is long, so that no trace is longer than what a destination can take. */
    private boolean add(int entry) {
        HeldMemory held = store.held();
        boolean hasId = (table.idHigh(entry) | table.idLow(entry)) != 0;
        long vote = table.threshold(entry);
        for (int record = table.firstRecord(entry); record != HeldMemory.NONE; record = held.next(record)) {
            int length = held.payloadLength(record);
            if (out.lengthBytes() >= PART_LENGTH_BYTES || !ready(length)) {
                send(entry, record);
                if (!ready(length)) {
                    blocked = true;
                    return false;
                }
            }
            if (out.isEmpty()) {
                interned.beginOut();
            }
            byte[] bytes = held.bytes(record);
            int offset = held.payloadOffset(record);
            int traceIdOffset = hasId ? out.traceIdOffset(bytes, offset, length) : BatchPart.NO_TRACE_ID;
            int group = interned.groupIn(out.part(), held.group(record));
            out.addRun(group, bytes, offset, length, held.itemCount(record), traceIdOffset, vote);
        }
        store.takeFromOutbox(entry);
        leaving[leavingCount++] = entry;
        return true;
    }

    private boolean ready(int moreBytes) {
        // A single span may be longer than what any destination has room for; it must not stop all others.
        return context.downstreamReady(out.lengthBytes() + Math.min(moreBytes, TraceStore.RECORD_LENGTH_MAX));
    }

    /**
     * Hands on what was added. Whatever the next consumer does, it has the spans now.
     *
     * @param entry a trace of which a part was added, or {@link TraceStore#NONE}
     * @param kept its first record that was not
     */
    private void send(int entry, int kept) {
        if (out.isEmpty()) {
            endLeaving();
            return;
        }
        try {
            out.send();
        } finally {
            endLeaving();
            if (entry != TraceStore.NONE) {
                counters.finished(Outcome.SAMPLED, store.freeRecordsBefore(entry, kept));
            }
        }
    }

    private void endLeaving() {
        for (int i = 0; i < leavingCount; i++) {
            int entry = leaving[i];
            counters.finished(Outcome.SAMPLED, table.itemCount(entry));
            store.remember(entry, Decision.SAMPLED, table.policy(entry), table.threshold(entry));
            end(entry);
        }
        leavingCount = 0;
    }

    /**
     * Deadlines that are close to each other share a turn and a request: to wake a lane and to send a request cost more than
     * many decisions. So a deadline that has passed still waits for the tick, whatever arrives meanwhile.
     */
    private void schedule(long now) {
        // Not later than due, however late that is: entries in every turn would push the timer before themselves.
        schedule(now, Long.MIN_VALUE);
    }

    private void schedule(long now, long earliest) {
        counters.tracesOnMemory(table.traceCount());
        long deadline = store.firstDeadlineNanos();
        if (deadline != Long.MAX_VALUE && !stepWasFull) {
            deadline = Math.max(deadline, expiredNanos + tickNanos);
        }
        if (store.firstToLeave() != TraceStore.NONE) {
            deadline = Math.min(deadline, now + (blocked ? RETRY_NANOS : 1));
        }
        if (deadline == Long.MAX_VALUE) {
            context.timers().cancel(timer);
        } else {
            context.timers().schedule(timer, Math.max(deadline, earliest));
        }
    }
}
