package io.spanweir.sampling;

/** Lower-case hexadecimal digits in bytes, as tracestate has them. */
final class Hex {
    private Hex() {}

    /** At most 15 digits; -1 when one of them is none. */
    static long read(byte[] bytes, int offset, int length) {
        long value = 0;
        for (int at = offset; at < offset + length; at++) {
            int digit = digit(bytes[at]);
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    static void write(long value, int digits, byte[] into, int offset) {
        for (int i = 0; i < digits; i++) {
            int digit = (int) (value >>> (4 * (digits - 1 - i))) & 0xf;
            into[offset + i] = (byte) (digit < 10 ? '0' + digit : 'a' + digit - 10);
        }
    }

    private static int digit(byte character) {
        if (character >= '0' && character <= '9') {
            return character - '0';
        }
        return character >= 'a' && character <= 'f' ? character - 'a' + 10 : -1;
    }
}
