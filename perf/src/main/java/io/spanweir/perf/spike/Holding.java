package io.spanweir.perf.spike;

import io.spanweir.memory.Budget;
import io.spanweir.memory.HeldGroups;
import io.spanweir.memory.HeldMemory;
import io.spanweir.memory.HeldPool;
import io.spanweir.memory.Relocation;
import io.spanweir.memory.TransitAppender;
import io.spanweir.memory.TransitMemory;
import io.spanweir.memory.TransitRegion;
import io.spanweir.trace.DeadlineList;
import io.spanweir.trace.TraceTable;
import io.spanweir.wire.OtlpIndex;
import io.spanweir.wire.OtlpLimits;
import io.spanweir.wire.OtlpScanner;
import io.spanweir.wire.Signal;

/**
 * The way of a span from the socket's bytes to the end of its wait, on one thread: transit, scan, trace table, holding,
 * discard. Time is counted by spans, so that every variant holds the same traces. Threading: one thread.
 */
final class Holding {
    /** What happens to the runs of a request. */
    enum Variant {
        /** Nothing waits: the cost of receiving and scanning alone. */
        DISCARD,
        /** Runs are copied into the lane's segments. */
        COPY,
        /** Runs stay in the segments they were received in. */
        REFERENCE
    }

    private static final long BUDGET_BYTES = 8L << 30;
    private static final long NANOS_PER_SPAN = 10_000;
    private static final long STRAGGLER_WAIT_NANOS = Long.MAX_VALUE / 4;

    private final Variant variant;
    private final Budget transitBudget = new Budget("transit", BUDGET_BYTES);
    private final Budget heldBudget = new Budget("held", BUDGET_BYTES);
    private final Budget tables = new Budget("tables", BUDGET_BYTES);
    private final TransitAppender appender;
    private final OtlpScanner scanner = new OtlpScanner(OtlpLimits.DEFAULTS);
    private final HeldGroups groups = new HeldGroups(tables, 1);
    private final HeldMemory copies;
    private final ReferenceHeld references = new ReferenceHeld();
    private final TraceTable traces = new TraceTable(tables, 2, 1);
    private final DeadlineList waiting;
    private final DeadlineList stragglers = new DeadlineList(traces, 1, STRAGGLER_WAIT_NANOS);
    private final Relocation relocation = traces::recordMoved;
    private final int stragglerEvery;
    private long traceCount;
    private long nowNanos;

    /**
     * @param waitTraces how many traces of seven spans wait at a time
     * @param stragglerEvery one trace of so many waits for ever; 0 for none
     */
    Holding(Variant variant, int segmentLengthBytes, int waitTraces, int stragglerEvery) {
        this.variant = variant;
        this.stragglerEvery = stragglerEvery;
        appender = new TransitMemory(transitBudget, segmentLengthBytes).appender();
        copies = new HeldMemory(new HeldPool(heldBudget, segmentLengthBytes), groups);
        waiting = new DeadlineList(traces, 0, waitTraces * 7L * NANOS_PER_SPAN);
    }

    void take(byte[] request, int spanCount) {
        TransitRegion region = appender.reserve(request.length);
        if (region == null) {
            throw new IllegalStateException("transit memory is full");
        }
        System.arraycopy(request, 0, region.bytes(), region.offset(), request.length);
        int items = scanner.scan(Signal.TRACES, region.bytes(), region.offset(), request.length);
        if (items != spanCount) {
            throw new IllegalStateException(scanner.problem());
        }
        nowNanos += items * NANOS_PER_SPAN;
        if (variant != Variant.DISCARD) {
            holdRuns(region);
            decideDue();
        }
        region.release();
    }

    private void holdRuns(TransitRegion region) {
        OtlpIndex index = scanner.index();
        byte[] bytes = region.bytes();
        int group = -1;
        int heldGroup = HeldGroups.NONE;
        for (int run = 0; run < index.runCount(); run++) {
            if (variant == Variant.COPY && index.runGroup(run) != group) {
                releaseGroup(heldGroup);
                group = index.runGroup(run);
                heldGroup = intern(index, group, bytes);
            }
            int idAt = index.runTraceIdOffset(run);
            long high = io.spanweir.data.TraceId.high(bytes, idAt);
            long low = io.spanweir.data.TraceId.low(bytes, idAt);
            int entry = traces.find(high, low);
            if (entry == TraceTable.NONE) {
                entry = traces.insert(high, low, nowNanos);
                boolean straggler = stragglerEvery > 0 && traceCount++ % stragglerEvery == 0;
                (straggler ? stragglers : waiting).append(entry, nowNanos);
            }
            hold(entry, region, index, run, heldGroup);
        }
        releaseGroup(heldGroup);
    }

    private void hold(int entry, TransitRegion region, OtlpIndex index, int run, int heldGroup) {
        int last = traces.lastRecord(entry);
        int offset = index.runOffset(run);
        int length = index.runLength(run);
        int record = variant == Variant.COPY
                ? copies.append(entry, last, heldGroup, index.runItemCount(run), region.bytes(), offset, length)
                : references.hold(last, region, index.runGroup(run), offset, length);
        if (record < 0) {
            throw new IllegalStateException("held memory is full");
        }
        if (last == TraceTable.NO_RECORD) {
            traces.setFirstRecord(entry, record);
        }
        traces.setLastRecord(entry, record);
        traces.setItemCount(entry, traces.itemCount(entry) + index.runItemCount(run));
    }

    private int intern(OtlpIndex index, int group, byte[] bytes) {
        groups.part(
                HeldGroups.RESOURCE_PREFIX,
                bytes,
                index.resourcePrefixOffset(group),
                index.resourcePrefixLength(group));
        groups.part(
                HeldGroups.RESOURCE_SUFFIX,
                bytes,
                index.resourceSuffixOffset(group),
                index.resourceSuffixLength(group));
        groups.part(HeldGroups.SCOPE_PREFIX, bytes, index.scopePrefixOffset(group), index.scopePrefixLength(group));
        groups.part(HeldGroups.SCOPE_SUFFIX, bytes, index.scopeSuffixOffset(group), index.scopeSuffixLength(group));
        return groups.intern();
    }

    private void releaseGroup(int heldGroup) {
        if (heldGroup != HeldGroups.NONE) {
            groups.release(heldGroup);
        }
    }

    private void decideDue() {
        for (int entry = waiting.firstDue(nowNanos); entry != TraceTable.NONE; entry = waiting.firstDue(nowNanos)) {
            waiting.remove(entry);
            int first = traces.firstRecord(entry);
            if (variant == Variant.COPY) {
                copies.freeChain(first);
            } else {
                references.freeChain(first);
            }
            traces.setFirstRecord(entry, TraceTable.NO_RECORD);
            traces.setLastRecord(entry, TraceTable.NO_RECORD);
            traces.remove(entry);
        }
    }

    /** Lets the wait of all but the stragglers pass. */
    void passWait() {
        nowNanos += waiting.waitNanos() + 1;
        decideDue();
        appender.seal();
    }

    /** Moves what is left together until there is nothing worth moving. Returns the bytes moved or looked at. */
    long compact() {
        long work = 0;
        int done;
        do {
            done = copies.compact(64 << 10, relocation);
            work += done;
        } while (done > 0);
        return work;
    }

    /** Bytes of the segments that are not free. */
    long pinnedBytes() {
        return transitBudget.usedBytes() + heldBudget.usedBytes();
    }

    /** Bytes of the runs that wait. */
    long liveBytes() {
        return variant == Variant.COPY ? copies.liveBytes() : references.liveBytes();
    }
}
