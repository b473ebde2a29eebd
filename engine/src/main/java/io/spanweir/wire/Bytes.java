package io.spanweir.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Numbers, varints and text in byte arrays. Readers trust their offsets: only bytes that a scan has accepted are read this
 * way. Threading: any thread.
 */
public final class Bytes {
    public static final byte[] EMPTY = {};

    /** The longest varint of protobuf. */
    public static final int VARINT_LENGTH_MAX = 10;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG_BIG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT_BIG = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private static final long HIGH_BITS = 0x8080808080808080L;

    private Bytes() {}

    /** Eight bytes, little endian. */
    public static long longAt(byte[] bytes, int offset) {
        return (long) LONG.get(bytes, offset);
    }

    /** Four bytes, little endian. */
    public static int intAt(byte[] bytes, int offset) {
        return (int) INT.get(bytes, offset);
    }

    /** Eight bytes, big endian: half of a trace id, or a span id. */
    public static long longBigEndianAt(byte[] bytes, int offset) {
        return (long) LONG_BIG.get(bytes, offset);
    }

    /** Four bytes, big endian. */
    public static int intBigEndianAt(byte[] bytes, int offset) {
        return (int) INT_BIG.get(bytes, offset);
    }

    /** Eight bytes, little endian. */
    public static void putLong(byte[] bytes, int offset, long value) {
        LONG.set(bytes, offset, value);
    }

    /** Four bytes, little endian. */
    public static void putInt(byte[] bytes, int offset, int value) {
        INT.set(bytes, offset, value);
    }

    /** Eight bytes, big endian. */
    public static void putLongBigEndian(byte[] bytes, int offset, long value) {
        LONG_BIG.set(bytes, offset, value);
    }

    /** Four bytes, big endian. */
    public static void putIntBigEndian(byte[] bytes, int offset, int value) {
        INT_BIG.set(bytes, offset, value);
    }

    /** The varint at an offset; bits above 64 are dropped. Trusts that it ends within ten bytes. */
    public static long varintAt(byte[] bytes, int offset) {
        int first = bytes[offset];
        if (first >= 0) {
            return first;
        }
        int second = bytes[offset + 1];
        return second >= 0 ? first & 0x7F | second << 7 : longVarintAt(bytes, offset);
    }

    private static long longVarintAt(byte[] bytes, int offset) {
        long value = 0;
        int shift = 0;
        int at = offset;
        long part;
        do {
            part = bytes[at++];
            value |= (part & 0x7F) << shift;
            shift += 7;
        } while (part < 0 && shift < 70);
        return value;
    }

    /** The offset behind the varint at an offset. Trusts that it ends. */
    public static int varintEnd(byte[] bytes, int offset) {
        int at = offset;
        while (bytes[at] < 0) {
            at++;
        }
        return at + 1;
    }

    /** Bytes of the shortest encoding: 1 to 10; negative numbers take 10. */
    public static int varintLength(long value) {
        return value == 0 ? 1 : (70 - Long.numberOfLeadingZeros(value)) / 7;
    }

    /** Writes the shortest encoding and returns the offset behind it. */
    public static int putVarint(byte[] bytes, int offset, long value) {
        int at = offset;
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[at++] = (byte) rest;
        return at;
    }

    /** The number of a {@code sint32} or {@code sint64}. */
    public static long zigzagDecoded(long varint) {
        return (varint >>> 1) ^ -(varint & 1);
    }

    /** The varint of a {@code sint64}. */
    public static long zigzagEncoded(long value) {
        return (value << 1) ^ (value >> 63);
    }

    /**
     * The offset behind a field's value in accepted bytes.
     *
     * @param offset where the value begins, behind the tag
     */
    public static int valueEnd(byte[] bytes, int offset, int tag) {
        switch (tag & 7) {
            case WireType.VARINT -> {
                return varintEnd(bytes, offset);
            }
            case WireType.FIXED64 -> {
                return offset + 8;
            }
            case WireType.FIXED32 -> {
                return offset + 4;
            }
            case WireType.LENGTH -> {
                return varintEnd(bytes, offset) + (int) varintAt(bytes, offset);
            }
            default -> {
                return groupEnd(bytes, offset);
            }
        }
    }

    private static int groupEnd(byte[] bytes, int offset) {
        int at = offset;
        int open = 1;
        while (open > 0) {
            int tag = (int) varintAt(bytes, at);
            at = varintEnd(bytes, at);
            switch (tag & 7) {
                case WireType.START_GROUP -> open++;
                case WireType.END_GROUP -> open--;
                default -> at = valueEnd(bytes, at, tag);
            }
        }
        return at;
    }

    /** Whether a range holds exactly these bytes. */
    public static boolean equal(byte[] bytes, int offset, int length, byte[] other) {
        return length == other.length && Arrays.equals(bytes, offset, offset + length, other, 0, length);
    }

    /** Whether two ranges hold the same bytes. */
    public static boolean equal(
            byte[] left, int leftOffset, int leftLength, byte[] right, int rightOffset, int rightLength) {
        return leftLength == rightLength
                && Arrays.equals(
                        left, leftOffset, leftOffset + leftLength, right, rightOffset, rightOffset + rightLength);
    }

    /** Whether all bytes of a range are below 0x80. */
    public static boolean ascii(byte[] bytes, int offset, int length) {
        if (length < 8) {
            return asciiShort(bytes, offset, length);
        }
        int last = offset + length - 8;
        long high = longAt(bytes, last);
        for (int at = offset; at < last; at += 8) {
            high |= longAt(bytes, at);
        }
        return (high & HIGH_BITS) == 0;
    }

    private static boolean asciiShort(byte[] bytes, int offset, int length) {
        if (offset + 8 <= bytes.length) {
            // Reads past the range, but within the array; the shift drops what does not belong.
            return length == 0 || (longAt(bytes, offset) & (HIGH_BITS >>> (64 - 8 * length))) == 0;
        }
        int high = 0;
        for (int at = offset; at < offset + length; at++) {
            high |= bytes[at];
        }
        return high >= 0;
    }

    /**
     * Whether a range is UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF, nothing cut short. NUL is valid.
     */
    public static boolean utf8(byte[] bytes, int offset, int length) {
        return ascii(bytes, offset, length) || utf8ProblemOffset(bytes, offset, length) < 0;
    }

    /** The offset of the first sequence that is not UTF-8, or -1. */
    static int utf8ProblemOffset(byte[] bytes, int offset, int length) {
        int end = offset + length;
        int at = offset;
        while (at < end) {
            if (end - at >= 8 && (longAt(bytes, at) & HIGH_BITS) == 0) {
                at += 8;
                continue;
            }
            if (bytes[at] >= 0) {
                at++;
                continue;
            }
            int size = sequenceLength(bytes, at, end);
            if (size == 0) {
                return at;
            }
            at += size;
        }
        return -1;
    }

    /** Bytes of the multi-byte sequence at an offset; 0 when it is not one. Table 3-7 of the Unicode standard. */
    private static int sequenceLength(byte[] bytes, int at, int end) {
        int lead = bytes[at] & 0xFF;
        int size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
        if (lead < 0xC2 || lead > 0xF4 || end - at < size) {
            return 0;
        }
        int second = bytes[at + 1] & 0xFF;
        int low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        int high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        if (second < low || second > high) {
            return 0;
        }
        for (int i = 2; i < size; i++) {
            if ((bytes[at + i] & 0xC0) != 0x80) {
                return 0;
            }
        }
        return size;
    }
}
