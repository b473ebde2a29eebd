package io.spanweir.net;

import java.util.Arrays;

/** An array that grows up to a limit: what decoders write to, and read back for matches. Threading: one thread. */
final class BoundedOutput {
    private static final int INITIAL_LENGTH = 8 << 10;
    /** A larger array is let go after use: one big request must not be paid for by every I/O thread for ever. */
    static final int KEPT_LENGTH_MAX = 1 << 20;

    private final int keptLengthMax;
    private byte[] bytes = new byte[INITIAL_LENGTH];
    private int length;
    private int limit;

    BoundedOutput() {
        this(KEPT_LENGTH_MAX);
    }

    /** @param keptLengthMax a longer array is let go after use */
    BoundedOutput(int keptLengthMax) {
        this.keptLengthMax = keptLengthMax;
    }

    void begin(int limitBytes) {
        if (bytes.length > keptLengthMax) {
            bytes = new byte[INITIAL_LENGTH];
        }
        length = 0;
        limit = limitBytes;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** Bytes until the limit. */
    int left() {
        return limit - length;
    }

    /** Makes room for more bytes; false when that would pass the limit. */
    boolean ensure(int more) {
        if (more > limit - length) {
            return false;
        }
        if (more > bytes.length - length) {
            long wanted = Math.max((long) length + more, Math.min(2L * bytes.length, limit));
            bytes = Arrays.copyOf(bytes, (int) wanted);
        }
        return true;
    }

    /** How many bytes fit without growing; at least 1 after {@code ensure(1)}. */
    int room() {
        return Math.min(bytes.length, limit) - length;
    }

    /** Says that bytes were written behind {@link #length()}. */
    void advance(int count) {
        length += count;
    }

    boolean put(byte[] source, int offset, int count) {
        if (!ensure(count)) {
            return false;
        }
        System.arraycopy(source, offset, bytes, length, count);
        length += count;
        return true;
    }

    /** Repeats what stands {@code distance} bytes back; the ranges may overlap. The distance has been checked. */
    boolean repeat(int distance, int count) {
        if (!ensure(count)) {
            return false;
        }
        int from = length - distance;
        if (distance >= count) {
            System.arraycopy(bytes, from, bytes, length, count);
        } else {
            for (int i = 0; i < count; i++) {
                bytes[length + i] = bytes[from + i];
            }
        }
        length += count;
        return true;
    }
}
