package io.spanweir.testkit;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.util.SplittableRandom;

/**
 * Random requests of OTLP, made from the descriptors of protobuf-java, so every field of the version in use occurs: empty and
 * huge values, nested AnyValues, all kinds of metrics, unknown fields and enum numbers. Ids have their length or are empty;
 * trace ids come from a small set, so that spans share them. Threading: one thread.
 */
public final class OtlpGenerator {
    private static final int VALUE_DEPTH_MAX = 6;
    private static final int TRACE_COUNT = 5;
    private static final String[] KEYS = {
        "http.route",
        "http.request.method",
        "db.system",
        "k",
        "",
        "größe",
        "server.address",
        "日本",
        "a.b",
        "user.id",
        "🦊",
        "x"
    };
    private static final String[] TEXTS = {
        "",
        "GET",
        "/orders/{id}",
        "naïve",
        "\u0000",
        "データ",
        "𝄞 music",
        "true",
        "200",
        "a longer text, with commas; and more"
    };
    private static final int[] UNKNOWN_NUMBERS = {17, 18, 99, 1000, 2047, 2048, 100_000, (1 << 29) - 1};

    private final SplittableRandom random;
    private final ByteString[] traceIds = new ByteString[TRACE_COUNT];
    private boolean unknownFields = true;

    public OtlpGenerator(SplittableRandom random) {
        this.random = random;
        for (int i = 0; i < TRACE_COUNT - 1; i++) {
            traceIds[i] = bytes(16);
        }
        traceIds[TRACE_COUNT - 1] = ByteString.copyFrom(new byte[16]);
    }

    /** Leaves out unknown fields, for formats that do not carry them. */
    public OtlpGenerator withoutUnknownFields() {
        unknownFields = false;
        return this;
    }

    public ExportTraceServiceRequest traces() {
        ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
        fill(request, 0);
        return request.build();
    }

    public ExportLogsServiceRequest logs() {
        ExportLogsServiceRequest.Builder request = ExportLogsServiceRequest.newBuilder();
        fill(request, 0);
        return request.build();
    }

    public ExportMetricsServiceRequest metrics() {
        ExportMetricsServiceRequest.Builder request = ExportMetricsServiceRequest.newBuilder();
        fill(request, 0);
        return request.build();
    }

    /** Fills any message with random content. */
    public void fill(Message.Builder message) {
        fill(message, 0);
    }

    private void fill(Message.Builder message, int valueDepth) {
        Descriptor type = message.getDescriptorForType();
        for (FieldDescriptor field : type.getFields()) {
            if (field.getRealContainingOneof() != null) {
                continue;
            }
            if (field.isRepeated()) {
                int count = repetitions(field, valueDepth);
                for (int i = 0; i < count; i++) {
                    message.addRepeatedField(field, value(message, field, valueDepth));
                }
            } else if (random.nextInt(4) > 0) {
                message.setField(field, value(message, field, valueDepth));
            }
        }
        for (OneofDescriptor oneof : type.getRealOneofs()) {
            int choice = random.nextInt(oneof.getFieldCount() + 1);
            if (choice < oneof.getFieldCount()) {
                FieldDescriptor field = oneof.getField(choice);
                message.setField(field, value(message, field, valueDepth));
            }
        }
        if (unknownFields && random.nextInt(10) == 0) {
            message.setUnknownFields(unknown(0));
        }
    }

    private int repetitions(FieldDescriptor field, int valueDepth) {
        String name = field.getName();
        if (name.equals("spans") || name.equals("log_records") || name.equals("metrics")) {
            return random.nextInt(8);
        }
        if (name.startsWith("resource_")) {
            return random.nextInt(4);
        }
        if (name.equals("attributes")) {
            return random.nextInt(7);
        }
        return valueDepth >= VALUE_DEPTH_MAX ? 0 : random.nextInt(4);
    }

    private Object value(Message.Builder owner, FieldDescriptor field, int valueDepth) {
        switch (field.getJavaType()) {
            case INT -> {
                return (int) number();
            }
            case LONG -> {
                return number();
            }
            case FLOAT -> {
                return (float) random.nextDouble();
            }
            case DOUBLE -> {
                return floating();
            }
            case BOOLEAN -> {
                return random.nextBoolean();
            }
            case STRING -> {
                return field.getName().equals("key") ? KEYS[random.nextInt(KEYS.length)] : text();
            }
            case BYTE_STRING -> {
                return id(field.getName());
            }
            case ENUM -> {
                return field.getEnumType()
                        .findValueByNumberCreatingIfUnknown(random.nextInt(8) == 0 ? 77 : random.nextInt(3));
            }
            case MESSAGE -> {
                Message.Builder nested = owner.newBuilderForField(field);
                boolean deeper = field.getMessageType().getName().equals("AnyValue");
                if (!deeper || valueDepth < VALUE_DEPTH_MAX) {
                    fill(nested, deeper ? valueDepth + 1 : valueDepth);
                }
                return nested.build();
            }
        }
        throw new IllegalStateException(field.getFullName());
    }

    private ByteString id(String name) {
        if (name.endsWith("trace_id")) {
            return random.nextInt(12) == 0 ? ByteString.EMPTY : traceIds[random.nextInt(TRACE_COUNT)];
        }
        if (name.endsWith("span_id")) {
            return random.nextInt(6) == 0 ? ByteString.EMPTY : bytes(8);
        }
        return bytes(random.nextInt(20));
    }

    private ByteString bytes(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) random.nextInt();
        }
        return ByteString.copyFrom(bytes);
    }

    private long number() {
        return random.nextLong() >> random.nextInt(64);
    }

    private double floating() {
        switch (random.nextInt(6)) {
            case 0 -> {
                return Double.NaN;
            }
            case 1 -> {
                return Double.NEGATIVE_INFINITY;
            }
            case 2 -> {
                return -0.0;
            }
            default -> {
                return random.nextDouble() * 1000;
            }
        }
    }

    private String text() {
        if (random.nextInt(150) == 0) {
            return "long ".repeat(random.nextInt(4000));
        }
        return TEXTS[random.nextInt(TEXTS.length)].repeat(1 + random.nextInt(3));
    }

    private UnknownFieldSet unknown(int depth) {
        UnknownFieldSet.Builder set = UnknownFieldSet.newBuilder();
        for (int i = random.nextInt(3); i >= 0; i--) {
            UnknownFieldSet.Field.Builder field = UnknownFieldSet.Field.newBuilder();
            int kind = random.nextInt(depth < 3 ? 5 : 4);
            if (kind == 0) {
                field.addVarint(number());
            } else if (kind == 1) {
                field.addFixed32(random.nextInt());
            } else if (kind == 2) {
                field.addFixed64(random.nextLong());
            } else if (kind == 3) {
                field.addLengthDelimited(bytes(random.nextInt(30)));
            } else {
                field.addGroup(unknown(depth + 1));
            }
            set.mergeField(UNKNOWN_NUMBERS[random.nextInt(UNKNOWN_NUMBERS.length)], field.build());
        }
        return set.build();
    }
}
