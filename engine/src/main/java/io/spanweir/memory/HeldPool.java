package io.spanweir.memory;

import org.jspecify.annotations.Nullable;

/**
 * The segments that the lanes hold waiting data in: a fixed number, each allocated on first use. A record longer than a
 * segment gets an array of its own and counts as as many segments as it needs. Threading: any thread.
 */
public final class HeldPool {
    private final SegmentPool pool;

    public HeldPool(Budget budget, int segmentLengthBytes) {
        this.pool = new SegmentPool(budget, segmentLengthBytes);
    }

    public Budget budget() {
        return pool.budget();
    }

    public int segmentLengthBytes() {
        return pool.segmentLengthBytes();
    }

    byte @Nullable [] take(int lengthBytes) {
        return pool.take(lengthBytes);
    }

    void give(byte[] bytes) {
        pool.give(bytes);
    }

    int freeCount() {
        return pool.freeCount();
    }
}
