package io.spanweir.wire;

import static io.spanweir.wire.OtlpTable.ATTRIBUTE;
import static io.spanweir.wire.OtlpTable.BYTES;
import static io.spanweir.wire.OtlpTable.FIXED64;
import static io.spanweir.wire.OtlpTable.STRING;
import static io.spanweir.wire.OtlpTable.TRACE_ID;

/**
 * Checks messages of OTLP against their tables, to the last nested byte, without throwing and without allocating. Accepts
 * what protobuf-java accepts, within the limits, and asks in addition that ids have their length. Threading: one thread.
 *
 * <p>Every call is given a range and reads nothing outside of it. A failure is noted with its kind and offset; on the way
 * out each level adds where it stood, so that the path to the place costs nothing until there is one.
 */
final class OtlpValidator {
    /** Groups within each other; no field of OTLP is one, so they only occur as unknown fields. */
    static final int GROUP_DEPTH_MAX = 64;

    /** Tag and length of an attribute, of its key and of its value, and the tag of the value's kind with one byte. */
    private static final int PLAIN_BYTES_MIN = 8;

    private static final OtlpTable KEY_VALUE = OtlpTable.of(OtlpSchema.KEY_VALUE);

    private final int anyValueDepthMax;
    private final int attributesMax;
    private final int[] openGroups = new int[GROUP_DEPTH_MAX];
    final ScanFailure failure;

    byte[] bytes = Bytes.EMPTY;

    /** The last header that was read: {@link #header}. */
    int tag;

    int length;

    /** Whether something was seen that views cannot read in place. */
    boolean odd;

    /** Where the last trace id of the last span or log record begins; -1 when it has none. */
    int traceIdOffset;

    int dataPointCount;

    /** Of the last {@link #plainAttributes}. */
    private int plainCount;

    private int plainEnd;

    OtlpValidator(OtlpLimits limits) {
        anyValueDepthMax = limits.maxAnyValueDepth();
        attributesMax = limits.maxAttributesPerElement();
        failure = new ScanFailure(limits);
    }

    void wrap(byte[] bytes) {
        this.bytes = bytes;
        odd = false;
        dataPointCount = 0;
        traceIdOffset = -1;
        failure.clear(bytes);
    }

    /** Drops the reference to the bytes; the failure keeps its own until the next scan. */
    void release() {
        bytes = Bytes.EMPTY;
    }

    /** Checks one message. */
    boolean message(OtlpTable table, int start, int end, int depth) {
        byte[] b = bytes;
        int at = start;
        int seen = 0;
        int attributes = 0;
        int oneByOne = start;
        while (at < end) {
            int field = at;
            int fieldTag = b[at++];
            if (fieldTag < 0) {
                if (at < end && b[at] >= 0) {
                    fieldTag = fieldTag & 0x7F | b[at++] << 7;
                } else {
                    at = longVarint(field, end);
                    fieldTag = at < 0 ? 0 : (int) Bytes.varintAt(b, field);
                }
            }
            int operation = at < 0 ? OtlpTable.VARINT : table.operation(fieldTag);
            if (operation == FIXED64 && end - at >= 8 && at >= 0) {
                at += 8;
                continue;
            }
            if (operation < BYTES) {
                at = at < 0 ? at : scalar(operation, fieldTag, field, at, end);
                if (at < 0) {
                    return failure.unwind(table, start, field);
                }
                continue;
            }
            if (operation == ATTRIBUTE && field >= oneByOne) {
                int behind = plainAttributes(field, end, depth);
                if (behind > field && attributes + plainCount <= attributesMax) {
                    attributes += plainCount;
                    at = behind;
                    continue;
                }
                oneByOne = Math.max(plainEnd, field + 1);
            }
            int size = at < end ? b[at++] : -1;
            if (size < 0) {
                if (at < end && b[at] >= 0) {
                    size = size & 0x7F | b[at++] << 7;
                } else {
                    at = longLength(field, end);
                    size = length;
                }
            }
            if (at < 0 || size > end - at) {
                failure.cut(field, at, size, end);
                return failure.unwind(table, start, field);
            }
            boolean good;
            if (operation == TRACE_ID && size == 16) {
                traceIdOffset = at;
                good = true;
            } else if (operation == STRING) {
                good = Bytes.utf8(b, at, size) || failure.text(b, at, at + size);
            } else if (operation == ATTRIBUTE) {
                good = ++attributes <= attributesMax ? keyValue(at, at + size, depth) : failure.manyAttributes(field);
            } else {
                if (operation >= OtlpTable.ANY_VALUE) {
                    int conflicts = table.conflicts(fieldTag);
                    odd |= (seen & conflicts) != 0;
                    seen |= conflicts == 0 ? 0 : 1 << (fieldTag >>> 3);
                }
                good = content(table, operation, fieldTag, at, at + size, depth);
            }
            if (!good) {
                return failure.unwind(table, start, field);
            }
            at += size;
        }
        return true;
    }

    private boolean content(OtlpTable table, int operation, int fieldTag, int at, int end, int depth) {
        switch (operation) {
            case BYTES -> {
                return true;
            }
            case OtlpTable.TRACE_ID -> {
                traceIdOffset = end == at ? -1 : at;
                return end - at == 16 || end == at || failure.id(at, end - at, 16);
            }
            case OtlpTable.ID -> {
                int expected = table.idLength(fieldTag);
                return end - at == expected || end == at || failure.id(at, end - at, expected);
            }
            case OtlpTable.MAP_ENTRY -> {
                return keyValue(at, end, depth);
            }
            case OtlpTable.ANY_VALUE -> {
                return depth < anyValueDepthMax
                        ? message(table.message(fieldTag), at, end, depth + 1)
                        : failure.deepValue(at);
            }
            case OtlpTable.MESSAGE -> {
                return message(table.message(fieldTag), at, end, depth);
            }
            case OtlpTable.DATA_POINT -> {
                dataPointCount++;
                return message(table.message(fieldTag), at, end, depth);
            }
            case OtlpTable.PACKED_VARINT -> {
                return packedVarints(at, end);
            }
            default -> {
                return ((end - at) & 7) == 0 || failure.packed(at, end - at);
            }
        }
    }

    /**
     * Checks attributes that follow each other, as long as each is a key and a plain value in the usual order with lengths below
     * 128. Short lengths and tags are ASCII as the text between them has to be, so all is looked at in one go, and only the bytes
     * of numbers are left out.
     *
     * @return the offset behind them, with their number in {@link #plainCount}; {@code start} when something is not ASCII, or
     *     there are none; {@link #plainEnd} is how far they reach all the same
     */
    private int plainAttributes(int start, int end, int depth) {
        byte[] b = bytes;
        int at = start;
        int text = start;
        int count = 0;
        int attributeTag = b[start];
        boolean ascii = depth < anyValueDepthMax;
        while (ascii && at + PLAIN_BYTES_MIN <= end && b[at] == attributeTag) {
            int behind = at + 2 + b[at + 1];
            int value = at + 6 + b[at + 3];
            if (b[at + 1] < PLAIN_BYTES_MIN - 2
                    || behind > end
                    || b[at + 2] != OtlpFields.KEY_VALUE_KEY
                    || b[at + 3] < 0
                    || value + 2 > behind
                    || b[value - 2] != OtlpFields.KEY_VALUE_VALUE
                    || value + b[value - 1] != behind) {
                break;
            }
            int kind = b[value];
            if (kind == OtlpFields.ANY_VALUE_STRING_VALUE) {
                if (value + 2 + b[value + 1] != behind) {
                    break;
                }
            } else if (isNumber(kind, value + 1, behind)) {
                ascii = Bytes.ascii(b, text, value - text);
                text = behind;
            } else {
                break;
            }
            at = behind;
            count++;
        }
        plainCount = count;
        plainEnd = at;
        return ascii && Bytes.ascii(b, text, at - text) ? at : start;
    }

    /** Whether a value of that kind is an integer, a boolean or a double, and fills the range. */
    private boolean isNumber(int kind, int at, int end) {
        return switch (kind) {
            case OtlpFields.ANY_VALUE_INT_VALUE, OtlpFields.ANY_VALUE_BOOL_VALUE -> varintFills(at, end);
            case OtlpFields.ANY_VALUE_DOUBLE_VALUE -> end - at == 8;
            default -> false;
        };
    }

    /**
     * A key and a value in the usual order with lengths below 128 and a plain value are checked here at once: when key and
     * value are text, the whole range must be ASCII, since short lengths and tags are. Anything else takes the general way.
     */
    private boolean keyValue(int at, int end, int depth) {
        byte[] b = bytes;
        if (end - at >= 6 && b[at] == OtlpFields.KEY_VALUE_KEY && b[at + 1] >= 0 && depth < anyValueDepthMax) {
            int keyLength = b[at + 1];
            int value = at + 2 + keyLength + 2;
            if (value <= end - 2 && b[value - 2] == OtlpFields.KEY_VALUE_VALUE && value + b[value - 1] == end) {
                int kind = b[value];
                if (kind == OtlpFields.ANY_VALUE_STRING_VALUE) {
                    if (value + 2 + b[value + 1] == end && Bytes.ascii(b, at, end - at)) {
                        return true;
                    }
                } else if (isNumber(kind, value + 1, end) && Bytes.ascii(b, at + 2, keyLength)) {
                    return true;
                }
            }
        }
        return message(KEY_VALUE, at, end, depth);
    }

    private boolean varintFills(int at, int end) {
        byte[] b = bytes;
        int last = end - 1;
        for (int i = at; i < last; i++) {
            if (b[i] >= 0) {
                return false;
            }
        }
        return b[last] >= 0 && end - at <= Bytes.VARINT_LENGTH_MAX;
    }

    /** The offset behind a value without a length in front, or negative. */
    private int scalar(int operation, int fieldTag, int field, int at, int end) {
        if (operation == OtlpTable.FIXED64) {
            return end - at >= 8 ? at + 8 : failure.shortOf(at, 8, end);
        }
        if (operation == OtlpTable.VARINT) {
            return at < end && bytes[at] >= 0 ? at + 1 : longVarint(at, end);
        }
        switch (operation) {
            case OtlpTable.FIXED32 -> {
                return end - at >= 4 ? at + 4 : failure.shortOf(at, 4, end);
            }
            case OtlpTable.GROUP -> {
                return group(fieldTag, field, at, end);
            }
            default -> {
                return failure.tag(field, fieldTag);
            }
        }
    }

    /** The offset behind a varint of any length, or negative. */
    private int longVarint(int at, int end) {
        int stop = Math.min(end, at + Bytes.VARINT_LENGTH_MAX);
        for (int i = at; i < stop; i++) {
            if (bytes[i] >= 0) {
                return i + 1;
            }
        }
        return failure.varint(at, end);
    }

    /** Reads a length of more than one byte into {@link #length}: the low 32 bits of the varint, as protobuf-java does. */
    private int longLength(int field, int end) {
        int tagEnd = Bytes.varintEnd(bytes, field);
        int at = longVarint(tagEnd, end);
        length = at < 0 ? 0 : (int) Bytes.varintAt(bytes, tagEnd);
        return length < 0 ? failure.negativeLength(tagEnd, length) : at;
    }

    private boolean packedVarints(int start, int end) {
        int at = start;
        while (at < end) {
            at = bytes[at] >= 0 ? at + 1 : longVarint(at, end);
            if (at < 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Reads the header of one field into {@link #tag}, and for one with a length also {@link #length}, which lies within
     * the range. Returns where the value begins, or negative.
     */
    int header(int field, int end) {
        int at = longVarint(field, end);
        if (at < 0) {
            return at;
        }
        tag = (int) Bytes.varintAt(bytes, field);
        if ((tag & 7) != WireType.LENGTH || tag >>> 3 == 0) {
            return at;
        }
        int value = longLength(field, end);
        if (value >= 0 && length > end - value) {
            failure.cut(field, value, length, end);
            return -1;
        }
        return value;
    }

    /** The offset behind the value of the field whose {@link #header} was read, or negative. */
    int skip(int field, int value, int end) {
        if (tag >>> 3 == 0) {
            return failure.tag(field, tag);
        }
        switch (tag & 7) {
            case WireType.LENGTH -> {
                return value + length;
            }
            case WireType.VARINT -> {
                return scalar(OtlpTable.VARINT, tag, field, value, end);
            }
            case WireType.FIXED64 -> {
                return scalar(OtlpTable.FIXED64, tag, field, value, end);
            }
            case WireType.FIXED32 -> {
                return scalar(OtlpTable.FIXED32, tag, field, value, end);
            }
            case WireType.START_GROUP -> {
                return group(tag, field, value, end);
            }
            default -> {
                return failure.tag(field, tag);
            }
        }
    }

    /** The offset behind the group that a tag opened, or negative. A loop, so that nesting costs no stack. */
    private int group(int groupTag, int groupField, int start, int end) {
        int open = 0;
        openGroups[0] = groupTag >>> 3;
        int at = start;
        while (at < end) {
            int field = at;
            int value = header(field, end);
            if (value < 0) {
                return value;
            }
            int wireType = tag & 7;
            if (wireType == WireType.END_GROUP && tag >>> 3 != 0) {
                if (tag >>> 3 != openGroups[open]) {
                    return failure.groupEnd(field, tag >>> 3, openGroups[open]);
                }
                if (open-- == 0) {
                    return value;
                }
                at = value;
            } else if (wireType == WireType.START_GROUP && tag >>> 3 != 0) {
                if (++open == GROUP_DEPTH_MAX) {
                    return failure.deepGroup(field);
                }
                openGroups[open] = tag >>> 3;
                at = value;
            } else {
                at = skip(field, value, end);
                if (at < 0) {
                    return at;
                }
            }
        }
        return failure.openGroup(groupField, openGroups[open]);
    }
}
