package io.spanweir.telemetry;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts of values in fixed buckets; a value falls in the first bucket whose bound is at least it. Threading: one writer,
 * any reader.
 */
public final class Histogram {
    private final double[] bounds;
    private final AtomicLongArray counts;
    private volatile double sum;

    Histogram(double[] bounds) {
        this.bounds = bounds.clone();
        this.counts = new AtomicLongArray(bounds.length + 1);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    public void record(double value) {
        int bucket = 0;
        while (bucket < bounds.length && value > bounds[bucket]) {
            bucket++;
        }
        counts.setRelease(bucket, counts.getPlain(bucket) + 1);
        sum = sum + value;
    }

    int bucketCount() {
        return bounds.length + 1;
    }

    double bound(int bucket) {
        return bucket < bounds.length ? bounds[bucket] : Double.POSITIVE_INFINITY;
    }

    long count(int bucket) {
        return counts.getAcquire(bucket);
    }

    double sum() {
        return sum;
    }
}
