package io.spanweir.data;

import io.spanweir.wire.Bytes;
import io.spanweir.wire.OtlpFields;
import io.spanweir.wire.WireType;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of one resource, scope, span, event, link or log record, read in place, with the edits of an
 * {@link Overlay} if there is one. When a key occurs more than once, {@link #find} takes the first, as the collector does;
 * edits act on all of them. Edits may be made while the cursor walks. Threading: lane.
 */
public final class AttributesView {
    private byte[] bytes = Bytes.EMPTY;
    private int offset;
    private int limit;
    private int tag;
    private @Nullable Overlay overlay;
    private int element;

    // The cursor: in the message itself, or in the overlay's list once there is one.
    private int nextOffset;
    private int ordinal;
    private int entry;
    private byte[] source = Bytes.EMPTY;
    private int keyOffset;
    private int keyLength;
    private int valueOffset;
    private int valueLength;

    /**
     * Goes to the attributes of a message without edits.
     *
     * @param offset where the message begins that holds the attributes
     * @param fieldNumber the number of its field {@code attributes}
     */
    public AttributesView wrap(byte[] bytes, int offset, int length, int fieldNumber) {
        assert offset >= 0 && length >= 0 && offset <= bytes.length - length : offset + "+" + length;
        this.bytes = bytes;
        this.offset = offset;
        limit = offset + length;
        tag = fieldNumber << 3 | WireType.LENGTH;
        overlay = null;
        rewind();
        return this;
    }

    /** Goes to the attributes of a message that is an element of an overlay, which also receives edits. */
    public AttributesView wrap(byte[] bytes, int offset, int length, Overlay overlay, int element) {
        wrap(bytes, offset, length, overlay.attributesFieldNumber());
        this.overlay = overlay;
        this.element = element;
        return this;
    }

    /** Starts the walk again. */
    public void rewind() {
        nextOffset = offset;
        ordinal = -1;
        entry = Overlay.NONE;
    }

    /** Goes to the next attribute; false at the end. */
    public boolean next() {
        int first = overlay == null ? Overlay.NONE : overlay.firstAttribute(element);
        if (first != Overlay.NONE) {
            return nextEdited(Objects.requireNonNull(overlay), first);
        }
        int field = nextAttribute(nextOffset);
        if (field < 0) {
            nextOffset = limit;
            return false;
        }
        ordinal++;
        int body = Bytes.varintEnd(bytes, field);
        nextOffset = Bytes.varintEnd(bytes, body) + (int) Bytes.varintAt(bytes, body);
        current(bytes, field);
        return true;
    }

    private boolean nextEdited(Overlay edits, int first) {
        if (entry == Overlay.NONE) {
            // The entries of what the message holds follow each other, so the cursor can go over to the list.
            entry = ordinal < 0 ? first : edits.nextAttribute(first + ordinal * Overlay.ENTRY_INTS);
        } else if (entry != Overlay.END) {
            entry = edits.nextAttribute(entry);
        }
        while (entry != Overlay.END && edits.removed(entry)) {
            entry = edits.nextAttribute(entry);
        }
        if (entry == Overlay.END) {
            return false;
        }
        current(edits.source(entry, bytes), edits.offset(entry));
        return true;
    }

    private void current(byte[] from, int field) {
        source = from;
        int lengthAt = Bytes.varintEnd(from, field);
        int start = Bytes.varintEnd(from, lengthAt);
        int end = start + (int) Bytes.varintAt(from, lengthAt);
        keyOffset = start;
        keyLength = 0;
        valueOffset = end;
        valueLength = 0;
        for (int at = start; at < end; ) {
            int memberTag = (int) Bytes.varintAt(from, at);
            int value = Bytes.varintEnd(from, at);
            at = Bytes.valueEnd(from, value, memberTag);
            if (memberTag == OtlpFields.KEY_VALUE_KEY) {
                keyOffset = Bytes.varintEnd(from, value);
                keyLength = at - keyOffset;
            } else if (memberTag == OtlpFields.KEY_VALUE_VALUE) {
                valueOffset = Bytes.varintEnd(from, value);
                valueLength = at - valueOffset;
            }
        }
    }

    /** The array that holds the key at {@link #keyOffset()}: that of the batch, or the overlay's after an edit. */
    public byte[] keyBytes() {
        return source;
    }

    public int keyOffset() {
        return keyOffset;
    }

    public int keyLength() {
        return keyLength;
    }

    /** Whether the current key is exactly these UTF-8 bytes. */
    public boolean keyIs(byte[] key) {
        return Bytes.equal(source, keyOffset, keyLength, key);
    }

    /** The value of the current attribute; empty when it has none. */
    public ValueView value(ValueView into) {
        return into.wrap(source, valueOffset, valueLength);
    }

    /** How many attributes there are; walks them. Does not move the cursor. */
    public int count() {
        int first = overlay == null ? Overlay.NONE : overlay.firstAttribute(element);
        int count = 0;
        if (first != Overlay.NONE) {
            Overlay edits = Objects.requireNonNull(overlay);
            for (int i = first; i != Overlay.END; i = edits.nextAttribute(i)) {
                count += edits.removed(i) ? 0 : 1;
            }
            return count;
        }
        for (int at = nextAttribute(offset); at >= 0; count++) {
            at = nextAttribute(Bytes.valueEnd(bytes, Bytes.varintEnd(bytes, at), tag));
        }
        return count;
    }

    /**
     * The value of the first attribute with a key. Does not move the cursor.
     *
     * @param key UTF-8
     * @return false when there is none; {@code into} is then the empty value
     */
    public boolean find(byte[] key, ValueView into) {
        int first = overlay == null ? Overlay.NONE : overlay.firstAttribute(element);
        if (first != Overlay.NONE) {
            return findEdited(Objects.requireNonNull(overlay), first, key, into);
        }
        byte[] b = bytes;
        int end = limit;
        for (int at = offset; at < end; ) {
            int fieldTag = b[at];
            int length = at + 1 < end ? b[at + 1] : -1;
            if ((fieldTag | length) < 0 || (fieldTag & 7) != WireType.LENGTH) {
                int field = at;
                fieldTag = (int) Bytes.varintAt(b, field);
                int value = Bytes.varintEnd(b, field);
                at = Bytes.valueEnd(b, value, fieldTag);
                if (fieldTag == tag && Entry.find(b, Bytes.varintEnd(b, value), at, key, into)) {
                    return true;
                }
            } else {
                int body = at + 2;
                at = body + length;
                if (fieldTag == tag && Entry.find(b, body, at, key, into)) {
                    return true;
                }
            }
        }
        into.wrap(Bytes.EMPTY, 0, 0);
        return false;
    }

    private boolean findEdited(Overlay edits, int first, byte[] key, ValueView into) {
        for (int i = first; i != Overlay.END; i = edits.nextAttribute(i)) {
            if (!edits.removed(i)) {
                byte[] from = edits.source(i, bytes);
                int lengthAt = Bytes.varintEnd(from, edits.offset(i));
                int start = Bytes.varintEnd(from, lengthAt);
                if (Entry.find(from, start, edits.offset(i) + edits.length(i), key, into)) {
                    return true;
                }
            }
        }
        into.wrap(Bytes.EMPTY, 0, 0);
        return false;
    }

    /** Whether there is an attribute with a key. */
    public boolean contains(byte[] key, ValueView scratch) {
        return find(key, scratch);
    }

    /** Where the tag of the first attribute at or behind an offset is; -1 when there is none. */
    private int nextAttribute(int from) {
        int at = from;
        while (at < limit) {
            int fieldTag = (int) Bytes.varintAt(bytes, at);
            if (fieldTag == tag) {
                return at;
            }
            at = Bytes.valueEnd(bytes, Bytes.varintEnd(bytes, at), fieldTag);
        }
        return -1;
    }

    /** Sets an attribute to a string. The first one with the key keeps its place, further ones go; a new key is added last. */
    public void putString(byte[] key, byte[] text, int textOffset, int textLength) {
        edits().putLengthValue(this, key, OtlpFields.ANY_VALUE_STRING_VALUE, text, textOffset, textLength);
    }

    public void putString(byte[] key, byte[] text) {
        putString(key, text, 0, text.length);
    }

    /** Sets an attribute to bytes; as {@link #putString(byte[], byte[], int, int)}. */
    public void putBytes(byte[] key, byte[] value, int valueOffset, int valueLength) {
        edits().putLengthValue(this, key, OtlpFields.ANY_VALUE_BYTES_VALUE, value, valueOffset, valueLength);
    }

    /** Sets an attribute to an integer; as {@link #putString(byte[], byte[], int, int)}. */
    public void putLong(byte[] key, long value) {
        edits().putVarintValue(this, key, OtlpFields.ANY_VALUE_INT_VALUE, value);
    }

    /** Sets an attribute to a boolean; as {@link #putString(byte[], byte[], int, int)}. */
    public void putBoolean(byte[] key, boolean value) {
        edits().putVarintValue(this, key, OtlpFields.ANY_VALUE_BOOL_VALUE, value ? 1 : 0);
    }

    /** Sets an attribute to a double; as {@link #putString(byte[], byte[], int, int)}. */
    public void putDouble(byte[] key, double value) {
        edits().putDoubleValue(this, key, value);
    }

    /** Sets an attribute to a copy of any value; as {@link #putString(byte[], byte[], int, int)}. */
    public void putValue(byte[] key, ValueView value) {
        edits().putValue(this, key, value.bytes(), value.offset(), value.length());
    }

    /** Removes all attributes with a key; false when there was none. */
    public boolean remove(byte[] key) {
        return edits().remove(this, key);
    }

    /** Removes the attribute that {@link #next} went to. */
    public void removeCurrent() {
        Overlay edits = edits();
        edits.removeEntry(element, currentEntry(edits));
    }

    /** Sets the value of the attribute that {@link #next} went to, which keeps its key and place. */
    public void putCurrentString(byte[] text, int textOffset, int textLength) {
        Overlay edits = edits();
        int at = currentEntry(edits);
        edits.replaceWithString(element, at, source, keyOffset, keyLength, text, textOffset, textLength);
        current(edits.source(at, bytes), edits.offset(at));
    }

    /**
     * Gives all attributes with key {@code from} the key {@code to}, in their places. Attributes that had {@code to} before
     * are removed. Does nothing and returns false when there is no {@code from}.
     */
    public boolean rename(byte[] from, byte[] to) {
        return edits().rename(this, from, to);
    }

    private int currentEntry(Overlay edits) {
        if ((ordinal < 0 && entry == Overlay.NONE) || entry == Overlay.END) {
            throw new IllegalStateException("no current attribute; call next() first");
        }
        int first = edits.attributes(this);
        if (entry == Overlay.NONE) {
            entry = first + ordinal * Overlay.ENTRY_INTS;
        }
        return entry;
    }

    private Overlay edits() {
        Overlay edits = overlay;
        if (edits == null) {
            throw new IllegalStateException("these attributes are read only: the view was wrapped without an overlay");
        }
        return edits;
    }

    byte[] bytes() {
        return bytes;
    }

    int offset() {
        return offset;
    }

    int limit() {
        return limit;
    }

    int element() {
        return element;
    }
}
