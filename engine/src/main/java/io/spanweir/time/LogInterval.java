package io.spanweir.time;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * How often one kind of line is logged at most, once in ten seconds: for what others can bring about as often as they like.
 * Threading: any thread.
 */
public final class LogInterval {
    /** What {@link #leftOut} answers when it is too early for another line. */
    public static final long NOT_YET = -1;

    private static final long INTERVAL_NANOS = Duration.ofSeconds(10).toNanos();

    private final LongSupplier clock;
    private final AtomicLong nextNanos;
    private final AtomicLong leftOut = new AtomicLong();

    /** @param clock monotonic nanoseconds */
    public LogInterval(LongSupplier clock) {
        this.clock = clock;
        this.nextNanos = new AtomicLong(clock.getAsLong());
    }

    /** How many lines were left out since the last when one may be logged now; {@link #NOT_YET} when it may not. */
    public long leftOut() {
        long nowNanos = clock.getAsLong();
        long next = nextNanos.get();
        if (nowNanos - next < 0 || !nextNanos.compareAndSet(next, nowNanos + INTERVAL_NANOS)) {
            leftOut.incrementAndGet();
            return NOT_YET;
        }
        return leftOut.getAndSet(0);
    }
}
