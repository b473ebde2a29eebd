package io.spanweir.memory;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * An array that holds received messages, and how many hold on to it. The object lives from the array leaving the pool to its
 * return: a late release meets its own counter, never that of the next user of the array. Threading: any thread.
 */
final class TransitSegment {
    final byte[] bytes;

    private final TransitMemory memory;
    private final int number;
    private final AtomicInteger holds = new AtomicInteger(1);

    TransitSegment(TransitMemory memory, int number, byte[] bytes) {
        this.memory = memory;
        this.number = number;
        this.bytes = bytes;
    }

    TransitMemory memory() {
        return memory;
    }

    /** Whether only the caller, who has one hold, is left. Nobody can join then: to retain one must hold. */
    boolean heldOnce() {
        return holds.get() == 1;
    }

    void retain(int count) {
        if (count < 0) {
            throw new IllegalArgumentException("transit segment " + number + ": retain(" + count + ")");
        }
        if (holds.getAndAdd(count) <= 0) {
            holds.getAndAdd(-count);
            throw new IllegalStateException("transit segment " + number + " retained after its release");
        }
    }

    void release() {
        int left = holds.decrementAndGet();
        if (left < 0) {
            holds.incrementAndGet();
            throw new IllegalStateException("transit segment " + number + " released twice");
        }
        if (left == 0) {
            memory.recycle(this);
        }
    }

    @Override
    public String toString() {
        return "transit segment " + number + ": " + bytes.length + " bytes, " + holds.get() + " holds";
    }
}
