package io.spanweir.memory;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Counts the bytes that the calling thread allocates. */
public final class Allocations {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int REPEATS = 100_000;
    private static final int ATTEMPTS = 5;

    private Allocations() {}

    /**
     * Bytes of 100,000 calls after as many to warm up; the least of five attempts, because a compilation or a class load of
     * the JVM may fall into one.
     */
    public static long bytesOf(Runnable operation) {
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt <= ATTEMPTS && least > 0; attempt++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < REPEATS; i++) {
                operation.run();
            }
            long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
            least = attempt == 0 ? least : Math.min(least, bytes);
        }
        return least;
    }
}
