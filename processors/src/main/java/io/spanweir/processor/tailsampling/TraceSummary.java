package io.spanweir.processor.tailsampling;

import io.spanweir.sampling.Randomness;
import io.spanweir.trace.TraceTable;

/**
 * What is known of one trace at its decision: a cursor over an entry of the trace table. Nothing in it depends on the order in
 * which spans arrived. Threading: lane.
 *
 * <pre>
 * summary longs:  0 earliest start   1 latest end   2 stated randomness + 1   3.. bits of the span tests
 * </pre>
 *
 * Times are those of the spans, Unix nanoseconds; 0 stands for none.
 */
final class TraceSummary {
    static final int EARLIEST_START = 0;
    static final int LATEST_END = 1;
    static final int STATED_RANDOMNESS = 2;
    static final int BITS = 3;

    private final TraceTable table;
    private int entry = TraceTable.NONE;
    private long nowNanos;

    TraceSummary(TraceTable table) {
        this.table = table;
    }

    TraceSummary wrap(int entry, long nowNanos) {
        this.entry = entry;
        this.nowNanos = nowNanos;
        return this;
    }

    /** Whether some span or resource of the trace passed the test of that bit. */
    boolean has(int bit) {
        return (table.summary(entry, BITS + (bit >>> 6)) >>> bit & 1) != 0;
    }

    int spanCount() {
        return table.itemCount(entry);
    }

    /** Bytes of the spans and of what encloses each piece that was received. */
    long lengthBytes() {
        return table.heldBytes(entry);
    }

    /** Latest end minus earliest start, in whole milliseconds; negative when clocks disagree, 0 when no times are known. */
    long durationMillis() {
        long start = table.summary(entry, EARLIEST_START);
        long end = table.summary(entry, LATEST_END);
        return start == 0 || end == 0 ? 0 : (end - start) / 1_000_000;
    }

    /** 56 bits: the smallest {@code rv} that a span stated, else of the trace id. */
    long randomness() {
        long stated = table.summary(entry, STATED_RANDOMNESS);
        return stated == 0 ? Randomness.ofTraceIdLow(table.idLow(entry)) : stated - 1;
    }

    long idHigh() {
        return table.idHigh(entry);
    }

    long idLow() {
        return table.idLow(entry);
    }

    /** Monotonic. */
    long nowNanos() {
        return nowNanos;
    }
}
