package io.spanweir.processor.attributes;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.google.re2j.Pattern;

/**
 * Numbers in text, by the rules of Go's {@code strconv.ParseInt(s, 10, 64)} and {@code strconv.ParseFloat(s, 64)}: no blanks, no
 * suffixes, no overflow. Whole numbers and short decimals allocate nothing. Threading: lane.
 */
final class NumberParser {
    /** Up to so many digits a whole number is exact in a double, and powers of ten up to 10^22 are. */
    private static final int EXACT_DIGITS = 15;

    private static final double[] POWERS = {
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
    };

    /** Longer text is no number that anybody means. */
    private static final int LENGTH_MAX = 1024;

    private static final Pattern DECIMAL = Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?");
    private static final Pattern HEXADECIMAL = Pattern.compile(
            "[+-]?0[xX](_?[0-9a-fA-F]+(_[0-9a-fA-F]+)*\\.?([0-9a-fA-F]+(_[0-9a-fA-F]+)*)?|\\.[0-9a-fA-F]+(_[0-9a-fA-F]+)*)[pP][+-]?[0-9]+");
    private static final Pattern INFINITE = Pattern.compile("(?i)[+-]?inf(inity)?");
    private static final Pattern NOT_A_NUMBER = Pattern.compile("(?i)nan");

    private long longValue;
    private double doubleValue;

    /** Of the last text that was one. */
    long longValue() {
        return longValue;
    }

    double doubleValue() {
        return doubleValue;
    }

    /** False when the text is no decimal integer of 64 bits. */
    boolean parseLong(byte[] bytes, int offset, int length) {
        int end = offset + length;
        boolean negative = length > 0 && bytes[offset] == '-';
        int at = offset + (negative || (length > 0 && bytes[offset] == '+') ? 1 : 0);
        if (at == end) {
            return false;
        }
        long value = 0; // negative all the way: that side reaches one further
        for (; at < end; at++) {
            int digit = bytes[at] - '0';
            if (digit < 0 || digit > 9 || value < (Long.MIN_VALUE + digit) / 10) {
                return false;
            }
            value = value * 10 - digit;
        }
        if (!negative && value == Long.MIN_VALUE) {
            return false;
        }
        longValue = negative ? value : -value;
        return true;
    }

    /** False when the text is no number, or one too large for a double. */
    boolean parseDouble(byte[] bytes, int offset, int length) {
        return parseShort(bytes, offset, length)
                || (length <= LENGTH_MAX && parseAny(new String(bytes, offset, length, ISO_8859_1)));
    }

    /** Digits with at most one point among them: the quotient of two exact doubles is the nearest one. */
    private boolean parseShort(byte[] bytes, int offset, int length) {
        int end = offset + length;
        boolean negative = length > 0 && bytes[offset] == '-';
        long digits = 0;
        int count = 0;
        int point = -1;
        for (int at = negative ? offset + 1 : offset; at < end; at++) {
            int digit = bytes[at] - '0';
            if (bytes[at] == '.' && point < 0) {
                point = count;
            } else if (digit >= 0 && digit <= 9 && count < EXACT_DIGITS) {
                digits = digits * 10 + digit;
                count++;
            } else {
                return false;
            }
        }
        if (count == 0) {
            return false;
        }
        double value = digits / POWERS[point < 0 ? 0 : count - point];
        doubleValue = negative ? -value : value;
        return true;
    }

    private boolean parseAny(String text) {
        if (DECIMAL.matches(text)) {
            return finite(Double.parseDouble(text));
        }
        if (HEXADECIMAL.matches(text)) {
            return finite(Double.parseDouble(text.replace("_", "")));
        }
        if (INFINITE.matches(text)) {
            doubleValue = text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
            return true;
        }
        doubleValue = Double.NaN;
        return NOT_A_NUMBER.matches(text);
    }

    private boolean finite(double value) {
        doubleValue = value;
        return !Double.isInfinite(value);
    }
}
