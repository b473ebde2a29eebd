package io.spanweir.memory;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What was received and has not yet been passed by every lane.
 *
 * <p>An I/O thread appends messages to the open segment of its {@link TransitAppender}; each message is a
 * {@link TransitRegion} that is held once by whoever reserved it and once more per {@link TransitRegion#retain}. Holds are
 * counted per segment: the segment is used again when the last one is released, on whichever thread that happens.
 * Threading: any thread.
 */
public final class TransitMemory {
    private final SegmentPool pool;
    private final AtomicInteger segmentNumbers = new AtomicInteger();
    private final AtomicLong waitingBytes = new AtomicLong();

    public TransitMemory(Budget budget, int segmentLengthBytes) {
        this.pool = new SegmentPool(budget, segmentLengthBytes);
    }

    public Budget budget() {
        return pool.budget();
    }

    /** Bytes of regions that were reserved and that some lane has still to pass; less than the segments that they stand in. */
    public long waitingBytes() {
        return waitingBytes.get();
    }

    /** Changes {@link #waitingBytes}. */
    void waits(long bytes) {
        waitingBytes.addAndGet(bytes);
    }

    /** The longest message that can ever be taken; a receiver refuses a longer one for good. */
    public int regionLengthBytesMax() {
        long whole = budget().capacityBytes() / pool.segmentLengthBytes() * pool.segmentLengthBytes();
        return (int) Math.min(whole, Integer.MAX_VALUE - 64);
    }

    /** One for each I/O thread, which closes it. */
    public TransitAppender appender() {
        return new TransitAppender(this);
    }

    /** Charges bytes that live as long as received messages do (their index); false when there is no room. */
    public boolean tryTakeIndex(long bytes) {
        return pool.tryTakeOther(bytes);
    }

    /** Ends what {@link #tryTakeIndex} began. @throws IllegalStateException when more comes back than was taken */
    public void giveIndex(long bytes) {
        pool.budget().give(bytes);
    }

    int segmentLengthBytes() {
        return pool.segmentLengthBytes();
    }

    /** A segment with one hold, which is the caller's; null when memory is full. */
    @Nullable
    TransitSegment take(int lengthBytes) {
        byte[] bytes = pool.take(lengthBytes);
        return bytes == null ? null : new TransitSegment(this, segmentNumbers.getAndIncrement(), bytes);
    }

    void recycle(TransitSegment segment) {
        pool.give(segment.bytes);
    }
}
