package io.spanweir.filter;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.spanweir.config.ConfigNode;
import io.spanweir.data.ValueView;
import io.spanweir.wire.OtlpFields;
import io.spanweir.wire.WireWriter;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value written in the configuration: text, boolean, number, list or section; its type is that of the YAML. Threading: any
 * thread, immutable.
 */
public final class ConstantValue {
    private static final int STRING = OtlpFields.number(OtlpFields.ANY_VALUE_STRING_VALUE);
    private static final int BOOL = OtlpFields.number(OtlpFields.ANY_VALUE_BOOL_VALUE);
    private static final int INT = OtlpFields.number(OtlpFields.ANY_VALUE_INT_VALUE);
    private static final int DOUBLE = OtlpFields.number(OtlpFields.ANY_VALUE_DOUBLE_VALUE);
    private static final int ARRAY = OtlpFields.number(OtlpFields.ANY_VALUE_ARRAY_VALUE);
    private static final int MAP = OtlpFields.number(OtlpFields.ANY_VALUE_KVLIST_VALUE);
    private static final int LIST_ITEM = OtlpFields.number(OtlpFields.ARRAY_VALUE_VALUES);
    private static final int KEY = OtlpFields.number(OtlpFields.KEY_VALUE_KEY);
    private static final int VALUE = OtlpFields.number(OtlpFields.KEY_VALUE_VALUE);

    private final Object raw;
    private final byte[] encoded;

    private ConstantValue(Object raw, byte[] encoded) {
        this.raw = raw;
        this.encoded = encoded;
    }

    /** The option's value; null when it is absent or null, and after a problem was reported. */
    public static @Nullable ConstantValue decode(ConfigNode yaml, String option) {
        Object raw = yaml.child(option).raw();
        BigInteger tooLarge = tooLarge(raw);
        if (tooLarge != null) {
            yaml.problem(option, "\"" + tooLarge + "\" does not fit into 64 bits; put it in quotes to have it as text");
            return null;
        }
        return raw == null ? null : of(raw);
    }

    /** @param raw as {@link ConfigNode#raw()} gives it: String, Boolean, Long, Double, List, Map */
    public static ConstantValue of(Object raw) {
        WireWriter writer = new WireWriter();
        write(writer, raw);
        return new ConstantValue(raw, writer.toByteArray());
    }

    private static @Nullable BigInteger tooLarge(@Nullable Object raw) {
        if (raw instanceof List<?> list) {
            return list.stream()
                    .map(ConstantValue::tooLarge)
                    .filter(found -> found != null)
                    .findFirst()
                    .orElse(null);
        }
        if (raw instanceof Map<?, ?> map) {
            return map.values().stream()
                    .map(ConstantValue::tooLarge)
                    .filter(found -> found != null)
                    .findFirst()
                    .orElse(null);
        }
        return raw instanceof BigInteger number ? number : null;
    }

    private static void write(WireWriter writer, @Nullable Object raw) {
        if (raw instanceof String text) {
            writer.bytes(STRING, text.getBytes(UTF_8));
        } else if (raw instanceof Boolean truth) {
            writer.varint(BOOL, truth ? 1 : 0);
        } else if (raw instanceof Long number) {
            writer.varint(INT, number);
        } else if (raw instanceof Double number) {
            writer.doubleField(DOUBLE, number);
        } else if (raw instanceof List<?> list) {
            int items = writer.begin(ARRAY);
            for (Object item : list) {
                int mark = writer.begin(LIST_ITEM);
                write(writer, item);
                writer.end(mark);
            }
            writer.end(items);
        } else if (raw instanceof Map<?, ?> map) {
            writeMap(writer, map);
        }
    }

    private static void writeMap(WireWriter writer, Map<?, ?> map) {
        int entries = writer.begin(MAP);
        map.forEach((key, value) -> {
            int entry = writer.begin(LIST_ITEM);
            writer.bytes(KEY, String.valueOf(key).getBytes(UTF_8));
            int mark = writer.begin(VALUE);
            write(writer, value);
            writer.end(mark);
            writer.end(entry);
        });
        writer.end(entries);
    }

    /** The value as OTLP, in bytes that nobody changes. */
    public ValueView view(ValueView into) {
        return into.wrap(encoded, 0, encoded.length);
    }

    /** The text, or null when the value is something else. */
    public @Nullable String text() {
        return raw instanceof String text ? text : null;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ConstantValue constant && raw.equals(constant.raw);
    }

    @Override
    public int hashCode() {
        return raw.hashCode();
    }

    @Override
    public String toString() {
        return raw.toString();
    }
}
