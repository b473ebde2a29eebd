package io.spanweir.config;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Plain Java values of configuration values, for options that take any type. */
final class Raw {
    private Raw() {}

    static @Nullable Object of(Value value) {
        if (value instanceof Value.MapValue map) {
            Map<String, @Nullable Object> raw = new LinkedHashMap<>();
            map.entries().forEach((key, entry) -> raw.put(key, of(entry.value())));
            return Collections.unmodifiableMap(raw);
        }
        if (value instanceof Value.ListValue list) {
            List<@Nullable Object> raw = new ArrayList<>();
            list.items().forEach(item -> raw.add(of(item)));
            return Collections.unmodifiableList(raw);
        }
        return ofScalar((Value.ScalarValue) value);
    }

    private static @Nullable Object ofScalar(Value.ScalarValue scalar) {
        return switch (scalar.kind()) {
            case NULL -> null;
            case BOOLEAN -> Scalars.booleanOf(scalar.parsedText());
            case INTEGER -> {
                BigInteger whole = Objects.requireNonNull(Scalars.integerOf(scalar.parsedText()));
                yield whole.bitLength() < Long.SIZE ? (Object) whole.longValue() : whole;
            }
            case DECIMAL -> Scalars.decimalOf(scalar.parsedText());
            case STRING -> scalar.text();
        };
    }
}
