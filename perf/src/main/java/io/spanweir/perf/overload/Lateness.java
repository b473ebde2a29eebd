package io.spanweir.perf.overload;

import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * How late a thread of this process wakes up: what the core of the clients adds to their latencies, the attacker's share of it
 * included. Threading: a thread of its own; one reader.
 */
final class Lateness {
    private static final long INTERVAL_NANOS = 2_000_000;
    private static final int SAMPLES_MAX = 100_000;

    private final long[] samples = new long[SAMPLES_MAX];
    private int count;

    Lateness() {
        Threads.start("lateness", () -> {
            while (!Thread.interrupted()) {
                long due = System.nanoTime() + INTERVAL_NANOS;
                LockSupport.parkNanos(INTERVAL_NANOS);
                sample(System.nanoTime() - due);
            }
        });
    }

    private synchronized void sample(long nanos) {
        if (count < SAMPLES_MAX) {
            samples[count++] = nanos;
        }
    }

    /** The 99th percentile since the last call in milliseconds. */
    synchronized double phase() {
        long[] sorted = Arrays.copyOf(samples, count);
        Arrays.sort(sorted);
        count = 0;
        return sorted.length == 0 ? Double.NaN : sorted[(int) (sorted.length * 0.99)] / 1e6;
    }
}
