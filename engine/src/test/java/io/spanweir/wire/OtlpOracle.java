package io.spanweir.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.spanweir.testkit.OtlpGenerator;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What protobuf-java says about a request. */
public final class OtlpOracle {
    private static final int RECURSION_LIMIT = 2000;

    private OtlpOracle() {}

    public static Message defaultInstance(Signal signal) {
        switch (signal) {
            case TRACES -> {
                return ExportTraceServiceRequest.getDefaultInstance();
            }
            case LOGS -> {
                return ExportLogsServiceRequest.getDefaultInstance();
            }
            default -> {
                return ExportMetricsServiceRequest.getDefaultInstance();
            }
        }
    }

    public static Descriptor descriptor(Signal signal) {
        return defaultInstance(signal).getDescriptorForType();
    }

    public static Message generate(Signal signal, OtlpGenerator generator) {
        switch (signal) {
            case TRACES -> {
                return generator.traces();
            }
            case LOGS -> {
                return generator.logs();
            }
            default -> {
                return generator.metrics();
            }
        }
    }

    /** The message, or null when protobuf-java refuses it. */
    public static @Nullable Message parse(Signal signal, byte[] bytes) {
        Message.Builder builder = defaultInstance(signal).newBuilderForType();
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        in.setRecursionLimit(RECURSION_LIMIT);
        try {
            builder.mergeFrom(in);
            in.checkLastTagWas(0);
            return builder.build();
        } catch (IOException e) {
            return null;
        }
    }

    /** Whether all ids, those too that a later occurrence replaces, have their length or are empty. */
    public static boolean idsHaveTheirLength(Descriptor type, ByteString body) {
        UnknownFieldSet fields;
        try {
            fields = UnknownFieldSet.parseFrom(body);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
        for (FieldDescriptor field : type.getFields()) {
            for (ByteString value : fields.getField(field.getNumber()).getLengthDelimitedList()) {
                if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                    if (!idsHaveTheirLength(field.getMessageType(), value)) {
                        return false;
                    }
                }
                int expected = field.getName().endsWith("trace_id")
                        ? 16
                        : field.getName().endsWith("span_id") ? 8 : -1;
                if (expected > 0 && value.size() != expected && value.size() != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Spans, log records or data points. */
    public static int itemCount(Signal signal, Message request) {
        int count = 0;
        for (Message resource : list(request, 1)) {
            for (Message scope : list(resource, 2)) {
                for (Message item : list(scope, 2)) {
                    count += signal == Signal.METRICS ? dataPointCount((Metric) item) : 1;
                }
            }
        }
        return count;
    }

    private static int dataPointCount(Metric metric) {
        return metric.getGauge().getDataPointsCount()
                + metric.getSum().getDataPointsCount()
                + metric.getHistogram().getDataPointsCount()
                + metric.getExponentialHistogram().getDataPointsCount()
                + metric.getSummary().getDataPointsCount();
    }

    /** The request without resources and scopes that hold no items, and without unknown fields of its own. */
    public static Message withoutEmpty(Message request) {
        Message.Builder kept = request.newBuilderForType();
        for (Message resource : list(request, 1)) {
            FieldDescriptor scopes = field(resource, 2);
            Message.Builder keptResource = resource.toBuilder().clearField(scopes);
            for (Message scope : list(resource, 2)) {
                if (!list(scope, 2).isEmpty()) {
                    keptResource.addRepeatedField(scopes, scope);
                }
            }
            if (keptResource.getRepeatedFieldCount(scopes) > 0) {
                kept.addRepeatedField(field(request, 1), keptResource.build());
            }
        }
        return kept.build();
    }

    /** The members of a repeated message field. */
    @SuppressWarnings("unchecked")
    public static List<Message> list(Message message, int number) {
        return (List<Message>) message.getField(field(message, number));
    }

    public static FieldDescriptor field(Message message, int number) {
        return message.getDescriptorForType().findFieldByNumber(number);
    }
}
