package io.spanweir.sim;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What clients send: spans of traces, torn over requests, some long after their trace; now and then a request that is broken. */
final class SimTraffic {
    private static final long START_UNIX_NANO = 1_700_000_000_000_000_000L;
    private static final String FILL = "0123456789abcdef".repeat(3000);

    private final SplittableRandom random;
    private final int fillMax;
    private final int requestBytesMax;
    private final List<Span> ready = new ArrayList<>();
    private final List<Span> late = new ArrayList<>();
    /** Every span ever made, by its number, which is in its id. */
    private final List<Span> spans = new ArrayList<>();

    private int requests;

    /** One request as a client keeps it until it is taken. */
    record Request(int number, List<Span> spans, byte[] message, boolean broken) {}

    SimTraffic(Scenario scenario) {
        random = scenario.random;
        fillMax = scenario.fillMax;
        requestBytesMax = scenario.requestBytesMax;
    }

    Span span(int number) {
        return spans.get(number);
    }

    int spanCount() {
        return spans.size();
    }

    static int number(Span span) {
        return span.getSpanId().asReadOnlyByteBuffer().getInt(4) - 1;
    }

    /** The resource and scope under which a span is sent. */
    static int group(int spanNumber) {
        return spanNumber * 7 % 5 % 3;
    }

    /** Some of the late spans are due now. */
    void lateOnesCome() {
        while (!late.isEmpty() && random.nextInt(4) != 0) {
            ready.add(late.remove(random.nextInt(late.size())));
        }
    }

    void again(Request refused) {
        ready.addAll(refused.spans);
    }

    Request next() {
        while (ready.size() < 12) {
            newTrace();
        }
        List<Span> chosen = new ArrayList<>();
        boolean inOrder = random.nextInt(3) != 0;
        int wanted = 1 + random.nextInt(14);
        int bytes = 0;
        while (chosen.size() < wanted && !ready.isEmpty()) {
            Span span = ready.remove(inOrder ? 0 : random.nextInt(ready.size()));
            bytes += span.getSerializedSize() + 200;
            if (bytes > requestBytesMax && !chosen.isEmpty()) {
                ready.add(0, span);
                break;
            }
            chosen.add(span);
        }
        boolean reversed = random.nextInt(12) == 0;
        byte[] message = message(chosen, reversed);
        boolean broken = random.nextInt(25) == 0;
        if (broken) {
            ready.addAll(chosen);
            message = java.util.Arrays.copyOf(message, message.length - 1);
        }
        return new Request(requests++, chosen, message, broken);
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
            Span span = span(traceId, i == error, i == rare, i == slow);
            spans.add(span);
            (random.nextInt(7) == 0 ? late : ready).add(span);
        }
    }

    private Span span(ByteString traceId, boolean error, boolean rare, boolean slow) {
        int fill = random.nextInt(fillMax);
        return Span.newBuilder()
                .setTraceId(traceId)
                .setSpanId(ByteString.copyFrom(
                        ByteBuffer.allocate(8).putInt(4, spans.size() + 1).array()))
                .setName("span " + spans.size())
                .setStartTimeUnixNano(START_UNIX_NANO)
                .setEndTimeUnixNano(START_UNIX_NANO + (slow ? 700_000_000L : 3_000_000L))
                .addAttributes(text("kind", rare ? "rare" : "usual"))
                .addAttributes(text("fill", FILL.substring(0, fill)))
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
    private byte[] message(List<Span> chosen, boolean reversed) {
        ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
        for (int i = 0; i < chosen.size(); ) {
            int group = group(number(chosen.get(i)));
            ScopeSpans.Builder scope = ScopeSpans.newBuilder().setScope(scope(group));
            for (; i < chosen.size() && group(number(chosen.get(i))) == group; i++) {
                scope.addSpans(chosen.get(i));
            }
            request.addResourceSpans(
                    ResourceSpans.newBuilder().setResource(resource(group)).addScopeSpans(scope));
        }
        return reversed ? reversed(request.build()) : request.build().toByteArray();
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
