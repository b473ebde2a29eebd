package io.spanweir.sim;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.spanweir.wire.Signal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What clients send: spans of traces, torn over requests, some long after their trace; log records; metrics of one to three
 * points; now and then a request that is broken. An item is a span, a log record or a metric, and has a number.
 */
final class SimTraffic {
    private static final long START_UNIX_NANO = 1_700_000_000_000_000_000L;
    private static final String FILL = "0123456789abcdef".repeat(3000);

    private final SplittableRandom random;
    private final int fillMax;
    private final int requestBytesMax;
    private final Map<Signal, List<Integer>> readyOf = new EnumMap<>(Signal.class);
    private final List<Integer> late = new ArrayList<>();
    /** Every item ever made, by its number, which is in its span id or its name. */
    private final List<Message> items = new ArrayList<>();

    private int requests;

    /** One request as a client keeps it until it is taken. */
    record Request(int number, Signal signal, List<Integer> items, byte[] message, boolean broken) {}

    SimTraffic(Scenario scenario) {
        random = scenario.random;
        fillMax = scenario.fillMax;
        requestBytesMax = scenario.requestBytesMax;
        for (Signal signal : Signal.values()) {
            readyOf.put(signal, new ArrayList<>());
        }
    }

    Span span(int number) {
        return (Span) items.get(number);
    }

    Message item(int number) {
        return items.get(number);
    }

    int itemCount() {
        return items.size();
    }

    /** What an item counts for: a metric its points. */
    int weight(int number) {
        return items.get(number) instanceof Metric metric ? metric.getGauge().getDataPointsCount() : 1;
    }

    long weight(int[] numbers) {
        long weight = 0;
        for (int number : numbers) {
            weight += weight(number);
        }
        return weight;
    }

    /** The number of an item, or -1 when it has none. */
    static int number(Message item) {
        if (item instanceof Metric metric) {
            return metric.getName().matches("metric [0-9]{1,9}")
                    ? Integer.parseInt(metric.getName().substring(7))
                    : -1;
        }
        ByteString id = item instanceof Span span ? span.getSpanId() : ((LogRecord) item).getSpanId();
        return id.size() == 8 ? id.asReadOnlyByteBuffer().getInt(4) - 1 : -1;
    }

    /** The resource and scope under which a span is sent. */
    static int group(int spanNumber) {
        return spanNumber * 7 % 5 % 3;
    }

    /** Some of the late spans are due now. */
    void lateOnesCome() {
        while (!late.isEmpty() && random.nextInt(4) != 0) {
            ready(Signal.TRACES).add(late.remove(random.nextInt(late.size())));
        }
    }

    void again(Request refused) {
        ready(refused.signal).addAll(refused.items);
    }

    private List<Integer> ready(Signal signal) {
        return readyOf.get(signal);
    }

    Request next(Signal signal) {
        List<Integer> ready = ready(signal);
        while (ready.size() < 12) {
            switch (signal) {
                case TRACES -> newTrace();
                case LOGS -> add(ready, logRecord());
                case METRICS -> add(ready, metric());
            }
        }
        List<Integer> chosen = new ArrayList<>();
        boolean inOrder = random.nextInt(3) != 0;
        int wanted = 1 + random.nextInt(14);
        int bytes = 0;
        while (chosen.size() < wanted && !ready.isEmpty()) {
            int item = ready.remove(inOrder ? 0 : random.nextInt(ready.size()));
            bytes += items.get(item).getSerializedSize() + 200;
            if (bytes > requestBytesMax && !chosen.isEmpty()) {
                ready.add(0, item);
                break;
            }
            chosen.add(item);
        }
        boolean reversed = random.nextInt(12) == 0;
        byte[] message = switch (signal) {
            case TRACES -> spans(chosen, reversed);
            case LOGS -> logRecords(chosen);
            case METRICS -> metrics(chosen);
        };
        boolean broken = random.nextInt(25) == 0;
        if (broken) {
            ready.addAll(chosen);
            message = java.util.Arrays.copyOf(message, message.length - 1);
        }
        return new Request(requests++, signal, chosen, message, broken);
    }

    private void newTrace() {
        byte[] id = new byte[16];
        random.nextBytes(id);
        id[0] |= 1;
        ByteString traceId = ByteString.copyFrom(id);
        int count = 1 + random.nextInt(random.nextInt(8) == 0 ? 30 : 6);
        int error = random.nextInt(4) == 0 ? random.nextInt(count) : -1;
        int rare = random.nextInt(4) == 0 ? random.nextInt(count) : -1;
        int slow = random.nextInt(4) == 0 ? random.nextInt(count) : -1;
        for (int i = 0; i < count; i++) {
            boolean isLate = random.nextInt(7) == 0;
            add(isLate ? late : ready(Signal.TRACES), span(traceId, i == error, i == rare, i == slow));
        }
    }

    private void add(List<Integer> list, Message item) {
        list.add(items.size());
        items.add(item);
    }

    private ByteString ownId() {
        return ByteString.copyFrom(
                ByteBuffer.allocate(8).putInt(4, items.size() + 1).array());
    }

    private List<KeyValue> attributes(boolean rare) {
        return List.of(text("kind", rare ? "rare" : "usual"), text("fill", FILL.substring(0, random.nextInt(fillMax))));
    }

    private LogRecord logRecord() {
        LogRecord.Builder record = LogRecord.newBuilder()
                .setTimeUnixNano(START_UNIX_NANO)
                .setSpanId(ownId())
                .setBody(AnyValue.newBuilder().setStringValue("log " + items.size()))
                .addAllAttributes(attributes(random.nextInt(4) == 0));
        if (random.nextBoolean()) {
            byte[] id = new byte[16];
            random.nextBytes(id);
            record.setTraceId(ByteString.copyFrom(id));
        }
        return record.build();
    }

    private Metric metric() {
        Gauge.Builder gauge = Gauge.newBuilder();
        for (int count = 1 + random.nextInt(3); count > 0; count--) {
            gauge.addDataPoints(NumberDataPoint.newBuilder()
                    .setTimeUnixNano(START_UNIX_NANO)
                    .setAsInt(count)
                    .addAllAttributes(attributes(random.nextInt(4) == 0)));
        }
        return Metric.newBuilder()
                .setName("metric " + items.size())
                .setGauge(gauge)
                .build();
    }

    private Span span(ByteString traceId, boolean error, boolean rare, boolean slow) {
        return Span.newBuilder()
                .setTraceId(traceId)
                .setSpanId(ownId())
                .setName("span " + items.size())
                .setStartTimeUnixNano(START_UNIX_NANO)
                .setEndTimeUnixNano(START_UNIX_NANO + (slow ? 700_000_000L : 3_000_000L))
                .addAllAttributes(attributes(rare))
                .setStatus(Status.newBuilder()
                        .setCode(error ? Status.StatusCode.STATUS_CODE_ERROR : Status.StatusCode.STATUS_CODE_UNSET))
                .build();
    }

    static KeyValue text(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }

    static Resource resource(int group) {
        return Resource.newBuilder()
                .addAttributes(text("service.name", "service " + group))
                .build();
    }

    static InstrumentationScope scope(int group) {
        return InstrumentationScope.newBuilder().setName("scope " + group).build();
    }

    /** With {@code reversed}, scopes stand before their resource: correct, but not what a view can read in place. */
    private byte[] spans(List<Integer> chosen, boolean reversed) {
        ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
        for (int i = 0; i < chosen.size(); ) {
            int group = group(chosen.get(i));
            ScopeSpans.Builder scope = ScopeSpans.newBuilder().setScope(scope(group));
            for (; i < chosen.size() && group(chosen.get(i)) == group; i++) {
                scope.addSpans(span(chosen.get(i)));
            }
            request.addResourceSpans(
                    ResourceSpans.newBuilder().setResource(resource(group)).addScopeSpans(scope));
        }
        return reversed ? reversed(request.build()) : request.build().toByteArray();
    }

    private byte[] logRecords(List<Integer> chosen) {
        ExportLogsServiceRequest.Builder request = ExportLogsServiceRequest.newBuilder();
        for (int i = 0; i < chosen.size(); ) {
            int group = group(chosen.get(i));
            ScopeLogs.Builder scope = ScopeLogs.newBuilder().setScope(scope(group));
            for (; i < chosen.size() && group(chosen.get(i)) == group; i++) {
                scope.addLogRecords((LogRecord) item(chosen.get(i)));
            }
            request.addResourceLogs(
                    ResourceLogs.newBuilder().setResource(resource(group)).addScopeLogs(scope));
        }
        return request.build().toByteArray();
    }

    private byte[] metrics(List<Integer> chosen) {
        ExportMetricsServiceRequest.Builder request = ExportMetricsServiceRequest.newBuilder();
        for (int i = 0; i < chosen.size(); ) {
            int group = group(chosen.get(i));
            ScopeMetrics.Builder scope = ScopeMetrics.newBuilder().setScope(scope(group));
            for (; i < chosen.size() && group(chosen.get(i)) == group; i++) {
                scope.addMetrics((Metric) item(chosen.get(i)));
            }
            request.addResourceMetrics(
                    ResourceMetrics.newBuilder().setResource(resource(group)).addScopeMetrics(scope));
        }
        return request.build().toByteArray();
    }

    private static byte[] reversed(ExportTraceServiceRequest request) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            for (ResourceSpans resource : request.getResourceSpansList()) {
                ByteArrayOutputStream inner = new ByteArrayOutputStream();
                CodedOutputStream fields = CodedOutputStream.newInstance(inner);
                for (ScopeSpans scope : resource.getScopeSpansList()) {
                    fields.writeMessage(ResourceSpans.SCOPE_SPANS_FIELD_NUMBER, scope);
                }
                fields.writeMessage(ResourceSpans.RESOURCE_FIELD_NUMBER, resource.getResource());
                fields.flush();
                out.writeByteArray(ExportTraceServiceRequest.RESOURCE_SPANS_FIELD_NUMBER, inner.toByteArray());
            }
            out.flush();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
