package io.spanweir.filter;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.spanweir.data.ValueView;
import io.spanweir.wire.Bytes;
import java.util.Arrays;

/**
 * A value as text, as the collector turns values into text ({@code AsString}): strings as they are, numbers, {@code true} and
 * {@code false}, bytes in Base64, arrays and maps as JSON, nothing for the empty value. Strings, integers, booleans and whole
 * doubles allocate nothing. The text is valid until the next call. Threading: lane.
 */
public final class ValueText {
    private static final byte[] TRUE = "true".getBytes(US_ASCII);
    private static final byte[] FALSE = "false".getBytes(US_ASCII);

    /** Whole doubles below this are written as integers; all of them are exact. */
    private static final double WHOLE_LIMIT = 1e15;

    private static final int LONG_DIGITS_MAX = 20;

    private final byte[] digits = new byte[LONG_DIGITS_MAX];
    private byte[] bytes = Bytes.EMPTY;
    private int offset;
    private int length;

    /** Goes to the text of any value. */
    public ValueText wrap(ValueView value) {
        switch (value.type()) {
            case DOUBLE -> decimal(value.doubleValue(), true);
            case BYTES, ARRAY, MAP -> set(JsonText.of(value));
            default -> scalar(value);
        }
        return this;
    }

    /**
     * Goes to the text of a value that {@code match_type: regexp} can look at: string, boolean, integer, or double, which then
     * never has an exponent. False for the others.
     */
    public boolean wrapForExpression(ValueView value) {
        switch (value.type()) {
            case STRING, BOOL, INT -> scalar(value);
            case DOUBLE -> decimal(value.doubleValue(), false);
            default -> {
                return false;
            }
        }
        return true;
    }

    public byte[] bytes() {
        return bytes;
    }

    public int offset() {
        return offset;
    }

    public int length() {
        return length;
    }

    private void scalar(ValueView value) {
        switch (value.type()) {
            case STRING -> {
                bytes = value.bytes();
                offset = value.contentOffset();
                length = value.contentLength();
            }
            case BOOL -> set(value.booleanValue() ? TRUE : FALSE);
            case INT -> whole(value.longValue());
            default -> set(Bytes.EMPTY);
        }
    }

    private void set(byte[] text) {
        bytes = text;
        offset = 0;
        length = text.length;
    }

    private void whole(long value) {
        bytes = digits;
        offset = LONG_DIGITS_MAX;
        long rest = value;
        do {
            digits[--offset] = (byte) ('0' + Math.abs(rest % 10));
            rest /= 10;
        } while (rest != 0);
        if (value < 0) {
            digits[--offset] = '-';
        }
        length = LONG_DIGITS_MAX - offset;
    }

    private void decimal(double value, boolean json) {
        if (value == Math.rint(value)
                && Math.abs(value) < WHOLE_LIMIT
                && Double.doubleToRawLongBits(value) != 1L << 63) {
            whole((long) value);
        } else {
            set((json ? Decimals.json(value) : Decimals.plain(value)).getBytes(US_ASCII));
        }
    }

    /** Forgets the arrays of values. */
    public void release() {
        set(Bytes.EMPTY);
    }

    /** A copy of the text. */
    byte[] toByteArray() {
        return Arrays.copyOfRange(bytes, offset, offset + length);
    }
}
