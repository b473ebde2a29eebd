package io.spanweir.exporter.debug;

import io.spanweir.wire.Bytes;
import io.spanweir.wire.OtlpSchema;
import io.spanweir.wire.WireReader;
import io.spanweir.wire.WireType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One OTLP message taken apart by the field tables, fields by their names. Slow and plain: for people who read, not for data
 * that flows. Threading: any thread, immutable.
 */
final class OtlpTree {
    private static final OtlpTree EMPTY = new OtlpTree();

    /** By field name: String, Long (also bits of doubles), OtlpTree, byte[], or a list of these. */
    private final Map<String, Object> values = new LinkedHashMap<>();

    private OtlpTree() {}

    /** Takes accepted bytes apart. Scalars that occur twice: the last counts; messages that occur twice merge. */
    static OtlpTree of(OtlpSchema.Message type, byte[] bytes, int offset, int length) {
        OtlpTree tree = new OtlpTree();
        Map<String, byte[]> singles = new LinkedHashMap<>();
        WireReader reader = new WireReader();
        for (reader.wrap(bytes, offset, length); reader.next(); ) {
            OtlpSchema.Field field = type.field(reader.fieldNumber());
            if (field == null) {
                continue;
            }
            int wireType = reader.tag() & 7;
            if (field.oneof()) {
                for (OtlpSchema.Field other : type.fields()) {
                    if (other.oneof() && other != field) {
                        tree.values.remove(other.name());
                        singles.remove(other.name());
                    }
                }
            }
            if (field.packable() && wireType == WireType.LENGTH) {
                tree.unpack(field, bytes, reader.valueOffset(), reader.fieldEnd());
            } else if (wireType == field.kind().wireType()) {
                tree.put(field, reader, bytes, singles);
            }
        }
        return tree;
    }

    private void put(OtlpSchema.Field field, WireReader reader, byte[] bytes, Map<String, byte[]> singles) {
        boolean message = field.kind() == OtlpSchema.Kind.MESSAGE;
        if (message && field.repeated()) {
            add(field.name(), of(field.message(), bytes, reader.valueOffset(), reader.valueLength()));
        } else if (message) {
            byte[] part = Arrays.copyOfRange(bytes, reader.valueOffset(), reader.fieldEnd());
            byte[] whole = singles.merge(field.name(), part, OtlpTree::concat);
            values.put(field.name(), of(field.message(), whole, 0, whole.length));
        } else if (field.repeated()) {
            add(field.name(), scalar(field, reader, bytes));
        } else {
            values.put(field.name(), scalar(field, reader, bytes));
        }
    }

    private static byte[] concat(byte[] left, byte[] right) {
        byte[] both = Arrays.copyOf(left, left.length + right.length);
        System.arraycopy(right, 0, both, left.length, right.length);
        return both;
    }

    private static Object scalar(OtlpSchema.Field field, WireReader reader, byte[] bytes) {
        return switch (field.kind()) {
            case STRING -> new String(bytes, reader.valueOffset(), reader.valueLength(), StandardCharsets.UTF_8);
            case ID -> HexFormat.of().formatHex(bytes, reader.valueOffset(), reader.fieldEnd());
            case BYTES -> Arrays.copyOfRange(bytes, reader.valueOffset(), reader.fieldEnd());
            default -> number(field, reader.number());
        };
    }

    private static Long number(OtlpSchema.Field field, long raw) {
        return switch (field.kind()) {
            case SINT32 -> Bytes.zigzagDecoded(raw);
            case INT32, ENUM -> (long) (int) raw;
            case UINT32 -> raw & 0xFFFFFFFFL;
            default -> raw;
        };
    }

    private void unpack(OtlpSchema.Field field, byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            switch (field.kind().wireType()) {
                case WireType.FIXED64 -> {
                    add(field.name(), Bytes.longAt(bytes, at));
                    at += 8;
                }
                case WireType.FIXED32 -> {
                    add(field.name(), Bytes.intAt(bytes, at) & 0xFFFFFFFFL);
                    at += 4;
                }
                default -> {
                    add(field.name(), number(field, Bytes.varintAt(bytes, at)));
                    at = Bytes.varintEnd(bytes, at);
                }
            }
        }
    }

    @SuppressWarnings("unchecked") // only this method makes the lists
    private void add(String name, Object value) {
        ((List<Object>) values.computeIfAbsent(name, any -> new ArrayList<>())).add(value);
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** Text, or an id in hex; empty when absent. */
    String text(String name) {
        return values.get(name) instanceof String text ? text : "";
    }

    /** A number of any width; 0 when absent. */
    long number(String name) {
        return values.get(name) instanceof Long number ? number : 0;
    }

    double decimal(String name) {
        return Double.longBitsToDouble(number(name));
    }

    byte[] bytes(String name) {
        return values.get(name) instanceof byte[] bytes ? bytes : Bytes.EMPTY;
    }

    /** The message, or one without fields when absent. */
    OtlpTree child(String name) {
        return values.get(name) instanceof OtlpTree child ? child : EMPTY;
    }

    /** The messages of a repeated field. */
    List<OtlpTree> list(String name) {
        List<OtlpTree> list = new ArrayList<>();
        for (Object item : items(name)) {
            list.add((OtlpTree) item);
        }
        return list;
    }

    /** The numbers of a repeated field. */
    List<Long> numbers(String name) {
        List<Long> numbers = new ArrayList<>();
        for (Object item : items(name)) {
            numbers.add((Long) item);
        }
        return numbers;
    }

    /** The doubles of a repeated field. */
    List<Double> decimals(String name) {
        return numbers(name).stream().map(Double::longBitsToDouble).toList();
    }

    private List<?> items(String name) {
        @Nullable Object value = values.get(name);
        return value instanceof List<?> list ? list : List.of();
    }
}
