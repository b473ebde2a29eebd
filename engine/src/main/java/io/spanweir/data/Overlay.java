package io.spanweir.data;

import io.spanweir.wire.Bytes;
import io.spanweir.wire.OtlpFields;
import io.spanweir.wire.OtlpSchema;
import io.spanweir.wire.WireType;
import java.util.Arrays;

/**
 * The edits that one pipeline makes to the elements (spans, log records, resources or scopes) of one part of a batch, kept
 * beside the bytes, which others may share. Views that are wrapped with an overlay read through it, so a later edit sees the
 * result of earlier ones; {@link Splice} writes elements with their edits. Reused: {@link #reset} keeps the arrays.
 * Threading: lane.
 *
 * <p>The first edit of an element's attributes makes a list of them: one entry each, in order, that refers to the whole field
 * (tag, length, KeyValue) where it stands; edits let an entry refer to new bytes in the arena, or to nothing. Other fields
 * are replaced whole: the new bytes, with their tag, stand in the arena and all occurrences in the element are left out.
 *
 * <pre>
 * entry: | original offset, or -1 when added | original length | offset; ~offset in the arena | length; 0 = removed | next |
 * field: | tag | offset in the arena | length; 0 = removed | next |
 * </pre>
 */
public final class Overlay {
    /** No list: the attributes of the element are as they were. */
    static final int NONE = -1;

    /** The end of a list. */
    static final int END = -2;

    static final int ENTRY_INTS = 5;
    private static final int ORIGINAL_OFFSET = 0;
    private static final int ORIGINAL_LENGTH = 1;
    private static final int OFFSET = 2;
    private static final int LENGTH = 3;
    private static final int NEXT = 4;

    private static final int FIELD_INTS = 4;
    private static final int FIELD_TAG = 0;
    private static final int FIELD_OFFSET = 1;
    private static final int FIELD_LENGTH = 2;
    private static final int FIELD_NEXT = 3;

    private final int attributesFieldNumber;
    private final int attributesTag;
    private int elementCount;
    private int editedCount;

    // Per element: the first and last entry of its list, the first of its fields.
    private int[] firstEntry = {};
    private int[] lastEntry = {};
    private int[] firstField = {};

    private int[] entries = new int[64 * ENTRY_INTS];
    private int entriesLength;
    private int[] fields = new int[16 * FIELD_INTS];
    private int fieldsLength;
    private byte[] arena = new byte[1024];
    private int arenaLength;
    private int version;

    private Overlay(OtlpSchema.Message element) {
        attributesFieldNumber = attributesNumber(element);
        attributesTag = attributesFieldNumber << 3 | WireType.LENGTH;
    }

    private static int attributesNumber(OtlpSchema.Message element) {
        OtlpSchema.Field attributes = element.fieldByJsonName("attributes");
        if (attributes == null) {
            throw new IllegalArgumentException(element.name() + " has no attributes");
        }
        return attributes.number();
    }

    /** For spans. */
    public static Overlay ofSpans() {
        return new Overlay(OtlpSchema.SPAN);
    }

    /** For log records. */
    public static Overlay ofLogRecords() {
        return new Overlay(OtlpSchema.LOG_RECORD);
    }

    /** For resources; the element is the index of the group. */
    public static Overlay ofResources() {
        return new Overlay(OtlpSchema.RESOURCE);
    }

    /** For scopes; the element is the index of the group. */
    public static Overlay ofScopes() {
        return new Overlay(OtlpSchema.SCOPE);
    }

    /** Forgets all edits and takes elements 0 to {@code elementCount} - 1. */
    public void reset(int elementCount) {
        if (firstEntry.length < elementCount) {
            int capacity = Math.max(elementCount, 2 * firstEntry.length);
            firstEntry = new int[capacity];
            lastEntry = new int[capacity];
            firstField = new int[capacity];
            Arrays.fill(firstEntry, NONE);
            Arrays.fill(firstField, NONE);
        } else if (editedCount > 0) {
            Arrays.fill(firstEntry, 0, this.elementCount, NONE);
            Arrays.fill(firstField, 0, this.elementCount, NONE);
        }
        this.elementCount = elementCount;
        editedCount = 0;
        entriesLength = 0;
        fieldsLength = 0;
        arenaLength = 0;
        version++;
    }

    public int elementCount() {
        return elementCount;
    }

    /** Whether an element has edits. */
    public boolean edited(int element) {
        assert element >= 0 && element < elementCount : element;
        return editedCount > 0 && (firstEntry[element] != NONE || firstField[element] != NONE);
    }

    /** Whether one of so many elements has edits; metrics, which have none, may ask too. */
    public boolean anyEdited(int firstElement, int count) {
        if (editedCount == 0) {
            return false;
        }
        for (int element = firstElement; element < firstElement + count; element++) {
            if (edited(element)) {
                return true;
            }
        }
        return false;
    }

    /** How many elements have edits. */
    public int editedCount() {
        return editedCount;
    }

    /** Bytes of the new values; together with the length of an element an upper bound of its length when written. */
    public int arenaBytes() {
        return arenaLength;
    }

    int attributesFieldNumber() {
        return attributesFieldNumber;
    }

    int attributesTag() {
        return attributesTag;
    }

    /** Changes with every edit, so that a view knows when to read again. */
    int version() {
        return version;
    }

    byte[] arena() {
        return arena;
    }

    // Reading lists.

    int firstAttribute(int element) {
        assert element >= 0 && element < elementCount : element;
        return firstEntry[element];
    }

    int nextAttribute(int entry) {
        return entries[entry + NEXT];
    }

    boolean removed(int entry) {
        return entries[entry + LENGTH] == 0;
    }

    /** Whether the entry refers to what the element itself holds. */
    boolean untouched(int entry) {
        return entries[entry + OFFSET] == entries[entry + ORIGINAL_OFFSET];
    }

    boolean added(int entry) {
        return entries[entry + ORIGINAL_OFFSET] < 0;
    }

    byte[] source(int entry, byte[] original) {
        return entries[entry + OFFSET] < 0 ? arena : original;
    }

    int offset(int entry) {
        int offset = entries[entry + OFFSET];
        return offset < 0 ? ~offset : offset;
    }

    int length(int entry) {
        return entries[entry + LENGTH];
    }

    int firstField(int element) {
        return firstField[element];
    }

    int nextField(int field) {
        return fields[field + FIELD_NEXT];
    }

    int fieldTag(int field) {
        return fields[field + FIELD_TAG];
    }

    int fieldOffset(int field) {
        return fields[field + FIELD_OFFSET];
    }

    int fieldLength(int field) {
        return fields[field + FIELD_LENGTH];
    }

    /** The replacement of a field, or NONE. */
    int field(int element, int tag) {
        int field = firstField[element];
        while (field != NONE && fields[field + FIELD_TAG] != tag) {
            field = fields[field + FIELD_NEXT];
        }
        return field;
    }

    // Editing attributes.

    /** The list of an element's attributes, made if need be. */
    int attributes(AttributesView view) {
        int element = view.element();
        if (firstEntry[element] != NONE) {
            return firstEntry[element];
        }
        touch(element);
        byte[] bytes = view.bytes();
        firstEntry[element] = END;
        for (int at = view.offset(); at < view.limit(); ) {
            int field = at;
            int tag = (int) Bytes.varintAt(bytes, field);
            at = Bytes.valueEnd(bytes, Bytes.varintEnd(bytes, field), tag);
            if (tag == attributesTag) {
                addEntry(element, field, at - field, field, at - field);
            }
        }
        return firstEntry[element];
    }

    private void touch(int element) {
        if (firstEntry[element] == NONE && firstField[element] == NONE) {
            editedCount++;
        }
    }

    private void addEntry(int element, int originalOffset, int originalLength, int offset, int length) {
        if (entriesLength == entries.length) {
            entries = Arrays.copyOf(entries, 2 * entries.length);
        }
        int entry = entriesLength;
        entriesLength += ENTRY_INTS;
        entries[entry + ORIGINAL_OFFSET] = originalOffset;
        entries[entry + ORIGINAL_LENGTH] = originalLength;
        entries[entry + OFFSET] = offset;
        entries[entry + LENGTH] = length;
        entries[entry + NEXT] = END;
        if (firstEntry[element] == END) {
            firstEntry[element] = entry;
        } else {
            entries[lastEntry[element] + NEXT] = entry;
        }
        lastEntry[element] = entry;
    }

    private boolean keyIs(int entry, byte[] original, byte[] key) {
        byte[] from = source(entry, original);
        int lengthAt = Bytes.varintEnd(from, offset(entry));
        return Entry.keyIs(from, Bytes.varintEnd(from, lengthAt), offset(entry) + length(entry), key);
    }

    void removeEntry(int element, int entry) {
        assert firstEntry[element] != NONE;
        entries[entry + OFFSET] = ~arenaLength;
        entries[entry + LENGTH] = 0;
        version++;
    }

    boolean remove(AttributesView view, byte[] key) {
        if (!contains(view, key)) {
            return false;
        }
        removeFrom(view, attributes(view), key);
        version++;
        return true;
    }

    /** Without making a list: a removal that finds nothing must not make the element an edited one. */
    private boolean contains(AttributesView view, byte[] key) {
        return view.find(key, scratch);
    }

    private final ValueView scratch = new ValueView();

    private void removeFrom(AttributesView view, int first, byte[] key) {
        for (int entry = first; entry != END; entry = nextAttribute(entry)) {
            if (!removed(entry) && keyIs(entry, view.bytes(), key)) {
                removeEntry(view.element(), entry);
            }
        }
    }

    boolean rename(AttributesView view, byte[] from, byte[] to) {
        if (!contains(view, from)) {
            return false;
        }
        if (Arrays.equals(from, to)) {
            return true;
        }
        int first = attributes(view);
        removeFrom(view, first, to);
        for (int entry = first; entry != END; entry = nextAttribute(entry)) {
            if (!removed(entry) && keyIs(entry, view.bytes(), from)) {
                renameEntry(entry, view.bytes(), to);
            }
        }
        version++;
        return true;
    }

    /** Copies a KeyValue with another key; all its other fields stay, unknown ones too. */
    private void renameEntry(int entry, byte[] original, byte[] to) {
        byte[] from = source(entry, original);
        int lengthAt = Bytes.varintEnd(from, offset(entry));
        int start = Bytes.varintEnd(from, lengthAt);
        int end = offset(entry) + length(entry);
        int rest = copyWithoutKey(from, start, end, null, 0);
        int keyField = 1 + Bytes.varintLength(to.length) + to.length;
        int at = openAttribute(keyField + rest);
        int field = arenaLength;
        at = putLengthField(at, OtlpFields.KEY_VALUE_KEY, to, 0, to.length);
        at = copyWithoutKey(from, start, end, arena, at);
        closeEntry(entry, field, at);
    }

    private static int copyWithoutKey(
            byte[] from, int start, int end, byte @org.jspecify.annotations.Nullable [] target, int targetOffset) {
        int to = targetOffset;
        for (int at = start; at < end; ) {
            int field = at;
            int tag = (int) Bytes.varintAt(from, field);
            at = Bytes.valueEnd(from, Bytes.varintEnd(from, field), tag);
            if (tag != OtlpFields.KEY_VALUE_KEY) {
                if (target != null) {
                    System.arraycopy(from, field, target, to, at - field);
                }
                to += at - field;
            }
        }
        return to - targetOffset + (target == null ? 0 : targetOffset);
    }

    void putLengthValue(AttributesView view, byte[] key, int memberTag, byte[] value, int offset, int length) {
        int entry = entryToSet(view, key);
        int member = 1 + Bytes.varintLength(length) + length;
        int field = arenaLength;
        int at = openKeyValue(key, 0, key.length, member);
        at = putLengthField(at, memberTag, value, offset, length);
        closeEntry(entry, field, at);
    }

    void putVarintValue(AttributesView view, byte[] key, int memberTag, long value) {
        int entry = entryToSet(view, key);
        int field = arenaLength;
        int at = openKeyValue(key, 0, key.length, 1 + Bytes.varintLength(value));
        arena[at++] = (byte) memberTag;
        at = Bytes.putVarint(arena, at, value);
        closeEntry(entry, field, at);
    }

    void putDoubleValue(AttributesView view, byte[] key, double value) {
        int entry = entryToSet(view, key);
        int field = arenaLength;
        int at = openKeyValue(key, 0, key.length, 9);
        arena[at++] = (byte) OtlpFields.ANY_VALUE_DOUBLE_VALUE;
        Bytes.putLong(arena, at, Double.doubleToRawLongBits(value));
        closeEntry(entry, field, at + 8);
    }

    void putValue(AttributesView view, byte[] key, byte[] value, int offset, int length) {
        int entry = entryToSet(view, key);
        int field = arenaLength;
        int at = openKeyValue(key, 0, key.length, length);
        System.arraycopy(value, offset, arena, at, length);
        closeEntry(entry, field, at + length);
    }

    void replaceWithString(
            int element, int entry, byte[] key, int keyOffset, int keyLength, byte[] text, int offset, int length) {
        assert firstEntry[element] != NONE;
        int field = arenaLength;
        int at = openKeyValue(key, keyOffset, keyLength, 1 + Bytes.varintLength(length) + length);
        at = putLengthField(at, OtlpFields.ANY_VALUE_STRING_VALUE, text, offset, length);
        closeEntry(entry, field, at);
    }

    /** The first entry with a key, others removed; a new one at the end when there is none. */
    private int entryToSet(AttributesView view, byte[] key) {
        int found = NONE;
        for (int entry = attributes(view); entry != END; entry = nextAttribute(entry)) {
            if (!removed(entry) && keyIs(entry, view.bytes(), key)) {
                if (found == NONE) {
                    found = entry;
                } else {
                    removeEntry(view.element(), entry);
                }
            }
        }
        if (found == NONE) {
            addEntry(view.element(), -1, 0, ~arenaLength, 0);
            found = lastEntry[view.element()];
        }
        version++;
        return found;
    }

    /** Writes tag and length of an attribute; returns where its body begins. */
    private int openAttribute(int bodyLength) {
        ensure(2 * Bytes.VARINT_LENGTH_MAX + bodyLength);
        int at = Bytes.putVarint(arena, arenaLength, attributesTag);
        return Bytes.putVarint(arena, at, bodyLength);
    }

    /** Writes all of an attribute but the value's message; returns where that begins. */
    private int openKeyValue(byte[] key, int keyOffset, int keyLength, int valueLength) {
        int body = 1 + Bytes.varintLength(keyLength) + keyLength + 1 + Bytes.varintLength(valueLength) + valueLength;
        int at = openAttribute(body);
        at = putLengthField(at, OtlpFields.KEY_VALUE_KEY, key, keyOffset, keyLength);
        arena[at++] = (byte) OtlpFields.KEY_VALUE_VALUE;
        return Bytes.putVarint(arena, at, valueLength);
    }

    private int putLengthField(int at, int tag, byte[] source, int offset, int length) {
        int to = Bytes.putVarint(arena, at, tag);
        to = Bytes.putVarint(arena, to, length);
        System.arraycopy(source, offset, arena, to, length);
        return to + length;
    }

    private void closeEntry(int entry, int field, int end) {
        entries[entry + OFFSET] = ~field;
        entries[entry + LENGTH] = end - field;
        arenaLength = end;
    }

    // Replacing fields.

    /** Replaces a field by another of the same tag whose value has a length. */
    void putField(int element, int tag, byte[] source, int offset, int length) {
        ensure(2 * Bytes.VARINT_LENGTH_MAX + length);
        closeField(element, tag, putLengthField(arenaLength, tag, source, offset, length));
    }

    /** Replaces a field by another with a varint. */
    void putField(int element, int tag, long value) {
        ensure(2 * Bytes.VARINT_LENGTH_MAX);
        int at = Bytes.putVarint(arena, arenaLength, tag);
        closeField(element, tag, Bytes.putVarint(arena, at, value));
    }

    /** Replaces a field by another with eight bytes. */
    void putFixed64(int element, int tag, long value) {
        ensure(Bytes.VARINT_LENGTH_MAX + 8);
        int at = Bytes.putVarint(arena, arenaLength, tag);
        Bytes.putLong(arena, at, value);
        closeField(element, tag, at + 8);
    }

    /** Replaces the field body of a log record by a string. */
    void putStringBody(int element, byte[] text, int offset, int length) {
        ensure(4 * Bytes.VARINT_LENGTH_MAX + length);
        int at = Bytes.putVarint(arena, arenaLength, OtlpFields.LOG_RECORD_BODY);
        at = Bytes.putVarint(arena, at, 1 + Bytes.varintLength(length) + length);
        at = putLengthField(at, OtlpFields.ANY_VALUE_STRING_VALUE, text, offset, length);
        closeField(element, OtlpFields.LOG_RECORD_BODY, at);
    }

    /** Replaces the field status. */
    void putStatus(int element, int code, byte[] message, int offset, int length) {
        ensure(5 * Bytes.VARINT_LENGTH_MAX + length);
        int messageField = length == 0 ? 0 : 1 + Bytes.varintLength(length) + length;
        int codeField = code == 0 ? 0 : 1 + Bytes.varintLength(code);
        int at = Bytes.putVarint(arena, arenaLength, OtlpFields.SPAN_STATUS);
        at = Bytes.putVarint(arena, at, messageField + codeField);
        if (length > 0) {
            at = putLengthField(at, OtlpFields.STATUS_MESSAGE, message, offset, length);
        }
        if (code != 0) {
            arena[at++] = (byte) OtlpFields.STATUS_CODE;
            at = Bytes.putVarint(arena, at, code);
        }
        closeField(element, OtlpFields.SPAN_STATUS, at);
    }

    private void closeField(int element, int tag, int end) {
        assert element >= 0 && element < elementCount : element;
        touch(element);
        int field = field(element, tag);
        if (field == NONE) {
            if (fieldsLength == fields.length) {
                fields = Arrays.copyOf(fields, 2 * fields.length);
            }
            field = fieldsLength;
            fieldsLength += FIELD_INTS;
            fields[field + FIELD_TAG] = tag;
            fields[field + FIELD_NEXT] = firstField[element];
            firstField[element] = field;
        }
        fields[field + FIELD_OFFSET] = arenaLength;
        fields[field + FIELD_LENGTH] = end - arenaLength;
        arenaLength = end;
        version++;
    }

    private void ensure(int more) {
        if (arena.length - arenaLength < more) {
            arena = Arrays.copyOf(arena, Math.max(2 * arena.length, Math.addExact(arenaLength, more)));
        }
    }
}
