package io.spanweir.processor.tailsampling;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Spans written as lines of text:
 *
 * <pre>
 * at  trace  span  parent  status  millis  what else
 * 0s  a      root  -       OK      20      http.route=/x  count=5  ratio=0.5  ok=true  r:service.name=shop  ts:ot=th:8
 * </pre>
 *
 * {@code r:} marks an attribute of the resource, {@code ts:} the tracestate. A trace named by 32 digits has that id; the
 * trace {@code zero} has none.
 */
final class Spans {
    private static final long START_UNIX_NANO = 1_775_000_000_000_000_000L;

    private Spans() {}

    record Line(Duration at, ExportTraceServiceRequest request) {}

    static List<Line> parse(String text) {
        List<Line> lines = new ArrayList<>();
        for (String line : text.strip().split("\n")) {
            String[] words = line.strip().split("\\s+");
            lines.add(new Line(Duration.parse("PT" + words[0]), request(words)));
        }
        return lines;
    }

    /** One span in a request of its own. */
    static ExportTraceServiceRequest one(String line) {
        return request(("0s " + line).strip().split("\\s+"));
    }

    /** Requests of one span each as one request; each span keeps a resource of its own. */
    static ExportTraceServiceRequest together(List<ExportTraceServiceRequest> requests) {
        ExportTraceServiceRequest.Builder all = ExportTraceServiceRequest.newBuilder();
        requests.forEach(all::mergeFrom);
        return all.build();
    }

    private static ExportTraceServiceRequest request(String[] words) {
        long start = START_UNIX_NANO + Duration.parse("PT" + words[0]).toNanos();
        Span.Builder span = Span.newBuilder()
                .setTraceId(traceId(words[1]))
                .setSpanId(id(words[1] + words[2], 8))
                .setName(words[2])
                .setStartTimeUnixNano(start)
                .setEndTimeUnixNano(start + (long) (Double.parseDouble(words[5]) * 1e6))
                .setStatus(Status.newBuilder()
                        .setCodeValue(List.of("UNSET", "OK", "ERROR").indexOf(words[4])));
        if (!words[3].equals("-")) {
            span.setParentSpanId(id(words[1] + words[3], 8));
        }
        Resource.Builder resource = Resource.newBuilder();
        for (String word : Arrays.asList(words).subList(6, words.length)) {
            if (word.startsWith("ts:")) {
                span.setTraceState(word.substring(3));
            } else if (word.startsWith("r:")) {
                resource.addAttributes(attribute(word.substring(2)));
            } else {
                span.addAttributes(attribute(word));
            }
        }
        return ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder()
                        .setResource(resource)
                        .setSchemaUrl("https://example.org/resource")
                        .addScopeSpans(ScopeSpans.newBuilder()
                                .setScope(InstrumentationScope.newBuilder().setName("lines"))
                                .setSchemaUrl("https://example.org/scope")
                                .addSpans(span)))
                .build();
    }

    static ByteString traceId(String name) {
        if (name.equals("zero")) {
            return ByteString.EMPTY;
        }
        return name.matches("[0-9a-f]{32}") ? hex(name) : id(name, 16);
    }

    /** The name, with zeros in front: the low bytes of short names are the name. */
    private static ByteString id(String name, int length) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        byte[] id = new byte[length];
        int count = Math.min(length, text.length);
        System.arraycopy(text, text.length - count, id, length - count, count);
        return ByteString.copyFrom(id);
    }

    static ByteString hex(String digits) {
        byte[] bytes = new byte[digits.length() / 2];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(digits.substring(2 * i, 2 * i + 2), 16);
        }
        return ByteString.copyFrom(bytes);
    }

    static boolean isZero(ByteString id) {
        for (byte b : id) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    /** The name that {@link #traceId} made an id of, or its digits. */
    static String nameOf(ByteString traceId) {
        if (isZero(traceId)) {
            return "zero";
        }
        int from = 0;
        while (traceId.byteAt(from) == 0) {
            from++;
        }
        String text = traceId.substring(from).toString(StandardCharsets.ISO_8859_1);
        if (text.chars().allMatch(c -> c > ' ' && c < 127)) {
            return text;
        }
        StringBuilder digits = new StringBuilder();
        traceId.forEach(b -> digits.append(String.format("%02x", b & 0xff)));
        return digits.toString();
    }

    private static KeyValue attribute(String word) {
        int equals = word.indexOf('=');
        return KeyValue.newBuilder()
                .setKey(word.substring(0, equals))
                .setValue(value(word.substring(equals + 1)))
                .build();
    }

    private static AnyValue value(String text) {
        AnyValue.Builder value = AnyValue.newBuilder();
        if (text.equals("true") || text.equals("false")) {
            return value.setBoolValue(text.equals("true")).build();
        }
        if (text.matches("-?\\d+")) {
            return value.setIntValue(Long.parseLong(text)).build();
        }
        if (text.matches("-?\\d+\\.\\d+")) {
            return value.setDoubleValue(Double.parseDouble(text)).build();
        }
        return value.setStringValue(text).build();
    }
}
