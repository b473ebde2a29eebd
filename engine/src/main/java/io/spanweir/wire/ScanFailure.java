package io.spanweir.wire;

import java.util.Arrays;

/** What a scan did not accept and where; text is made of it on demand. Threading: one thread. */
final class ScanFailure {
    private enum Kind {
        NONE,
        TAG,
        VARINT_CUT,
        VARINT_LONG,
        CUT,
        NEGATIVE_LENGTH,
        TEXT,
        ID,
        PACKED,
        GROUP_END,
        GROUP_OPEN,
        GROUP_DEPTH(true),
        VALUE_DEPTH(true),
        ATTRIBUTES(true),
        ITEMS(true),
        MESSAGE_LENGTH(true);

        final boolean limit;

        Kind() {
            this(false);
        }

        Kind(boolean limit) {
            this.limit = limit;
        }
    }

    private static final int PATH_BLOCK = 32;

    private final OtlpLimits limits;
    private Kind kind = Kind.NONE;
    private byte[] bytes = Bytes.EMPTY;
    private int at;
    private int found;
    private int expected;

    // The levels above the place, innermost first: the message and where it and its field begin.
    private int levelCount;
    private OtlpTable[] tables = new OtlpTable[PATH_BLOCK];
    private int[] starts = new int[PATH_BLOCK];
    private int[] fields = new int[PATH_BLOCK];

    ScanFailure(OtlpLimits limits) {
        this.limits = limits;
    }

    void clear(byte[] bytes) {
        this.bytes = bytes;
        kind = Kind.NONE;
        levelCount = 0;
    }

    boolean overLimit() {
        return kind.limit;
    }

    private int set(Kind kind, int at, int found, int expected) {
        if (this.kind == Kind.NONE) {
            this.kind = kind;
            this.at = at;
            this.found = found;
            this.expected = expected;
        }
        return -1;
    }

    private boolean refuse(Kind kind, int at, int found, int expected) {
        set(kind, at, found, expected);
        return false;
    }

    /** Adds the level that is being left; always false. */
    boolean unwind(OtlpTable table, int start, int field) {
        if (levelCount == tables.length) {
            tables = Arrays.copyOf(tables, 2 * levelCount);
            starts = Arrays.copyOf(starts, 2 * levelCount);
            fields = Arrays.copyOf(fields, 2 * levelCount);
        }
        tables[levelCount] = table;
        starts[levelCount] = start;
        fields[levelCount++] = field;
        return false;
    }

    int tag(int field, int tag) {
        return set(Kind.TAG, field, tag, 0);
    }

    int varint(int at, int end) {
        return end - at >= Bytes.VARINT_LENGTH_MAX ? set(Kind.VARINT_LONG, at, 0, 0) : set(Kind.VARINT_CUT, at, 0, 0);
    }

    /** A length that leads past the end, unless its varint has failed already. */
    void cut(int field, int value, int size, int end) {
        set(Kind.CUT, value < 0 ? field : value, value < 0 ? 0 : end - value, size);
    }

    int shortOf(int at, int size, int end) {
        return set(Kind.CUT, at, end - at, size);
    }

    int negativeLength(int at, int length) {
        return set(Kind.NEGATIVE_LENGTH, at, length, 0);
    }

    boolean text(byte[] bytes, int offset, int end) {
        int problem = Bytes.utf8ProblemOffset(bytes, offset, end - offset);
        return refuse(Kind.TEXT, problem, bytes[problem] & 0xFF, 0);
    }

    boolean id(int at, int length, int expectedLength) {
        return refuse(Kind.ID, at, length, expectedLength);
    }

    boolean packed(int at, int length) {
        return refuse(Kind.PACKED, at, length, 8);
    }

    int groupEnd(int at, int number, int openNumber) {
        return set(Kind.GROUP_END, at, number, openNumber);
    }

    int openGroup(int at, int number) {
        return set(Kind.GROUP_OPEN, at, number, 0);
    }

    int deepGroup(int at) {
        return set(Kind.GROUP_DEPTH, at, 0, OtlpValidator.GROUP_DEPTH_MAX);
    }

    boolean deepValue(int at) {
        return refuse(Kind.VALUE_DEPTH, at, 0, limits.maxAnyValueDepth());
    }

    boolean manyAttributes(int at) {
        return refuse(Kind.ATTRIBUTES, at, 0, limits.maxAttributesPerElement());
    }

    boolean manyItems(int at) {
        return refuse(Kind.ITEMS, at, 0, limits.maxItems());
    }

    void longMessage(int length) {
        set(Kind.MESSAGE_LENGTH, 0, length, limits.maxMessageBytes());
    }

    /** Place, what was found, what would be right. Offsets count from {@code origin}, the begin of the message. */
    String describe(Signal signal, int origin) {
        String path = path();
        return (path.isEmpty() ? "" : path + ": ") + text(signal, at - origin);
    }

    private String text(Signal signal, int offset) {
        switch (kind) {
            case NONE -> {
                return "nothing was refused";
            }
            case TAG -> {
                return tagText(offset);
            }
            case VARINT_CUT -> {
                return "number at offset " + offset + " is cut off";
            }
            case VARINT_LONG -> {
                return "number at offset " + offset + " is longer than 10 bytes";
            }
            case CUT -> {
                return expected + " bytes announced at offset " + offset + ", " + found + " are there";
            }
            case NEGATIVE_LENGTH -> {
                return "length " + found + " at offset " + offset + ", expected 0 or more";
            }
            case TEXT -> {
                return String.format("byte 0x%02X at offset %d is not UTF-8", found, offset);
            }
            case ID -> {
                return found + " bytes at offset " + offset + ", expected " + expected;
            }
            case PACKED -> {
                return found + " bytes of packed numbers at offset " + offset + ", expected a multiple of " + expected;
            }
            case GROUP_END -> {
                return "group " + expected + " ends as group " + found + " at offset " + offset;
            }
            case GROUP_OPEN -> {
                return "group " + found + " does not end; it began at offset " + offset;
            }
            case GROUP_DEPTH -> {
                return "more than " + expected + " groups in each other at offset " + offset;
            }
            case VALUE_DEPTH -> {
                return "more than " + expected + " values in each other at offset " + offset;
            }
            case ATTRIBUTES -> {
                return "more than " + expected + " attributes at offset " + offset;
            }
            case ITEMS -> {
                return "more than " + expected + " " + signal.items() + " at offset " + offset;
            }
            case MESSAGE_LENGTH -> {
                return "message of " + found + " bytes, at most " + expected + " are accepted";
            }
        }
        throw new IllegalStateException(kind.name());
    }

    private String tagText(int offset) {
        if (found >>> 3 == 0) {
            return "field number 0 at offset " + offset + ", expected 1 or more";
        }
        int wireType = found & 7;
        return wireType == WireType.END_GROUP
                ? "end of group " + (found >>> 3) + " at offset " + offset + ", which no group began"
                : "wire type " + wireType + " at offset " + offset + ", expected 0 to 5";
    }

    /** Names of the fields from the outermost to the place; repeated ones with their index. */
    private String path() {
        StringBuilder path = new StringBuilder();
        for (int level = levelCount - 1; level >= 0; level--) {
            int field = fields[level];
            if (level == 0 && (kind == Kind.TAG || at == field)) {
                break;
            }
            if (path.length() > 0) {
                path.append('.');
            }
            appendField(path, tables[level], starts[level], field);
        }
        return path.toString();
    }

    private void appendField(StringBuilder path, OtlpTable table, int start, int field) {
        int tag = (int) Bytes.varintAt(bytes, field);
        OtlpSchema.Field known = table.field(tag);
        if (known == null) {
            path.append("field ").append(tag >>> 3);
            return;
        }
        path.append(known.name());
        if (known.repeated()) {
            int index = 0;
            for (int i = start; i < field; ) {
                int other = (int) Bytes.varintAt(bytes, i);
                index += other == tag ? 1 : 0;
                i = Bytes.valueEnd(bytes, Bytes.varintEnd(bytes, i), other);
            }
            path.append('[').append(index).append(']');
        }
    }
}
