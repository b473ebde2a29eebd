package io.spanweir.processor.attributes;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Attributes of protobuf-java from plain objects. */
public final class Attributes {
    private Attributes() {}

    /** Keys and values in turn. */
    public static List<KeyValue> of(Object... keysAndValues) {
        List<KeyValue> attributes = new ArrayList<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            attributes.add(KeyValue.newBuilder()
                    .setKey((String) keysAndValues[i])
                    .setValue(value(keysAndValues[i + 1]))
                    .build());
        }
        return attributes;
    }

    /** Null is the empty value. */
    public static AnyValue value(Object value) {
        AnyValue.Builder any = AnyValue.newBuilder();
        if (value instanceof String text) {
            any.setStringValue(text);
        } else if (value instanceof Boolean truth) {
            any.setBoolValue(truth);
        } else if (value instanceof Integer number) {
            any.setIntValue(number);
        } else if (value instanceof Long number) {
            any.setIntValue(number);
        } else if (value instanceof Double number) {
            any.setDoubleValue(number);
        } else if (value instanceof byte[] bytes) {
            any.setBytesValue(ByteString.copyFrom(bytes));
        } else if (value instanceof List<?> list) {
            ArrayValue.Builder array = ArrayValue.newBuilder();
            list.forEach(item -> array.addValues(value(item)));
            any.setArrayValue(array);
        } else if (value instanceof Map<?, ?> map) {
            KeyValueList.Builder entries = KeyValueList.newBuilder();
            map.forEach((key, item) ->
                    entries.addValues(KeyValue.newBuilder().setKey((String) key).setValue(value(item))));
            any.setKvlistValue(entries);
        } else if (value != null) {
            throw new IllegalArgumentException(value.getClass().getName());
        }
        return any.build();
    }
}
