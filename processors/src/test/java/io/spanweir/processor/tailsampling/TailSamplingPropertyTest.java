package io.spanweir.processor.tailsampling;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.spanweir.testkit.Seeds;
import io.spanweir.time.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * However the spans of traces are split into requests, interleaved and spread over lanes, the outcome is that of the plain
 * model that sees each trace as a whole.
 */
class TailSamplingPropertyTest {
    private static final int ROUNDS = 300;
    private static final long START_UNIX_NANO = 1_775_000_000_000_000_000L;

    @Test
    void decisionsDoNotDependOnHowSpansArrive() {
        for (int round = 0; round < ROUNDS; round++) {
            SplittableRandom random = Seeds.random(TailSamplingPropertyTest.class, "arrival", round);
            ReferencePolicies reference = ReferencePolicies.generate(random);
            List<Recorder.Received> spans = spans(random);
            String description = reference.yaml() + "\n" + Seeds.repeat(TailSamplingPropertyTest.class, round);
            for (int arrival = 0; arrival < 2; arrival++) {
                List<String> actual = run(reference, spans, random);
                assertThat(actual).as(description).containsExactlyInAnyOrderElementsOf(expected(reference, spans));
            }
        }
    }

    private static List<String> expected(ReferencePolicies reference, List<Recorder.Received> spans) {
        Map<String, List<Recorder.Received>> traces = new TreeMap<>();
        for (Recorder.Received span : spans) {
            traces.computeIfAbsent(ReferencePolicies.digits(List.of(span)), id -> new ArrayList<>())
                    .add(span);
        }
        List<String> kept = new ArrayList<>();
        traces.forEach((id, trace) -> {
            String outcome = reference.decide(trace);
            if (!outcome.equals(ReferencePolicies.NO)) {
                for (Recorder.Received one : trace) {
                    String traceState = reference.traceState(one.span().getTraceState(), id, outcome);
                    kept.add(id + " " + one.span().getName() + " [" + traceState + "] "
                            + one.resource().getResource().getAttributesList().hashCode());
                }
            }
        });
        return kept;
    }

    private static List<String> run(
            ReferencePolicies reference, List<Recorder.Received> spans, SplittableRandom random) {
        TailSamplingProcessorConfig config = LaneHarness.config("decision_wait: 30s\npolicies:\n" + reference.yaml());
        int laneCount = 1 + random.nextInt(4);
        List<LaneHarness> lanes = new ArrayList<>();
        ManualClock clock = new ManualClock();
        for (int lane = 0; lane < laneCount; lane++) {
            lanes.add(new LaneHarness(config, clock, laneCount, 4 << 20, 4 << 20, null));
        }
        List<Recorder.Received> shuffled = shuffled(spans, random);
        for (int from = 0; from < shuffled.size(); ) {
            int to = Math.min(shuffled.size(), from + 1 + random.nextInt(6));
            List<Recorder.Received> some = shuffled.subList(from, to);
            for (int lane = 0; lane < laneCount; lane++) {
                ExportTraceServiceRequest request = request(some, lane, laneCount, random);
                if (request.getResourceSpansCount() > 0) {
                    lanes.get(lane).send(request);
                }
            }
            clock.advanceNanos(random.nextLong(200_000_000));
            from = to;
        }
        List<String> out = new ArrayList<>();
        long received = 0;
        for (LaneHarness lane : lanes) {
            lane.advance(Duration.ofSeconds(31));
            received += lane.count(TailSamplingMetric.RECEIVED_SPANS);
            assertThat(lane.count(TailSamplingMetric.HELD_SPANS)).isZero();
            for (Recorder.Received one : lane.recorder.received) {
                out.add(ReferencePolicies.digits(List.of(one)) + " "
                        + one.span().getName() + " ["
                        + one.span().getTraceState() + "] "
                        + one.resource().getResource().getAttributesList().hashCode());
            }
        }
        assertThat(received).isEqualTo(spans.size());
        return out;
    }

    /** Spans of the lane; neighbours of one resource share it at times. */
    private static ExportTraceServiceRequest request(
            List<Recorder.Received> spans, int lane, int laneCount, SplittableRandom random) {
        ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
        for (Recorder.Received one : spans) {
            if (Math.floorMod(one.span().getTraceId().hashCode(), laneCount) != lane) {
                continue;
            }
            int count = request.getResourceSpansCount();
            boolean joins = count > 0
                    && random.nextBoolean()
                    && request.getResourceSpans(count - 1)
                            .getResource()
                            .equals(one.resource().getResource());
            if (joins) {
                request.getResourceSpansBuilder(count - 1)
                        .getScopeSpansBuilder(0)
                        .addSpans(one.span());
            } else {
                request.addResourceSpans(one.resource().toBuilder()
                        .addScopeSpans(ScopeSpans.newBuilder().addSpans(one.span())));
            }
        }
        return request.build();
    }

    private static List<Recorder.Received> shuffled(List<Recorder.Received> spans, SplittableRandom random) {
        List<Recorder.Received> all = new ArrayList<>(spans);
        for (int i = all.size() - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            Recorder.Received one = all.get(i);
            all.set(i, all.get(other));
            all.set(other, one);
        }
        return all;
    }

    private static List<Recorder.Received> spans(SplittableRandom random) {
        List<Recorder.Received> spans = new ArrayList<>();
        int name = 0;
        for (int trace = 1 + random.nextInt(12); trace > 0; trace--) {
            byte[] id = new byte[16];
            for (int i = 0; i < id.length; i++) {
                id[i] = (byte) random.nextInt();
            }
            for (int span = 1 + random.nextInt(6); span > 0; span--) {
                spans.add(span(ByteString.copyFrom(id), "s" + name++, random));
            }
        }
        return spans;
    }

    private static Recorder.Received span(ByteString traceId, String name, SplittableRandom random) {
        long start = START_UNIX_NANO + random.nextLong(300_000_000L);
        Span.Builder span = Span.newBuilder()
                .setTraceId(traceId)
                .setSpanId(ByteString.copyFromUtf8((name + "________").substring(0, 8)))
                .setName(name)
                .setStartTimeUnixNano(start)
                .setEndTimeUnixNano(start + random.nextLong(200_000_000L))
                .setTraceState(List.of("", "", "v=1", "ot=th:8", "ot=th:4,v=1", "ot=th:0")
                        .get(random.nextInt(6)));
        span.getStatusBuilder().setCodeValue(random.nextInt(3));
        Resource.Builder resource =
                Resource.newBuilder().addAttributes(text("service.name", "service-" + random.nextInt(3)));
        if (random.nextInt(4) == 0) {
            resource.addAttributes(attribute(random));
        }
        for (int count = random.nextInt(4); count > 0; count--) {
            span.addAttributes(attribute(random));
        }
        return new Recorder.Received(
                span.build(),
                ResourceSpans.newBuilder().setResource(resource).build(),
                ScopeSpans.getDefaultInstance());
    }

    private static KeyValue attribute(SplittableRandom random) {
        AnyValue.Builder value = AnyValue.newBuilder();
        switch (random.nextInt(4)) {
            case 0 -> value.setIntValue(random.nextInt(10));
            case 1 -> value.setDoubleValue(random.nextInt(20) / 2.0);
            case 2 -> value.setBoolValue(random.nextBoolean());
            default ->
                value.setStringValue(
                        List.of("", "abc", "abcd", "x", "xx", "axc").get(random.nextInt(6)));
        }
        return KeyValue.newBuilder()
                .setKey(List.of("n", "k", "b", "other", "nn").get(random.nextInt(5)))
                .setValue(value)
                .build();
    }

    private static KeyValue text(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }
}
