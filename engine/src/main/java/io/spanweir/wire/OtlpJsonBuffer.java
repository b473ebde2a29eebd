package io.spanweir.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing byte array with a limit. Past the limit nothing more is written and {@link #overflowed()} stays true until
 * {@link #clear()}, so that the caller can ask once per value instead of once per byte. Threading: one thread at a time.
 */
final class OtlpJsonBuffer {
    private static final int CAPACITY_INITIAL = 4096;
    /** A larger array is given back by {@link #clear()}: one large request must not hold its memory for good. */
    private static final int CAPACITY_KEPT = 4 << 20;

    private final int lengthMax;
    private byte[] bytes;
    private int length;
    private boolean overflowed;

    OtlpJsonBuffer(int lengthMax) {
        this.lengthMax = lengthMax;
        this.bytes = new byte[Math.min(CAPACITY_INITIAL, lengthMax)];
    }

    void clear() {
        length = 0;
        overflowed = false;
        if (bytes.length > CAPACITY_KEPT) {
            bytes = new byte[CAPACITY_INITIAL];
        }
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    boolean overflowed() {
        return overflowed;
    }

    private boolean room(int count) {
        if (count <= bytes.length - length) {
            return true;
        }
        if (overflowed || count > lengthMax - length) {
            overflowed = true;
            return false;
        }
        long doubled = Math.max((long) bytes.length * 2, (long) length + count);
        bytes = Arrays.copyOf(bytes, (int) Math.min(doubled, lengthMax));
        return true;
    }

    void put(int value) {
        if (room(1)) {
            bytes[length++] = (byte) value;
        }
    }

    void put(byte[] source, int from, int count) {
        if (room(count)) {
            System.arraycopy(source, from, bytes, length, count);
            length += count;
        }
    }

    void putText(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        put(utf8, 0, utf8.length);
    }

    void putVarint(long value) {
        if (room(Bytes.VARINT_LENGTH_MAX)) {
            length = Bytes.putVarint(bytes, length, value);
        }
    }

    void putFixed32(int value) {
        if (room(4)) {
            Bytes.putInt(bytes, length, value);
            length += 4;
        }
    }

    void putFixed64(long value) {
        if (room(8)) {
            Bytes.putLong(bytes, length, value);
            length += 8;
        }
    }

    /** Leaves room for a length of one byte and returns where what follows begins, for {@link #endLength}. */
    int beginLength() {
        put(0);
        return length;
    }

    /**
     * Writes the length of all bytes since {@code begin} in front of them. Most messages inside a span have fewer than 128
     * bytes; what is longer moves by the one to four bytes that its length needs more.
     */
    void endLength(int begin) {
        if (overflowed) {
            return;
        }
        int size = length - begin;
        if (size < 0x80) {
            bytes[begin - 1] = (byte) size;
            return;
        }
        int more = Bytes.varintLength(size) - 1;
        if (room(more)) {
            System.arraycopy(bytes, begin, bytes, begin + more, size);
            Bytes.putVarint(bytes, begin - 1, size);
            length += more;
        }
    }
}
