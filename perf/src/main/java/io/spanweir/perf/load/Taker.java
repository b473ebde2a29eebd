package io.spanweir.perf.load;

import io.spanweir.memory.Budget;
import io.spanweir.memory.TransitAppender;
import io.spanweir.memory.TransitMemory;
import io.spanweir.memory.TransitRegion;
import io.spanweir.wire.OtlpLimits;
import io.spanweir.wire.OtlpScanner;
import io.spanweir.wire.Signal;

/**
 * The end of a server that only receives: the message goes into a transit segment, is scanned, counted and forgotten.
 * Threading: one event loop; the counts from any thread.
 */
public final class Taker {
    private static final long BUDGET_BYTES = 256L << 20;
    private static final int SEGMENT_BYTES = 1 << 20;

    private final TransitAppender appender =
            new TransitMemory(new Budget("transit", BUDGET_BYTES), SEGMENT_BYTES).appender();
    private final OtlpScanner scanner = new OtlpScanner(OtlpLimits.DEFAULTS);
    private volatile long requestCount;
    private volatile long spanCount;
    private volatile long threadId;

    /** Room for a message of that length. */
    public TransitRegion reserve(int lengthBytes) {
        TransitRegion region = appender.reserve(lengthBytes);
        if (region == null) {
            throw new IllegalStateException("transit memory is full");
        }
        return region;
    }

    /** The message is in the region, which is no longer the caller's. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    public void take(TransitRegion region) {
        int spans = scanner.scan(Signal.TRACES, region.bytes(), region.offset(), region.lengthBytes());
        if (spans < 0) {
            throw new IllegalStateException(scanner.problem());
        }
        region.release();
        threadId = Thread.currentThread().getId();
        requestCount++;
        spanCount += spans;
    }

    public long requestCount() {
        return requestCount;
    }

    public long spanCount() {
        return spanCount;
    }

    /** The thread that took the last message. */
    public long threadId() {
        return threadId;
    }
}
