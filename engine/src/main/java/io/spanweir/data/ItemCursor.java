package io.spanweir.data;

import io.spanweir.wire.Bytes;

/**
 * Steps through the items of one run. Threading: lane; valid as long as the part it walks.
 *
 * <pre>
 * for (cursor.wrap(part, run); cursor.next(); ) { span.wrap(cursor.bytes(), cursor.offset(), cursor.length()); … }
 * </pre>
 */
public final class ItemCursor {
    private byte[] bytes = Bytes.EMPTY;
    private int position;
    private int limit;
    private int offset;
    private int length;

    public ItemCursor wrap(BatchPart part, int run) {
        return wrap(part.runBytes(run), part.runOffset(run), part.runLength(run));
    }

    public ItemCursor wrap(byte[] bytes, int offset, int length) {
        assert offset >= 0 && length >= 0 && offset <= bytes.length - length : "run outside of its array";
        this.bytes = bytes;
        this.position = offset;
        this.limit = offset + length;
        return this;
    }

    /** Moves to the next item; false at the end of the run. */
    public boolean next() {
        int at = position;
        if (at >= limit) {
            return false;
        }
        while (bytes[at] < 0) { // the tag
            at++;
        }
        at++;
        int value = bytes[at++];
        if (value < 0) {
            value &= 0x7f;
            int shift = 7;
            byte next;
            do {
                next = bytes[at++];
                value |= (next & 0x7f) << shift;
                shift += 7;
            } while (next < 0);
        }
        offset = at;
        length = value;
        position = at + value;
        assert position <= limit : "item runs over the end of its run";
        return true;
    }

    public byte[] bytes() {
        return bytes;
    }

    /** Where the message of the item begins. */
    public int offset() {
        return offset;
    }

    /** Bytes of the message of the item. */
    public int length() {
        return length;
    }

    /** Where the next item begins, or the run ends. */
    public int position() {
        return position;
    }
}
