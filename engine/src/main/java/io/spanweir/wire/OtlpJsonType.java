package io.spanweir.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message of {@link OtlpSchema} as OTLP/JSON needs it: its fields found by the bytes of their names, without a string
 * for each name that is read. Threading: any thread, immutable after class initialisation.
 */
final class OtlpJsonType {
    private static final IdentityHashMap<OtlpSchema.Message, OtlpJsonType> TYPES = new IdentityHashMap<>();
    private static final byte[][] NO_NAMES = {};

    static {
        if (OtlpSchema.TABLE_LIMIT > Integer.SIZE) {
            throw new IllegalStateException("a set of fields no longer fits into the bits of an int");
        }
        build(OtlpSchema.TRACE_REQUEST);
        build(OtlpSchema.LOGS_REQUEST);
        build(OtlpSchema.METRICS_REQUEST);
    }

    /** One field. {@link #label} is its name in quotes with the colon, as the writer copies it. */
    static final class Field {
        final OtlpJsonType owner;
        final OtlpSchema.Field schema;
        final OtlpSchema.Kind kind;
        final int number;
        final boolean repeated;
        final boolean presence;
        final boolean oneof;
        final byte[] label;
        /** The tag for one value. */
        final int tag;
        /** Names of an enum by number, empty for other kinds. */
        final byte[][] valueNames;

        private final @Nullable OtlpJsonType type;

        private Field(OtlpJsonType owner, OtlpSchema.Field schema) {
            this.owner = owner;
            this.schema = schema;
            this.kind = schema.kind();
            this.number = schema.number();
            this.repeated = schema.repeated();
            this.presence = schema.presence();
            this.oneof = schema.oneof();
            this.label = ('"' + schema.jsonName() + "\":").getBytes(StandardCharsets.US_ASCII);
            this.tag = number << 3 | kind.wireType();
            this.valueNames = kind == OtlpSchema.Kind.ENUM ? valueNames(schema.name()) : NO_NAMES;
            this.type = kind == OtlpSchema.Kind.MESSAGE ? build(schema.message()) : null;
        }

        /** The type of a message field. */
        OtlpJsonType type() {
            if (type == null) {
                throw new IllegalStateException(schema.name() + " is no message");
            }
            return type;
        }

        private boolean named(byte[] bytes, int from, int to) {
            return Arrays.equals(label, 1, label.length - 2, bytes, from, to);
        }
    }

    final OtlpSchema.Message schema;
    /** In the order of their numbers. */
    final Field[] fields;

    private final @Nullable Field[] byNumber = new Field[OtlpSchema.TABLE_LIMIT];
    private final @Nullable Field[] slots;

    private OtlpJsonType(OtlpSchema.Message schema) {
        this.schema = schema;
        int count = schema.fields().size();
        this.fields = new Field[count];
        // At most a quarter full: a miss, which is how unknown names end, is almost always the first look.
        this.slots = new Field[Integer.highestOneBit(count) * 8];
    }

    /** @throws IllegalArgumentException when the message is no part of a request */
    static OtlpJsonType of(OtlpSchema.Message message) {
        OtlpJsonType type = TYPES.get(message);
        if (type == null) {
            throw new IllegalArgumentException(message.name() + " is no part of an export request");
        }
        return type;
    }

    private static OtlpJsonType build(OtlpSchema.Message message) {
        OtlpJsonType type = TYPES.get(message);
        if (type != null) {
            return type;
        }
        type = new OtlpJsonType(message);
        TYPES.put(message, type); // before its fields: an AnyValue holds lists of AnyValue
        for (int i = 0; i < type.fields.length; i++) {
            type.add(i, new Field(type, message.fields().get(i)));
        }
        return type;
    }

    private void add(int index, Field field) {
        fields[index] = field;
        byNumber[field.number] = field;
        int slot = slot(field.label, 1, field.label.length - 2);
        while (slots[slot] != null) {
            slot = slot + 1 & slots.length - 1;
        }
        slots[slot] = field;
    }

    private int slot(byte[] name, int from, int to) {
        return (to - from) * 31 + name[from] * 7 + name[to - 1] & slots.length - 1;
    }

    /** The field of that lowerCamelCase name, or null when there is none. */
    @Nullable
    Field find(byte[] bytes, int from, int to) {
        if (from == to) {
            return null;
        }
        int slot = slot(bytes, from, to);
        Field field = slots[slot];
        while (field != null && !field.named(bytes, from, to)) {
            slot = slot + 1 & slots.length - 1;
            field = slots[slot];
        }
        return field;
    }

    /** The field of that number, or null when there is none. */
    @Nullable
    Field find(int number) {
        return number < OtlpSchema.TABLE_LIMIT ? byNumber[number] : null;
    }

    private static byte[][] valueNames(String field) {
        List<String> names = new ArrayList<>();
        switch (field) {
            case "kind" ->
                addAll(names, "SPAN_KIND_", "UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER");
            case "code" -> addAll(names, "STATUS_CODE_", "UNSET", "OK", "ERROR");
            case "aggregation_temporality" ->
                addAll(names, "AGGREGATION_TEMPORALITY_", "UNSPECIFIED", "DELTA", "CUMULATIVE");
            case "severity_number" -> {
                names.add("SEVERITY_NUMBER_UNSPECIFIED");
                for (String level : List.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL")) {
                    addAll(names, "SEVERITY_NUMBER_" + level, "", "2", "3", "4");
                }
            }
            default -> throw new IllegalStateException("no names for the values of the enum " + field);
        }
        byte[][] bytes = new byte[names.size()][];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = names.get(i).getBytes(StandardCharsets.US_ASCII);
        }
        return bytes;
    }

    private static void addAll(List<String> names, String prefix, String... values) {
        for (String value : values) {
            names.add(prefix + value);
        }
    }
}
