package io.spanweir.data;

import io.spanweir.wire.Bytes;
import io.spanweir.wire.OtlpFields;
import java.nio.charset.StandardCharsets;

/**
 * One {@code AnyValue} of OTLP read in place. The last member that the message holds is its value. A cursor walks the items
 * of an array or the entries of a map. Threading: lane.
 */
public final class ValueView {
    /** What a value is. A string by index (profiles only) counts as {@link #EMPTY}. */
    public enum Type {
        EMPTY,
        STRING,
        BOOL,
        INT,
        DOUBLE,
        ARRAY,
        MAP,
        BYTES
    }

    private static final Type[] TYPES = {
        Type.EMPTY, Type.STRING, Type.BOOL, Type.INT, Type.DOUBLE, Type.ARRAY, Type.MAP, Type.BYTES, Type.EMPTY
    };

    private byte[] bytes = Bytes.EMPTY;
    private int offset;
    private int limit;
    private boolean indexed;
    private Type type = Type.EMPTY;
    private int contentOffset;
    private int contentLength;

    // The cursor over items or entries.
    private int nextOffset;
    private int keyOffset;
    private int keyLength;

    /** Goes to the message of a value, without its tag and length; a length of 0 is the empty value. */
    public ValueView wrap(byte[] bytes, int offset, int length) {
        assert offset >= 0 && length >= 0 && offset <= bytes.length - length : offset + "+" + length;
        this.bytes = bytes;
        this.offset = offset;
        limit = offset + length;
        indexed = false;
        return this;
    }

    /** The array that all offsets of this view refer to. */
    public byte[] bytes() {
        return bytes;
    }

    /** Where the message is. */
    public int offset() {
        return offset;
    }

    public int length() {
        return limit - offset;
    }

    public Type type() {
        index();
        return type;
    }

    /** Where the text, the bytes, or the body of the array or map begins. */
    public int contentOffset() {
        index();
        return contentOffset;
    }

    public int contentLength() {
        index();
        return contentLength;
    }

    /** Of an {@link Type#INT}; otherwise 0. */
    public long longValue() {
        index();
        return type == Type.INT ? Bytes.varintAt(bytes, contentOffset) : 0;
    }

    /** Of a {@link Type#DOUBLE}; otherwise 0. */
    public double doubleValue() {
        index();
        return type == Type.DOUBLE ? Double.longBitsToDouble(Bytes.longAt(bytes, contentOffset)) : 0;
    }

    /** Of a {@link Type#BOOL}; otherwise false. */
    public boolean booleanValue() {
        index();
        return type == Type.BOOL && Bytes.varintAt(bytes, contentOffset) != 0;
    }

    /** Whether this is a string of exactly these UTF-8 bytes. */
    public boolean isString(byte[] text) {
        return type() == Type.STRING && Bytes.equal(bytes, contentOffset, contentLength, text);
    }

    /** The text of a {@link Type#STRING}, otherwise "". Allocates: not for the path of a span. */
    public String text() {
        return type() == Type.STRING ? new String(bytes, contentOffset, contentLength, StandardCharsets.UTF_8) : "";
    }

    /** Starts the walk over the items of an array or the entries of a map again. */
    public void rewind() {
        index();
        nextOffset = contentOffset;
    }

    /**
     * Goes to the next item or entry and wraps its value; false at the end and for other types. {@code item} must be another
     * view. Of a map, {@link #keyOffset()} and {@link #keyLength()} are its key then.
     */
    public boolean next(ValueView item) {
        index();
        if (type != Type.ARRAY && type != Type.MAP) {
            return false;
        }
        int end = contentOffset + contentLength;
        while (nextOffset < end) {
            int tag = (int) Bytes.varintAt(bytes, nextOffset);
            int at = Bytes.varintEnd(bytes, nextOffset);
            nextOffset = Bytes.valueEnd(bytes, at, tag);
            if (tag == OtlpFields.ARRAY_VALUE_VALUES) {
                int value = Bytes.varintEnd(bytes, at);
                if (type == Type.ARRAY) {
                    item.wrap(bytes, value, nextOffset - value);
                } else {
                    entry(value, nextOffset, item);
                }
                return true;
            }
        }
        return false;
    }

    /** Of the entry that {@link #next} went to. */
    public int keyOffset() {
        return keyOffset;
    }

    public int keyLength() {
        return keyLength;
    }

    private void entry(int start, int end, ValueView item) {
        keyOffset = start;
        keyLength = 0;
        item.wrap(bytes, start, 0);
        for (int at = start; at < end; ) {
            int tag = (int) Bytes.varintAt(bytes, at);
            int value = Bytes.varintEnd(bytes, at);
            at = Bytes.valueEnd(bytes, value, tag);
            if (tag == OtlpFields.KEY_VALUE_KEY) {
                keyOffset = Bytes.varintEnd(bytes, value);
                keyLength = at - keyOffset;
            } else if (tag == OtlpFields.KEY_VALUE_VALUE) {
                int body = Bytes.varintEnd(bytes, value);
                item.wrap(bytes, body, at - body);
            }
        }
    }

    private void index() {
        if (indexed) {
            return;
        }
        indexed = true;
        type = Type.EMPTY;
        contentOffset = offset;
        contentLength = 0;
        for (int at = offset; at < limit; ) {
            int tag = (int) Bytes.varintAt(bytes, at);
            int value = Bytes.varintEnd(bytes, at);
            at = Bytes.valueEnd(bytes, value, tag);
            member(tag, value, at);
        }
        nextOffset = contentOffset;
    }

    private void member(int tag, int value, int end) {
        switch (tag) {
            case OtlpFields.ANY_VALUE_STRING_VALUE,
                    OtlpFields.ANY_VALUE_ARRAY_VALUE,
                    OtlpFields.ANY_VALUE_KVLIST_VALUE,
                    OtlpFields.ANY_VALUE_BYTES_VALUE -> contentOffset = Bytes.varintEnd(bytes, value);
            case OtlpFields.ANY_VALUE_BOOL_VALUE,
                    OtlpFields.ANY_VALUE_INT_VALUE,
                    OtlpFields.ANY_VALUE_DOUBLE_VALUE,
                    OtlpFields.ANY_VALUE_STRING_VALUE_STRINDEX -> contentOffset = value;
            default -> {
                return;
            }
        }
        type = TYPES[OtlpFields.number(tag)];
        contentLength = end - contentOffset;
    }
}
