package io.spanweir.net;

import java.nio.charset.StandardCharsets;

/**
 * Reads the protobuf of an answer, which nobody has checked. What does not fit ends the reading; fields before it count.
 * Threading: one thread.
 */
final class AnswerReader {
    private static final int TEXT_LENGTH_MAX = 4096;

    private final byte[] bytes;
    private final int limit;
    private int at;
    private int fieldNumber;
    private int wireType;
    private long number;
    private int valueOffset;
    private int valueLength;

    AnswerReader(byte[] bytes, int offset, int length) {
        this.bytes = bytes;
        this.at = offset;
        this.limit = offset + length;
    }

    /** Goes to the next field; false at the end and where the bytes are broken. */
    boolean next() {
        if (at >= limit || !varint()) {
            return false;
        }
        fieldNumber = (int) (number >>> 3);
        wireType = (int) (number & 7);
        return switch (wireType) {
            case 0 -> varint();
            case 1 -> skip(8);
            case 2 -> varint() && number >= 0 && number <= limit - at && skip((int) number);
            case 5 -> skip(4);
            default -> false;
        };
    }

    /** Whether this field has that number and is a varint. */
    boolean isNumber(int wanted) {
        return fieldNumber == wanted && wireType == 0;
    }

    /** Whether this field has that number and a length. */
    boolean isBytes(int wanted) {
        return fieldNumber == wanted && wireType == 2;
    }

    long number() {
        return number;
    }

    /** The value as text; what is longer than 4 KiB is cut. */
    String text() {
        return new String(bytes, valueOffset, Math.min(valueLength, TEXT_LENGTH_MAX), StandardCharsets.UTF_8);
    }

    AnswerReader message() {
        return new AnswerReader(bytes, valueOffset, valueLength);
    }

    private boolean skip(int length) {
        if (length > limit - at) {
            return false;
        }
        valueOffset = at;
        valueLength = length;
        at += length;
        return true;
    }

    private boolean varint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE && at < limit; shift += 7) {
            byte part = bytes[at++];
            value |= (long) (part & 0x7F) << shift;
            if (part >= 0) {
                number = value;
                return true;
            }
        }
        return false;
    }
}
