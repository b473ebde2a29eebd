package io.spanweir.memory;

import org.jspecify.annotations.Nullable;

/**
 * Where one I/O thread puts what it receives. It has one open segment at most, with a hold of its own, and starts it anew
 * whenever nobody else holds on to it: an idle or lightly loaded receiver lives in one warm segment. Threading: I/O thread.
 */
public final class TransitAppender implements AutoCloseable {
    private final TransitMemory memory;
    private @Nullable TransitSegment open;
    private int position;
    private boolean closed;

    TransitAppender(TransitMemory memory) {
        this.memory = memory;
    }

    /**
     * Room for a message, with one hold, which is the caller's. The bytes there are arbitrary.
     *
     * @return null when memory is full: the caller refuses the message
     */
    public @Nullable TransitRegion reserve(int lengthBytes) {
        if (closed || lengthBytes < 0) {
            throw new IllegalStateException(
                    closed ? "transit appender used after close" : "transit region of " + lengthBytes + " bytes");
        }
        if (lengthBytes > memory.segmentLengthBytes()) {
            TransitSegment own = memory.take(lengthBytes);
            return own == null ? null : region(own, 0, lengthBytes);
        }
        TransitSegment segment = segmentWithRoom(lengthBytes);
        if (segment == null) {
            return null;
        }
        segment.retain(1);
        TransitRegion region = region(segment, position, lengthBytes);
        position += lengthBytes;
        return region;
    }

    private TransitRegion region(TransitSegment segment, int offset, int lengthBytes) {
        memory.waits(lengthBytes);
        return new TransitRegion(segment, offset, lengthBytes);
    }

    private @Nullable TransitSegment segmentWithRoom(int lengthBytes) {
        TransitSegment segment = open;
        if (segment != null && position > 0 && segment.heldOnce()) {
            assert SegmentPool.poison(segment.bytes, 0, position);
            position = 0;
        }
        if (segment != null && lengthBytes <= segment.bytes.length - position) {
            return segment;
        }
        seal();
        segment = memory.take(lengthBytes);
        open = segment;
        return segment;
    }

    /**
     * Ends the caller's hold on a region that nobody else has seen; if it was the last one reserved, its room is used again.
     */
    public void abandon(TransitRegion region) {
        if (region.segment == open && region.offset() + region.lengthBytes() == position) {
            position = region.offset();
        }
        region.passed();
        region.release();
    }

    /** Lets go of the open segment, so that it is free as soon as the lanes have passed; the next message takes another. */
    public void seal() {
        TransitSegment segment = open;
        open = null;
        position = 0;
        if (segment != null) {
            segment.release();
        }
    }

    /** Lets go of the open segment; regions already given out stay valid until released. */
    @Override
    public void close() {
        closed = true;
        seal();
    }
}
