package io.spanweir.time;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The machine's clocks. Unix time is monotonic time plus an offset that follows the wall clock by at most 1 ms a second, so
 * that a small step of the wall clock does not make time jump; beyond 10 s it jumps. Threading: any thread.
 */
public final class SystemClock implements Clock {
    private static final long SLEW_NANOS_MAX = 1_000_000;
    private static final long STEP_NANOS = 10_000_000_000L;

    private static final long SLEW_INTERVAL_NANOS = 1_000_000_000L;

    private volatile long offsetNanos = wallNanos() - System.nanoTime();
    private final AtomicLong slewedNanos = new AtomicLong(System.nanoTime());

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public long unixNanos() {
        long now = System.nanoTime();
        long slewed = slewedNanos.get();
        if (now - slewed >= SLEW_INTERVAL_NANOS && slewedNanos.compareAndSet(slewed, now)) {
            slew();
        }
        return now + offsetNanos;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // whoever won the right to slew this second
    private void slew() {
        long error = wallNanos() - System.nanoTime() - offsetNanos;
        long step = Math.abs(error) > STEP_NANOS ? error : Math.max(-SLEW_NANOS_MAX, Math.min(SLEW_NANOS_MAX, error));
        offsetNanos = offsetNanos + step;
    }

    private static long wallNanos() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }
}
