package io.spanweir.wire;

/**
 * A cursor over the fields of one message whose bytes a scan has accepted. It checks nothing again. Threading: one thread.
 *
 * <pre>
 * for (reader.wrap(bytes, offset, length); reader.next(); ) {
 *     if (reader.tag() == OtlpFields.STATUS_CODE) { code = (int) reader.number(); }
 * }
 * </pre>
 */
public final class WireReader {
    private byte[] bytes = Bytes.EMPTY;
    private int limit;
    private int fieldOffset;
    private int tag;
    private int valueOffset;
    private int fieldEnd;

    public WireReader wrap(byte[] bytes, int offset, int length) {
        assert offset >= 0 && length >= 0 && offset <= bytes.length - length : offset + "+" + length;
        this.bytes = bytes;
        limit = offset + length;
        fieldEnd = offset;
        return this;
    }

    /** Goes to the next field; false at the end. */
    public boolean next() {
        if (fieldEnd >= limit) {
            return false;
        }
        fieldOffset = fieldEnd;
        tag = (int) Bytes.varintAt(bytes, fieldOffset);
        int at = Bytes.varintEnd(bytes, fieldOffset);
        fieldEnd = Bytes.valueEnd(bytes, at, tag);
        valueOffset = (tag & 7) == WireType.LENGTH ? Bytes.varintEnd(bytes, at) : at;
        return true;
    }

    /** Field number and wire type, to be compared with {@link OtlpFields}. */
    public int tag() {
        return tag;
    }

    public int fieldNumber() {
        return tag >>> 3;
    }

    /** Where the field begins, its tag included. */
    public int fieldOffset() {
        return fieldOffset;
    }

    /** The offset behind the field. */
    public int fieldEnd() {
        return fieldEnd;
    }

    /** Where the value begins: behind the tag, and behind the length if there is one. */
    public int valueOffset() {
        return valueOffset;
    }

    public int valueLength() {
        return fieldEnd - valueOffset;
    }

    /** The value of a varint, fixed32 (unsigned) or fixed64 field. */
    public long number() {
        switch (tag & 7) {
            case WireType.VARINT -> {
                return Bytes.varintAt(bytes, valueOffset);
            }
            case WireType.FIXED32 -> {
                return Bytes.intAt(bytes, valueOffset) & 0xFFFFFFFFL;
            }
            case WireType.FIXED64 -> {
                return Bytes.longAt(bytes, valueOffset);
            }
            default -> throw new IllegalStateException("field " + fieldNumber() + " is no number");
        }
    }
}
