package io.spanweir.net;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How often one kind of line is logged at most: for what a peer can bring about as often as it likes. Threading: any thread.
 */
public final class LogInterval {
    /** What {@link #leftOut} answers when it is too early for another line. */
    public static final long NOT_YET = -1;

    private static final long INTERVAL_NANOS = Duration.ofSeconds(10).toNanos();

    private final AtomicLong nextNanos = new AtomicLong(System.nanoTime());
    private final AtomicLong leftOut = new AtomicLong();

    /** How many lines were left out since the last when one may be logged now; {@link #NOT_YET} when it may not. */
    public long leftOut() {
        long nowNanos = System.nanoTime();
        long next = nextNanos.get();
        if (nowNanos - next < 0 || !nextNanos.compareAndSet(next, nowNanos + INTERVAL_NANOS)) {
            leftOut.incrementAndGet();
            return NOT_YET;
        }
        return leftOut.getAndSet(0);
    }
}
