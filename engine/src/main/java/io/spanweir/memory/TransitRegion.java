package io.spanweir.memory;

/**
 * The place of one received message. It may be read while one of its holds lasts. Created with one hold, which belongs to
 * whoever reserved it. The fields never change. Threading: any thread.
 */
public final class TransitRegion {
    final TransitSegment segment;

    private final int offset;
    private final int lengthBytes;

    TransitRegion(TransitSegment segment, int offset, int lengthBytes) {
        this.segment = segment;
        this.offset = offset;
        this.lengthBytes = lengthBytes;
    }

    public byte[] bytes() {
        return segment.bytes;
    }

    /** Where the message begins in {@link #bytes}. */
    public int offset() {
        return offset;
    }

    public int lengthBytes() {
        return lengthBytes;
    }

    /** Adds holds, one for each who will release. Only who has a hold may add. */
    public void retain(int count) {
        segment.retain(count);
    }

    /** Every lane has passed it: it waits no longer. Told once; holds are released apart from it. */
    public void passed() {
        segment.memory().waits(-lengthBytes);
    }

    /** Ends one hold. @throws IllegalStateException when the segment had none left */
    public void release() {
        segment.release();
    }
}
