package io.spanweir.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.trace.v1.Span;
import io.spanweir.testsink.OtlpSink;
import io.spanweir.testsink.SinkRequest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What backends have, by trace id in hex, then by span id.
 *
 * @param repeatedSpans how often a span came that was there already: a request that is sent again because its answer was lost
 */
record ReceivedTraces(Map<String, Map<ByteString, Span>> byTraceId, int repeatedSpans) {
    private static final Pattern THRESHOLD = Pattern.compile("(?:^|,)ot=(?:[^,]*;)?th:([0-9a-f]+)");

    static ReceivedTraces of(OtlpSink... sinks) {
        Map<String, Map<ByteString, Span>> traces = new LinkedHashMap<>();
        int repeated = 0;
        for (OtlpSink sink : sinks) {
            for (SinkRequest request : sink.received()) {
                for (var resource : request.traces().getResourceSpansList()) {
                    for (var scope : resource.getScopeSpansList()) {
                        for (Span span : scope.getSpansList()) {
                            Span before = traces.computeIfAbsent(hex(span.getTraceId()), id -> new LinkedHashMap<>())
                                    .put(span.getSpanId(), span);
                            if (before != null) {
                                assertThat(span).as("a span that came again").isEqualTo(before);
                                repeated++;
                            }
                        }
                    }
                }
            }
        }
        return new ReceivedTraces(traces, repeated);
    }

    private static String hex(ByteString id) {
        return HexFormat.of().formatHex(id.toByteArray());
    }

    int spanCount() {
        return byTraceId.values().stream().mapToInt(Map::size).sum();
    }

    /** Empty when nothing of the trace has come. */
    List<Span> spans(String traceId) {
        return List.copyOf(byTraceId.getOrDefault(traceId, Map.of()).values());
    }

    /** The one span without a parent. */
    Span root(String traceId) {
        List<Span> roots = spans(traceId).stream()
                .filter(span -> span.getParentSpanId().isEmpty())
                .toList();
        assertThat(roots).as("roots of trace %s", traceId).hasSize(1);
        return roots.get(0);
    }

    /** The {@code error.type} of the root. */
    String errorType(String traceId) {
        return root(traceId).getAttributesList().stream()
                .filter(attribute -> attribute.getKey().equals("error.type"))
                .map(attribute -> attribute.getValue().getStringValue())
                .findFirst()
                .orElse("none");
    }

    /** From the earliest start to the latest end, in whole milliseconds. */
    long durationMillis(String traceId) {
        long start = Long.MAX_VALUE;
        long end = Long.MIN_VALUE;
        for (Span span : spans(traceId)) {
            start = Math.min(start, span.getStartTimeUnixNano());
            end = Math.max(end, span.getEndTimeUnixNano());
        }
        return (end - start) / 1_000_000;
    }

    /** The sampling threshold in the tracestate, the same in all spans; empty when there is none. */
    String threshold(String traceId) {
        List<String> thresholds = spans(traceId).stream()
                .map(Span::getTraceState)
                .map(ReceivedTraces::thresholdIn)
                .distinct()
                .toList();
        assertThat(thresholds).as("thresholds of trace %s", traceId).hasSize(1);
        return thresholds.get(0);
    }

    private static String thresholdIn(String traceState) {
        Matcher matcher = THRESHOLD.matcher(traceState);
        return matcher.find() ? matcher.group(1) : "";
    }

    /** All spans are there, and so is the parent of each but one. */
    void assertWhole(String traceId, int spanCount) {
        List<Span> spans = spans(traceId);
        assertThat(spans).as("spans of trace %s", traceId).hasSize(spanCount);
        root(traceId);
        Map<ByteString, Span> byId = byTraceId.get(traceId);
        for (Span span : spans) {
            if (!span.getParentSpanId().isEmpty()) {
                assertThat(byId).as("parents in trace %s", traceId).containsKey(span.getParentSpanId());
            }
        }
    }
}
