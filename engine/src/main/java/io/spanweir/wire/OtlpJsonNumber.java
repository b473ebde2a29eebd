package io.spanweir.wire;

import java.nio.charset.StandardCharsets;

/**
 * A number in the grammar of JSON, kept as {@code significand * 10^scale} with the trailing zeros of the significand moved
 * into the scale, so that {@code 1500}, {@code 1.5e3} and {@code 1500.0} are the same. Threading: one thread at a time.
 */
final class OtlpJsonNumber {
    private static final int EXPONENT_CLAMP = 1_000_000;
    private static final int EXACT_POWER_MAX = 22;
    private static final long EXACT_SIGNIFICAND_LIMIT = 1L << 53;
    private static final long TENTH_OF_UNSIGNED_MAX = Long.divideUnsigned(-1L, 10);
    private static final double[] POWERS = new double[EXACT_POWER_MAX + 1];

    static {
        double power = 1;
        for (int i = 0; i <= EXACT_POWER_MAX; i++) {
            POWERS[i] = power; // exact: 10^22 is the last power of ten that a double holds
            power *= 10;
        }
    }

    private byte[] bytes = Bytes.EMPTY;
    private int from;
    private int end;
    private boolean negative;
    /** Unsigned; meaningless when {@link #tooLong}. */
    private long significand;

    private boolean tooLong;
    private int pendingZeros;
    private int scale;

    /**
     * Reads the longest number that begins at {@code begin}.
     *
     * @return where it ends, or -1 when there is no number
     */
    int scan(byte[] source, int begin, int limit) {
        bytes = source;
        from = begin;
        negative = false;
        significand = 0;
        tooLong = false;
        pendingZeros = 0;
        int at = begin;
        if (at < limit && source[at] == '-') {
            negative = true;
            at++;
        }
        if (at < limit && source[at] == '0') {
            at++;
        } else {
            int digitsFrom = at;
            at = digits(at, limit);
            if (at == digitsFrom) {
                return -1;
            }
        }
        int fractionDigits = 0;
        if (at < limit && source[at] == '.') {
            int fractionFrom = at + 1;
            at = digits(fractionFrom, limit);
            fractionDigits = at - fractionFrom;
            if (fractionDigits == 0) {
                return -1;
            }
        }
        int exponent = 0;
        if (at < limit && (source[at] | 0x20) == 'e') {
            at = exponent(at + 1, limit);
            if (at < 0) {
                return -1;
            }
            exponent = scale;
        }
        scale = exponent - fractionDigits + pendingZeros;
        end = at;
        return at;
    }

    private int digits(int begin, int limit) {
        int at = begin;
        while (at < limit) {
            int digit = bytes[at] - '0';
            if (digit < 0 || digit > 9) {
                break;
            }
            if (digit == 0) {
                pendingZeros += significand == 0 ? 0 : 1; // a leading zero has nothing to move
            } else {
                append(digit);
            }
            at++;
        }
        return at;
    }

    private void append(int digit) {
        while (pendingZeros > 0 && !tooLong) {
            pendingZeros--;
            timesTenPlus(0);
        }
        pendingZeros = 0;
        if (!tooLong) {
            timesTenPlus(digit);
        }
    }

    private void timesTenPlus(int digit) {
        int order = Long.compareUnsigned(significand, TENTH_OF_UNSIGNED_MAX);
        if (order > 0 || (order == 0 && digit > 5)) {
            tooLong = true;
        } else {
            significand = significand * 10 + digit;
        }
    }

    /** Leaves the exponent in {@link #scale}; returns where it ends, or -1. */
    private int exponent(int begin, int limit) {
        int at = begin;
        boolean minus = false;
        if (at < limit && (bytes[at] == '-' || bytes[at] == '+')) {
            minus = bytes[at] == '-';
            at++;
        }
        int digitsFrom = at;
        int value = 0;
        while (at < limit && bytes[at] >= '0' && bytes[at] <= '9') {
            value = Math.min(value * 10 + bytes[at] - '0', EXPONENT_CLAMP);
            at++;
        }
        scale = minus ? -value : value;
        return at == digitsFrom ? -1 : at;
    }

    boolean negative() {
        return negative && significand != 0;
    }

    /** Whether the number has no fraction. */
    boolean integral() {
        return significand == 0 || scale >= 0;
    }

    /** Whether the magnitude of an integral number fits into 64 unsigned bits; then {@link #magnitude} holds it. */
    boolean resolveMagnitude() {
        if (significand == 0) {
            return true;
        }
        for (int i = 0; i < scale && !tooLong; i++) {
            timesTenPlus(0);
        }
        scale = 0;
        return !tooLong;
    }

    /** Unsigned. */
    long magnitude() {
        return significand;
    }

    /** The nearest double, infinite when there is none. */
    double toDouble() {
        if (!tooLong
                && Long.compareUnsigned(significand, EXACT_SIGNIFICAND_LIMIT) <= 0
                && scale >= -EXACT_POWER_MAX
                && scale <= EXACT_POWER_MAX) {
            // Both operands are exact, so the one rounding of the operation is the rounding of the number.
            double value = scale < 0 ? significand / POWERS[-scale] : significand * POWERS[scale];
            return negative ? -value : value;
        }
        if (significand == 0 && !tooLong) {
            return negative ? -0.0 : 0.0;
        }
        return Double.parseDouble(new String(bytes, from, end - from, StandardCharsets.US_ASCII));
    }
}
