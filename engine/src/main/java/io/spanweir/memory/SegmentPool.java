package io.spanweir.memory;

import io.spanweir.wire.Bytes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Byte arrays of one length out of a budget. Each is allocated when it is first needed; what comes back is kept and goes out
 * again last in, first out, while it is warm. In use and kept together never exceed the budget: before anything else is
 * taken from it, kept arrays are dropped to make room. The lock is held once per segment, not per record. Threading: any
 * thread.
 */
final class SegmentPool {
    private static final byte POISON = (byte) 0xDB;

    private final Budget budget;
    private final int segmentLengthBytes;
    private final byte[][] free;
    private int freeCount;

    SegmentPool(Budget budget, int segmentLengthBytes) {
        if (segmentLengthBytes <= 0 || segmentLengthBytes % 8 != 0) {
            throw new IllegalArgumentException(
                    "segment length " + segmentLengthBytes + ", expected a positive multiple of 8");
        }
        long segments = budget.capacityBytes() / segmentLengthBytes;
        this.budget = budget;
        this.segmentLengthBytes = segmentLengthBytes;
        this.free = new byte[(int) Math.min(segments, 1 << 24)][];
    }

    Budget budget() {
        return budget;
    }

    int segmentLengthBytes() {
        return segmentLengthBytes;
    }

    /** What an array of this length is charged: whole segments. */
    long chargedBytes(int lengthBytes) {
        return ((long) lengthBytes + segmentLengthBytes - 1) / segmentLengthBytes * segmentLengthBytes;
    }

    /**
     * A segment, or for a greater length an array of exactly that length; null when the budget has no room, or the heap has
     * none (then {@code engine.memory} promises more than the process was given).
     */
    byte @Nullable [] take(int lengthBytes) {
        boolean large = lengthBytes > segmentLengthBytes;
        long charged = large ? chargedBytes(lengthBytes) : segmentLengthBytes;
        if (!budget.tryTake(charged)) {
            return null;
        }
        byte[] kept = large ? null : poll();
        if (kept != null) {
            return kept;
        }
        trim();
        try {
            return new byte[Math.max(lengthBytes, segmentLengthBytes)];
        } catch (OutOfMemoryError heapSmallerThanPlanned) {
            budget.give(charged);
            return null;
        }
    }

    /** Gives back what {@link #take} gave; the caller has checked that nobody uses it any more. */
    void give(byte[] bytes) {
        assert poison(bytes, 0, bytes.length);
        if (bytes.length == segmentLengthBytes) {
            synchronized (this) {
                if (freeCount < free.length) {
                    free[freeCount++] = bytes;
                }
                budget.give(segmentLengthBytes);
            }
        } else {
            budget.give(chargedBytes(bytes.length));
        }
    }

    /** Bytes taken from the same budget for something other than segments. */
    boolean tryTakeOther(long bytes) {
        boolean taken = budget.tryTake(bytes);
        if (taken && keptBeyondBudget()) {
            trim();
        }
        return taken;
    }

    private synchronized byte @Nullable [] poll() {
        if (freeCount == 0) {
            return null;
        }
        byte[] bytes = free[--freeCount];
        free[freeCount] = Bytes.EMPTY;
        return bytes;
    }

    private synchronized boolean keptBeyondBudget() {
        return (long) freeCount * segmentLengthBytes > budget.capacityBytes() - budget.usedBytes();
    }

    /** Drops kept arrays, coldest first, until they fit beside what is in use. */
    private synchronized void trim() {
        long room = Math.max(0, budget.capacityBytes() - budget.usedBytes()) / segmentLengthBytes;
        int drop = (int) Math.max(0, freeCount - room);
        if (drop > 0) {
            System.arraycopy(free, drop, free, 0, freeCount - drop);
            Arrays.fill(free, freeCount - drop, freeCount, Bytes.EMPTY);
            freeCount -= drop;
        }
    }

    synchronized int freeCount() {
        return freeCount;
    }

    /** Overwrites what must not be read any more. Only ever called by {@code assert}. */
    static boolean poison(byte[] bytes, int from, int to) {
        Arrays.fill(bytes, from, to, POISON);
        return true;
    }
}
