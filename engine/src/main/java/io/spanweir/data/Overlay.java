package io.spanweir.data;

import io.spanweir.wire.Bytes;
import io.spanweir.wire.OtlpFields;
import io.spanweir.wire.OtlpSchema;
import io.spanweir.wire.WireType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The edits that one pipeline makes to the elements (spans, log records, metrics, resources or scopes) of one part of a batch, kept
 * beside the bytes, which others may share. Views that are wrapped with an overlay read through it, so a later edit sees the
 * result of earlier ones; {@link Splice} writes elements with their edits. Reused: {@link #reset} keeps the arrays.
 * Threading: lane.
 *
 * <p>Nothing is kept of what an edit leaves alone. An edited attribute is a patch: the range of its whole field (tag, length,
 * KeyValue) in the element, and the bytes in the arena that take its place, none when it is removed. The patches of an element
 * are chained in the order of their ranges; attributes that are added have a chain of their own. Other fields are replaced
 * whole: the new bytes, with their tag, stand in the arena and all occurrences in the element are left out.
 *
 * <pre>
 * record: | first patch | last patch | first added | last added | first field | growth |     of an edited element
 * entry:  | original offset, or -1 when added | original length | offset in the arena | length; 0 = removed | next |
 * field:  | tag | offset in the arena | length; 0 = removed | next |
 * </pre>
 */
public final class Overlay {
    /** No record, no entry, no field; the end of a chain. */
    static final int NONE = -1;

    /** Below this a key and a text make an attribute whose lengths take one byte each. */
    private static final int SHORT_KEY_AND_VALUE = 0x80 - 6;

    private static final int RECORD_INTS = 6;
    private static final int FIRST_PATCH = 0;
    private static final int LAST_PATCH = 1;
    private static final int FIRST_ADDED = 2;
    private static final int LAST_ADDED = 3;
    private static final int FIRST_FIELD = 4;
    /** By how many bytes the edits of attributes make the element longer. */
    private static final int GROWTH = 5;

    private static final int ENTRY_INTS = 5;
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

    /** The record of each element, or NONE. */
    private int[] recordOf = {};

    private int[] records = new int[16 * RECORD_INTS];
    private int recordsLength;
    private int[] entries = new int[32 * ENTRY_INTS];
    private int entriesLength;
    private int[] fields = new int[16 * FIELD_INTS];
    private int fieldsLength;
    private byte[] arena = new byte[1024];
    private int arenaLength;
    private int version;

    private Overlay(OtlpSchema.Message element) {
        this(element, "attributes");
    }

    private Overlay(OtlpSchema.Message element, String attributes) {
        attributesFieldNumber = fieldNumber(element, attributes);
        attributesTag = attributesFieldNumber << 3 | WireType.LENGTH;
    }

    private static int fieldNumber(OtlpSchema.Message element, String name) {
        OtlpSchema.Field attributes = element.fieldByJsonName(name);
        if (attributes == null) {
            throw new IllegalArgumentException(element.name() + " has no " + name);
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

    /** For metrics; what counts as their attributes is {@code metadata}. Points are edited through {@link MetricView}. */
    static Overlay ofMetrics() {
        return new Overlay(OtlpSchema.METRIC, "metadata");
    }

    /** For the data points of one metric of a kind. */
    static Overlay ofPoints(OtlpSchema.Message point) {
        return new Overlay(point);
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
        if (recordOf.length < elementCount) {
            recordOf = new int[Math.max(elementCount, 2 * recordOf.length)];
            Arrays.fill(recordOf, NONE);
        } else if (recordsLength > 0) {
            Arrays.fill(recordOf, 0, this.elementCount, NONE);
        }
        this.elementCount = elementCount;
        recordsLength = 0;
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
        return recordsLength > 0 && recordOf[element] != NONE;
    }

    /** Whether one of so many elements has edits. */
    public boolean anyEdited(int firstElement, int count) {
        if (recordsLength == 0) {
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
        return recordsLength / RECORD_INTS;
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

    /** Changes when a field other than the attributes does, so that a view knows when to read again. */
    int version() {
        return version;
    }

    byte[] arena() {
        return arena;
    }

    // Reading edits.

    /** The first patch of an element's attributes, in the order of their offsets; NONE when there is none. */
    int firstPatch(int element) {
        int record = recordOf[element];
        return record == NONE ? NONE : records[record + FIRST_PATCH];
    }

    /** The first attribute that was added to an element, or NONE. */
    int firstAdded(int element) {
        int record = recordOf[element];
        return record == NONE ? NONE : records[record + FIRST_ADDED];
    }

    /** The entry behind a patch or an added attribute, or NONE. */
    int nextEntry(int entry) {
        return entries[entry + NEXT];
    }

    /** The patch of the attribute whose tag is at an offset, or NONE. */
    int patchAt(int element, int originalOffset) {
        int record = recordOf[element];
        if (record == NONE || records[record + LAST_PATCH] == NONE) {
            return NONE;
        }
        int last = records[record + LAST_PATCH];
        if (entries[last + ORIGINAL_OFFSET] <= originalOffset) {
            return entries[last + ORIGINAL_OFFSET] == originalOffset ? last : NONE;
        }
        int patch = records[record + FIRST_PATCH];
        while (entries[patch + ORIGINAL_OFFSET] < originalOffset) {
            patch = entries[patch + NEXT];
        }
        return entries[patch + ORIGINAL_OFFSET] == originalOffset ? patch : NONE;
    }

    boolean removed(int entry) {
        return entries[entry + LENGTH] == 0;
    }

    /** Where what a patch replaces begins. */
    int originalOffset(int patch) {
        return entries[patch + ORIGINAL_OFFSET];
    }

    /** The offset behind what a patch replaces. */
    int originalEnd(int patch) {
        return entries[patch + ORIGINAL_OFFSET] + entries[patch + ORIGINAL_LENGTH];
    }

    /** Where the new attribute is in the arena. */
    int offset(int entry) {
        return entries[entry + OFFSET];
    }

    int length(int entry) {
        return entries[entry + LENGTH];
    }

    /** By how many bytes the edits of an element's attributes make it longer. */
    int growth(int element) {
        int record = recordOf[element];
        return record == NONE ? 0 : records[record + GROWTH];
    }

    int firstField(int element) {
        int record = recordOf[element];
        return record == NONE ? NONE : records[record + FIRST_FIELD];
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
        int field = firstField(element);
        while (field != NONE && fields[field + FIELD_TAG] != tag) {
            field = fields[field + FIELD_NEXT];
        }
        return field;
    }

    // Editing attributes.

    private int record(int element) {
        int record = recordOf[element];
        return record == NONE ? newRecord(element) : record;
    }

    private int newRecord(int element) {
        assert element >= 0 && element < elementCount : element;
        int record = recordsLength;
        if (record == records.length) {
            records = Arrays.copyOf(records, 2 * record);
        }
        records[record + FIRST_PATCH] = NONE;
        records[record + LAST_PATCH] = NONE;
        records[record + FIRST_ADDED] = NONE;
        records[record + LAST_ADDED] = NONE;
        records[record + FIRST_FIELD] = NONE;
        records[record + GROWTH] = 0;
        recordsLength = record + RECORD_INTS;
        recordOf[element] = record;
        return record;
    }

    private int newEntry(int originalOffset, int originalLength) {
        int entry = entriesLength;
        if (entry == entries.length) {
            entries = Arrays.copyOf(entries, 2 * entry);
        }
        entries[entry + ORIGINAL_OFFSET] = originalOffset;
        entries[entry + ORIGINAL_LENGTH] = originalLength;
        entries[entry + OFFSET] = 0;
        entries[entry + LENGTH] = 0;
        entries[entry + NEXT] = NONE;
        entriesLength = entry + ENTRY_INTS;
        return entry;
    }

    /** The patch of an attribute, which is a removal until it is given bytes. Cheap in the order of the attributes. */
    int patch(int element, int originalOffset, int originalLength) {
        int record = record(element);
        int before = records[record + LAST_PATCH];
        if (before != NONE && entries[before + ORIGINAL_OFFSET] >= originalOffset) {
            before = NONE;
            int at = records[record + FIRST_PATCH];
            while (entries[at + ORIGINAL_OFFSET] < originalOffset) {
                before = at;
                at = entries[at + NEXT];
            }
            if (entries[at + ORIGINAL_OFFSET] == originalOffset) {
                return at;
            }
        }
        int patch = newEntry(originalOffset, originalLength);
        if (before == NONE) {
            entries[patch + NEXT] = records[record + FIRST_PATCH];
            records[record + FIRST_PATCH] = patch;
        } else {
            entries[patch + NEXT] = entries[before + NEXT];
            entries[before + NEXT] = patch;
        }
        if (entries[patch + NEXT] == NONE) {
            records[record + LAST_PATCH] = patch;
        }
        records[record + GROWTH] -= originalLength;
        return patch;
    }

    private int addEntry(int element) {
        int record = record(element);
        int entry = newEntry(-1, 0);
        int last = records[record + LAST_ADDED];
        if (last == NONE) {
            records[record + FIRST_ADDED] = entry;
        } else {
            entries[last + NEXT] = entry;
        }
        records[record + LAST_ADDED] = entry;
        return entry;
    }

    private boolean keyIs(int entry, byte[] key) {
        return !removed(entry) && AttributeScan.keyIs(arena, entries[entry + OFFSET], key);
    }

    void removeEntry(int element, int entry) {
        records[recordOf[element] + GROWTH] -= entries[entry + LENGTH];
        entries[entry + LENGTH] = 0;
    }

    /** The patch of an original attribute that is known to be there. */
    private int patchOf(AttributesView view, int field) {
        return patch(view.element(), field, AttributeScan.fieldEnd(view.bytes(), field) - field);
    }

    boolean remove(AttributesView view, byte[] key) {
        int element = view.element();
        boolean any = false;
        for (int patch = firstPatch(element); patch != NONE; patch = entries[patch + NEXT]) {
            if (keyIs(patch, key)) {
                removeEntry(element, patch);
                any = true;
            }
        }
        long pattern = AttributeScan.pattern(attributesTag, key);
        long mask = AttributeScan.mask(key);
        for (int field = view.original(view.offset(), key, pattern, mask); field >= 0; ) {
            if (patchAt(element, field) == NONE) {
                patchOf(view, field);
                any = true;
            }
            field = view.original(AttributeScan.fieldEnd(view.bytes(), field), key, pattern, mask);
        }
        for (int added = firstAdded(element); added != NONE; added = entries[added + NEXT]) {
            if (keyIs(added, key)) {
                removeEntry(element, added);
                any = true;
            }
        }
        return any;
    }

    boolean rename(AttributesView view, byte[] from, byte[] to) {
        int element = view.element();
        if (firstPatch(element) != NONE || firstAdded(element) != NONE) {
            return renameEdited(view, from, to);
        }
        byte[] b = view.bytes();
        long pattern = AttributeScan.pattern(attributesTag, from);
        long mask = AttributeScan.mask(from);
        long otherPattern = AttributeScan.pattern(attributesTag, to);
        long otherMask = AttributeScan.mask(to);
        int found = NONE;
        boolean single = true;
        int limit = view.limit();
        int end = view.offset();
        while (true) {
            int field = AttributeScan.candidate(b, end, limit, attributesTag, pattern, mask, otherPattern, otherMask);
            if (field < 0) {
                break;
            }
            if (AttributeScan.keyIs(b, field, from)) {
                single &= found == NONE;
                found = field;
            } else if (AttributeScan.keyIs(b, field, to)) {
                single = false;
            }
            end = AttributeScan.fieldEnd(b, field);
        }
        if (found == NONE || Arrays.equals(from, to)) {
            return found != NONE;
        }
        if (!single) {
            return renameEdited(view, from, to);
        }
        renameTo(view.element(), patchOf(view, found), b, found, to);
        return true;
    }

    /** The same for an element that has edits already, or several attributes with one of the keys. */
    private boolean renameEdited(AttributesView view, byte[] from, byte[] to) {
        if (!view.find(from, scratch)) {
            return false;
        }
        if (Arrays.equals(from, to)) {
            return true;
        }
        remove(view, to);
        int element = view.element();
        long pattern = AttributeScan.pattern(attributesTag, from);
        long mask = AttributeScan.mask(from);
        for (int field = view.original(view.offset(), from, pattern, mask); field >= 0; ) {
            if (patchAt(element, field) == NONE) {
                renameTo(element, patchOf(view, field), view.bytes(), field, to);
            }
            field = view.original(AttributeScan.fieldEnd(view.bytes(), field), from, pattern, mask);
        }
        for (int patch = firstPatch(element); patch != NONE; patch = entries[patch + NEXT]) {
            if (keyIs(patch, from)) {
                renameTo(element, patch, null, entries[patch + OFFSET], to);
            }
        }
        for (int added = firstAdded(element); added != NONE; added = entries[added + NEXT]) {
            if (keyIs(added, from)) {
                renameTo(element, added, null, entries[added + OFFSET], to);
            }
        }
        return true;
    }

    private final ValueView scratch = new ValueView();

    /**
     * Gives an entry a copy of a KeyValue with another key; all its other fields stay, unknown ones too.
     *
     * @param original the array of the attribute; null: the arena
     * @param field where its tag is
     */
    private void renameTo(int element, int entry, byte @Nullable [] original, int field, byte[] to) {
        byte[] from = original == null ? arena : original;
        int lengthAt = Bytes.varintEnd(from, field);
        int start = Bytes.varintEnd(from, lengthAt);
        int end = start + (int) Bytes.varintAt(from, lengthAt);
        if (end - start >= 4 && from[start + 1] >= 0 && Entry.usual(from, start, end, from[start + 1])) {
            int value = start + 2 + from[start + 1];
            int valueField = end - value;
            int at;
            if (to.length + valueField < 0x80 - 2) {
                ensure(4 + to.length + valueField);
                at = arenaLength + 4;
                int body = 2 + to.length + valueField;
                int head = attributesTag | body << 8 | OtlpFields.KEY_VALUE_KEY << 16 | to.length << 24;
                Bytes.putInt(arena, arenaLength, head);
                System.arraycopy(to, 0, arena, at, to.length);
                at += to.length;
            } else {
                at = openAttribute(1 + Bytes.varintLength(to.length) + to.length + valueField);
                at = putLengthField(at, OtlpFields.KEY_VALUE_KEY, to, 0, to.length);
            }
            System.arraycopy(original == null ? arena : original, value, arena, at, valueField);
            closeEntry(element, entry, at + valueField);
            return;
        }
        int rest = copyWithoutKey(from, start, end, null, 0);
        int at = openAttribute(1 + Bytes.varintLength(to.length) + to.length + rest);
        at = putLengthField(at, OtlpFields.KEY_VALUE_KEY, to, 0, to.length);
        byte[] source = original == null ? arena : original; // the arena may have grown
        at = copyWithoutKey(source, start, end, arena, at);
        closeEntry(element, entry, at);
    }

    /** Copies the fields of a KeyValue but its key, or measures them when there is no target; returns the offset behind. */
    private static int copyWithoutKey(byte[] from, int start, int end, byte @Nullable [] target, int targetOffset) {
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
        return to;
    }

    void putLengthValue(AttributesView view, byte[] key, int memberTag, byte[] value, int offset, int length) {
        int entry = entryToSet(view, key);
        if (key.length + length < SHORT_KEY_AND_VALUE) {
            closeEntry(view.element(), entry, putShort(key, memberTag, value, offset, length));
            return;
        }
        int member = 1 + Bytes.varintLength(length) + length;
        int at = openKeyValue(key, 0, key.length, member);
        at = putLengthField(at, memberTag, value, offset, length);
        closeEntry(view.element(), entry, at);
    }

    /** Writes an attribute whose lengths all take one byte; returns the offset behind it. */
    private int putShort(byte[] key, int memberTag, byte[] value, int offset, int length) {
        ensure(8 + key.length + length);
        byte[] to = arena;
        int at = arenaLength;
        int body = 6 + key.length + length;
        Bytes.putInt(to, at, attributesTag | body << 8 | OtlpFields.KEY_VALUE_KEY << 16 | key.length << 24);
        at += 4;
        System.arraycopy(key, 0, to, at, key.length);
        at += key.length;
        Bytes.putInt(to, at, OtlpFields.KEY_VALUE_VALUE | length + 2 << 8 | memberTag << 16 | length << 24);
        at += 4;
        System.arraycopy(value, offset, to, at, length);
        return at + length;
    }

    void putVarintValue(AttributesView view, byte[] key, int memberTag, long value) {
        int entry = entryToSet(view, key);
        int at = openKeyValue(key, 0, key.length, 1 + Bytes.varintLength(value));
        arena[at++] = (byte) memberTag;
        at = Bytes.putVarint(arena, at, value);
        closeEntry(view.element(), entry, at);
    }

    void putDoubleValue(AttributesView view, byte[] key, double value) {
        int entry = entryToSet(view, key);
        int at = openKeyValue(key, 0, key.length, 9);
        arena[at++] = (byte) OtlpFields.ANY_VALUE_DOUBLE_VALUE;
        Bytes.putLong(arena, at, Double.doubleToRawLongBits(value));
        closeEntry(view.element(), entry, at + 8);
    }

    void putValue(AttributesView view, byte[] key, byte[] value, int offset, int length) {
        int entry = entryToSet(view, key);
        int at = openKeyValue(key, 0, key.length, length);
        System.arraycopy(value, offset, arena, at, length);
        closeEntry(view.element(), entry, at + length);
    }

    void replaceWithString(
            int element, int entry, byte[] key, int keyOffset, int keyLength, byte[] text, int offset, int length) {
        int at = openKeyValue(key, keyOffset, keyLength, 1 + Bytes.varintLength(length) + length);
        at = putLengthField(at, OtlpFields.ANY_VALUE_STRING_VALUE, text, offset, length);
        closeEntry(element, entry, at);
    }

    /** The first entry with a key, others removed; a new one at the end when there is none. */
    private int entryToSet(AttributesView view, byte[] key) {
        int element = view.element();
        int found = NONE;
        for (int patch = firstPatch(element); patch != NONE; patch = entries[patch + NEXT]) {
            if (keyIs(patch, key)) {
                if (found == NONE) {
                    found = patch;
                } else {
                    removeEntry(element, patch);
                }
            }
        }
        long pattern = AttributeScan.pattern(attributesTag, key);
        long mask = AttributeScan.mask(key);
        for (int field = view.original(view.offset(), key, pattern, mask); field >= 0; ) {
            if (patchAt(element, field) == NONE) {
                int patch = patchOf(view, field);
                if (found == NONE || field < entries[found + ORIGINAL_OFFSET]) {
                    if (found != NONE) {
                        removeEntry(element, found);
                    }
                    found = patch;
                }
            }
            field = view.original(AttributeScan.fieldEnd(view.bytes(), field), key, pattern, mask);
        }
        for (int added = firstAdded(element); added != NONE; added = entries[added + NEXT]) {
            if (keyIs(added, key)) {
                if (found == NONE) {
                    found = added;
                } else {
                    removeEntry(element, added);
                }
            }
        }
        return found == NONE ? addEntry(element) : found;
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

    private void closeEntry(int element, int entry, int end) {
        int length = end - arenaLength;
        records[recordOf[element] + GROWTH] += length - entries[entry + LENGTH];
        entries[entry + OFFSET] = arenaLength;
        entries[entry + LENGTH] = length;
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
        int record = record(element);
        int field = field(element, tag);
        if (field == NONE) {
            if (fieldsLength == fields.length) {
                fields = Arrays.copyOf(fields, 2 * fields.length);
            }
            field = fieldsLength;
            fieldsLength += FIELD_INTS;
            fields[field + FIELD_TAG] = tag;
            fields[field + FIELD_NEXT] = records[record + FIRST_FIELD];
            records[record + FIRST_FIELD] = field;
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
