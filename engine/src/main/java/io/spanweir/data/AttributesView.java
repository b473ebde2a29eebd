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
    private static final int NOWHERE = -1;

    private byte[] bytes = Bytes.EMPTY;
    private int offset;
    private int limit;
    private int tag;
    private @Nullable Overlay overlay;
    private int element;

    // The cursor: an attribute of the message itself, edited or not, or one that was added.
    private int nextOffset;
    private int field;
    private int added;
    private boolean ended;

    /** A patch in front of {@link #nextOffset}, or NONE: where to look for the next one. */
    private int passedPatch;

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
        field = NOWHERE;
        added = Overlay.NONE;
        ended = false;
        passedPatch = Overlay.NONE;
    }

    /** Goes to the next attribute; false at the end. */
    public boolean next() {
        Overlay edits = overlay;
        boolean edited = edits != null && edits.edited(element);
        int at = AttributeScan.nextAttribute(bytes, nextOffset, limit, tag);
        while (at >= 0) {
            nextOffset = AttributeScan.fieldEnd(bytes, at);
            int patch = edited ? passPatches(Objects.requireNonNull(edits), at) : Overlay.NONE;
            if (patch == Overlay.NONE) {
                field = at;
                current(bytes, at);
                return true;
            }
            if (!Objects.requireNonNull(edits).removed(patch)) {
                field = at;
                current(edits.arena(), edits.offset(patch));
                return true;
            }
            at = AttributeScan.nextAttribute(bytes, nextOffset, limit, tag);
        }
        nextOffset = limit;
        field = NOWHERE;
        ended |= !edited || !nextAdded(Objects.requireNonNull(edits));
        return !ended;
    }

    /** The patch of the attribute at an offset, or NONE. The walk passes each patch once. */
    private int passPatches(Overlay edits, int at) {
        int patch = passedPatch == Overlay.NONE ? edits.firstPatch(element) : passedPatch;
        while (patch != Overlay.NONE && edits.originalOffset(patch) <= at) {
            passedPatch = patch;
            if (edits.originalOffset(patch) == at) {
                return patch;
            }
            patch = edits.nextEntry(patch);
        }
        return Overlay.NONE;
    }

    private boolean nextAdded(Overlay edits) {
        if (ended) {
            return false;
        }
        added = added == Overlay.NONE ? edits.firstAdded(element) : edits.nextEntry(added);
        while (added != Overlay.NONE && edits.removed(added)) {
            added = edits.nextEntry(added);
        }
        if (added == Overlay.NONE) {
            return false;
        }
        current(edits.arena(), edits.offset(added));
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
        int count = 0;
        for (int at = AttributeScan.nextAttribute(bytes, offset, limit, tag); at >= 0; count++) {
            at = AttributeScan.nextAttribute(bytes, AttributeScan.fieldEnd(bytes, at), limit, tag);
        }
        Overlay edits = overlay;
        if (edits != null && edits.edited(element)) {
            for (int i = edits.firstPatch(element); i != Overlay.NONE; i = edits.nextEntry(i)) {
                count -= edits.removed(i) ? 1 : 0;
            }
            for (int i = edits.firstAdded(element); i != Overlay.NONE; i = edits.nextEntry(i)) {
                count += edits.removed(i) ? 0 : 1;
            }
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
        Overlay edits = overlay;
        if (edits != null && edits.edited(element)) {
            return findEdited(edits, key, into);
        }
        long pattern = AttributeScan.pattern(tag, key);
        long mask = AttributeScan.mask(key);
        byte[] b = bytes;
        for (int at = offset; ; ) {
            at = AttributeScan.candidate(b, at, limit, tag, pattern, mask, pattern, mask);
            if (at < 0) {
                into.wrap(Bytes.EMPTY, 0, 0);
                return false;
            }
            int lengthAt = at + 1;
            int length = b[lengthAt];
            int body = lengthAt + 1;
            if (length < 0 || b[at] != tag) {
                lengthAt = Bytes.varintEnd(b, at);
                length = (int) Bytes.varintAt(b, lengthAt);
                body = Bytes.varintEnd(b, lengthAt);
            }
            at = body + length;
            if (Entry.find(b, body, at, key, into)) {
                return true;
            }
        }
    }

    /** The first in its place: one that no edit touched, one that has the key by an edit, or one that was added. */
    private boolean findEdited(Overlay edits, byte[] key, ValueView into) {
        long pattern = AttributeScan.pattern(tag, key);
        long mask = AttributeScan.mask(key);
        int untouched = original(offset, key, pattern, mask);
        while (untouched >= 0 && edits.patchAt(element, untouched) != Overlay.NONE) {
            untouched = original(AttributeScan.fieldEnd(bytes, untouched), key, pattern, mask);
        }
        for (int i = edits.firstPatch(element); i != Overlay.NONE; i = edits.nextEntry(i)) {
            if (untouched >= 0 && edits.originalOffset(i) > untouched) {
                break;
            }
            if (!edits.removed(i) && findAt(edits.arena(), edits.offset(i), key, into)) {
                return true;
            }
        }
        if (untouched >= 0) {
            return findAt(bytes, untouched, key, into);
        }
        for (int i = edits.firstAdded(element); i != Overlay.NONE; i = edits.nextEntry(i)) {
            if (!edits.removed(i) && findAt(edits.arena(), edits.offset(i), key, into)) {
                return true;
            }
        }
        into.wrap(Bytes.EMPTY, 0, 0);
        return false;
    }

    private static boolean findAt(byte[] b, int field, byte[] key, ValueView into) {
        int lengthAt = Bytes.varintEnd(b, field);
        int start = Bytes.varintEnd(b, lengthAt);
        return Entry.find(b, start, start + (int) Bytes.varintAt(b, lengthAt), key, into);
    }

    /** The first attribute with a key in the message itself, at or behind an offset; -1 when there is none. */
    int original(int from, byte[] key, long pattern, long mask) {
        return AttributeScan.find(bytes, from, limit, tag, key, pattern, mask);
    }

    /** Whether there is an attribute with a key. */
    public boolean contains(byte[] key, ValueView scratch) {
        return find(key, scratch);
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
        current(edits.arena(), edits.offset(at));
    }

    /**
     * Gives all attributes with key {@code from} the key {@code to}, in their places. Attributes that had {@code to} before
     * are removed. Does nothing and returns false when there is no {@code from}.
     */
    public boolean rename(byte[] from, byte[] to) {
        return edits().rename(this, from, to);
    }

    private int currentEntry(Overlay edits) {
        if (field != NOWHERE) {
            return edits.patch(element, field, nextOffset - field);
        }
        if (added == Overlay.NONE) {
            throw new IllegalStateException("no current attribute; call next() first");
        }
        return added;
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
