package io.spanweir.wire;

import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/** A message of {@link OtlpSchema} compiled to arrays: what to do with a field, by its tag. Immutable once linked. */
final class OtlpTable {
    /** Field number 0, or a wire type that does not exist. */
    static final int BAD = 0;

    static final int VARINT = 1;
    static final int FIXED64 = 2;
    static final int FIXED32 = 3;
    static final int GROUP = 4;
    static final int GROUP_END = 5;

    /** This and all above have a length in front. */
    static final int BYTES = 6;

    static final int STRING = 7;
    static final int ID = 8;
    /** The trace id of a span or log record. */
    static final int TRACE_ID = 9;
    /** A member of a list of attributes, which is limited in number. */
    static final int ATTRIBUTE = 10;
    /** A member of a map value. */
    static final int MAP_ENTRY = 11;

    static final int ANY_VALUE = 12;
    static final int MESSAGE = 13;
    static final int DATA_POINT = 14;
    static final int PACKED_VARINT = 15;
    static final int PACKED_FIXED64 = 16;

    private static final int TAG_LIMIT = OtlpSchema.TABLE_LIMIT << 3;
    private static final byte[] UNKNOWN = {VARINT, FIXED64, BYTES, GROUP, GROUP_END, FIXED32, BAD, BAD};
    private static final IdentityHashMap<OtlpSchema.Message, OtlpTable> TABLES = new IdentityHashMap<>();

    final OtlpSchema.Message schema;
    private final byte[] operations = new byte[TAG_LIMIT];
    private final OtlpTable[] messages = new OtlpTable[OtlpSchema.TABLE_LIMIT];
    private final int[] idLengths = new int[OtlpSchema.TABLE_LIMIT];
    private final int[] conflicts = new int[OtlpSchema.TABLE_LIMIT];

    private OtlpTable(OtlpSchema.Message schema) {
        this.schema = schema;
    }

    /** The table of a message, with those that it refers to. */
    static synchronized OtlpTable of(OtlpSchema.Message schema) {
        OtlpTable known = TABLES.get(schema);
        if (known != null) {
            return known;
        }
        OtlpTable table = new OtlpTable(schema);
        TABLES.put(schema, table);
        for (int tag = 0; tag < TAG_LIMIT; tag++) {
            table.operations[tag] = tag < 8 ? BAD : UNKNOWN[tag & 7];
        }
        int members = 0;
        for (OtlpSchema.Field field : schema.fields()) {
            table.add(field);
            members |= field.oneof() && field.kind() == OtlpSchema.Kind.MESSAGE ? 1 << field.number() : 0;
        }
        if (schema == OtlpSchema.METRIC) {
            // Data of a second kind would be counted although it replaces the first.
            for (int number = 0; number < OtlpSchema.TABLE_LIMIT; number++) {
                table.conflicts[number] |= (members & (1 << number)) != 0 ? members : 0;
            }
        }
        return table;
    }

    private void add(OtlpSchema.Field field) {
        int number = field.number();
        operations[number << 3 | field.kind().wireType()] = (byte) operation(field);
        if (field.packable()) {
            operations[number << 3 | WireType.LENGTH] =
                    (byte) (field.kind().wireType() == WireType.VARINT ? PACKED_VARINT : PACKED_FIXED64);
        }
        idLengths[number] = field.idLength();
        if (field.kind() == OtlpSchema.Kind.MESSAGE) {
            messages[number] = of(field.message());
            conflicts[number] = field.repeated() ? 0 : 1 << number;
        }
    }

    private int operation(OtlpSchema.Field field) {
        switch (field.kind()) {
            case STRING -> {
                return STRING;
            }
            case BYTES -> {
                return BYTES;
            }
            case ID -> {
                boolean item = schema == OtlpSchema.SPAN || schema == OtlpSchema.LOG_RECORD;
                return item && field.idLength() == 16 ? TRACE_ID : ID;
            }
            case MESSAGE -> {
                return messageOperation(field);
            }
            default -> {
                return UNKNOWN[field.kind().wireType()];
            }
        }
    }

    private int messageOperation(OtlpSchema.Field field) {
        if (field.message() == OtlpSchema.KEY_VALUE) {
            return schema == OtlpSchema.KEY_VALUE_LIST ? MAP_ENTRY : ATTRIBUTE;
        }
        if (field.message() == OtlpSchema.ANY_VALUE) {
            return ANY_VALUE;
        }
        return field.name().equals("data_points") ? DATA_POINT : MESSAGE;
    }

    int operation(int tag) {
        return Integer.compareUnsigned(tag, TAG_LIMIT) < 0 ? operations[tag] : UNKNOWN[tag & 7];
    }

    /** The table of a message field, for operations that say it is one. */
    OtlpTable message(int tag) {
        return messages[tag >>> 3];
    }

    /** The length of an id field. */
    int idLength(int tag) {
        return idLengths[tag >>> 3];
    }

    /** Bits of fields, by number, that must not have been seen before this one if views are to read the message in place. */
    int conflicts(int tag) {
        return conflicts[tag >>> 3];
    }

    /** The field of a tag if OTLP defines it. */
    OtlpSchema.@Nullable Field field(int tag) {
        return schema.field(tag >>> 3);
    }
}
