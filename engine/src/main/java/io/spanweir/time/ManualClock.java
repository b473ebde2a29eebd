package io.spanweir.time;

import java.time.Duration;

/** A clock that moves only when told. Threading: one writer, any reader. */
public final class ManualClock implements Clock {
    private static final long ORIGIN_UNIX_NANOS = 1_700_000_000_000_000_000L;

    private volatile long nanos;

    /** Starts at 0 ns monotonic, 2023-11-14T22:13:20Z. */
    public ManualClock() {}

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public long unixNanos() {
        return ORIGIN_UNIX_NANOS + nanos;
    }

    public void advance(Duration duration) {
        advanceNanos(duration.toNanos());
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    public void advanceNanos(long nanosLater) {
        if (nanosLater < 0) {
            throw new IllegalArgumentException("time does not go back: " + nanosLater);
        }
        nanos = nanos + nanosLater;
    }
}
