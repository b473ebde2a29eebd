package io.spanweir.perf.load;

/**
 * Counts of durations in classes that are at most 1/128 of their value wide: 0 ns to 290 years. Threading: one thread.
 */
public final class LatencyHistogram {
    private static final int PRECISION_BITS = 7;
    private static final int CLASSES_PER_POWER = 1 << PRECISION_BITS;

    private final long[] counts = new long[(Long.SIZE - PRECISION_BITS) * CLASSES_PER_POWER];
    private long count;
    private long maxNanos;

    /** Negative durations count as 0. */
    public void record(long nanos) {
        long value = Math.max(0, nanos);
        counts[classOf(value)]++;
        count++;
        maxNanos = Math.max(maxNanos, value);
    }

    public long count() {
        return count;
    }

    public long maxNanos() {
        return maxNanos;
    }

    /**
     * The smallest duration that so large a share of all does not exceed, rounded up to the end of its class; 0 when nothing
     * was recorded.
     *
     * @param share above 0, up to 1
     */
    public long quantileNanos(double share) {
        long rank = Math.max(1, (long) Math.ceil(share * count));
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= rank) {
                return Math.min(maxNanos, lastOf(i));
            }
        }
        return 0;
    }

    private static int classOf(long value) {
        int shift = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(value) - PRECISION_BITS - 1);
        return (shift << PRECISION_BITS) + (int) (value >>> shift);
    }

    private static long lastOf(int index) {
        int shift = Math.max(0, (index >>> PRECISION_BITS) - 1);
        long first = (long) (index - (shift << PRECISION_BITS)) << shift;
        return first + (1L << shift) - 1;
    }
}
