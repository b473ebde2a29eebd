package io.spanweir.data;

import io.spanweir.wire.Bytes;
import java.nio.charset.StandardCharsets;

/** Trace ids (two longs, big endian) and span ids (one long) as hexadecimal text. Threading: any thread. */
public final class TraceId {
    public static final int BYTES = 16;
    public static final int HEX_LENGTH = 32;
    public static final int SPAN_ID_BYTES = 8;
    public static final int SPAN_ID_HEX_LENGTH = 16;

    private static final byte[] DIGITS = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
    };

    private TraceId() {}

    /** 32 lower-case digits. */
    public static String hex(long high, long low) {
        byte[] text = new byte[HEX_LENGTH];
        putHex(high, text, 0);
        putHex(low, text, 16);
        return ascii(text);
    }

    /** 16 lower-case digits. */
    public static String spanIdHex(long spanIdBits) {
        byte[] text = new byte[SPAN_ID_HEX_LENGTH];
        putHex(spanIdBits, text, 0);
        return ascii(text);
    }

    /** Writes the 16 lower-case digits of a long. */
    public static void putHex(long bits, byte[] target, int offset) {
        for (int i = 0; i < 16; i++) {
            target[offset + i] = DIGITS[(int) (bits >>> (60 - 4 * i)) & 0xF];
        }
    }

    /** Whether a range is exactly {@code digitCount} hexadecimal digits, in either case. */
    public static boolean isHex(byte[] bytes, int offset, int length, int digitCount) {
        if (length != digitCount) {
            return false;
        }
        for (int i = offset; i < offset + length; i++) {
            if (digit(bytes[i]) < 0) {
                return false;
            }
        }
        return true;
    }

    /** The 16 digits at an offset as a long; {@link #isHex} must have accepted them. */
    public static long parseHex(byte[] bytes, int offset) {
        long bits = 0;
        for (int i = offset; i < offset + 16; i++) {
            bits = bits << 4 | digit(bytes[i]);
        }
        return bits;
    }

    /** The first half of the id whose 16 bytes are at an offset. */
    public static long high(byte[] bytes, int offset) {
        return Bytes.longBigEndianAt(bytes, offset);
    }

    /** The second half. */
    public static long low(byte[] bytes, int offset) {
        return Bytes.longBigEndianAt(bytes, offset + 8);
    }

    private static int digit(byte c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int lower = c | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    private static String ascii(byte[] text) {
        return new String(text, StandardCharsets.ISO_8859_1);
    }
}
