package io.spanweir.sim;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.spanweir.ManualSpanweir;
import io.spanweir.StartException;
import io.spanweir.component.Intake.Admission;
import io.spanweir.component.SendOutcome;
import io.spanweir.export.ExportMetric;
import io.spanweir.graph.Components;
import io.spanweir.lane.LaneMetric;
import io.spanweir.telemetry.MetricRegistry;
import io.spanweir.testengine.TestEngine;
import io.spanweir.testengine.TestIn;
import io.spanweir.testengine.TestOut;
import io.spanweir.wire.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * One run of the engine in which everything that may interleave does so by one seed: receiving, turns of lanes, tasks of
 * exporters, time, and a backend that is up, down, slow or says no. Afterwards the books must balance.
 */
final class Simulation {
    private static final int STEPS = 600;
    private static final int RING_LAG_OF_ONE_TURN = 60;
    /** From where on a request gets no further spans; a message may have half of transit memory. */
    private static final int REQUEST_BYTES = 200_000;

    private final SplittableRandom random;
    private final TestIn in = new TestIn();
    private final TestOut out = new TestOut();
    private final ManualSpanweir engine;
    private final boolean sampling;
    private final long waitNanos;
    private final int numTraces;
    /** Whether the backend ever says no for good, which loses data and leaves less to check. */
    private final boolean backendRejects;
    /** Large spans fill the memory. */
    private final int fillMax;

    private final List<Span> unsent = new ArrayList<>();
    private final Map<ByteString, TraceBook> traces = new HashMap<>();
    private int entriesSinceTurn;
    private int entriesSinceTurnMax;
    private long acceptedSpans;
    private int spanNumber;
    private boolean backendLost;

    /** What is known of one trace from outside. */
    private static final class TraceBook {
        final Set<ByteString> accepted = new HashSet<>();
        long firstAcceptedNanos = Long.MAX_VALUE;
        long errorAcceptedNanos = Long.MAX_VALUE;
    }

    Simulation(long seed) throws StartException {
        random = new SplittableRandom(seed);
        sampling = random.nextInt(4) != 0;
        int waitSeconds = 1 + random.nextInt(5);
        waitNanos = Duration.ofSeconds(waitSeconds).toNanos();
        numTraces = random.nextInt(3) == 0 ? 16 + random.nextInt(64) : 100_000;
        backendRejects = random.nextInt(4) == 0;
        fillMax = random.nextInt(3) == 0 ? 40_000 : 300;
        String yaml = """
                receivers: {in: }
                processors:
                  tail_sampling:
                    decision_wait: %ds
                    num_traces: %d
                    policies:
                      - {name: errors, type: status_code, status_code: {status_codes: [ERROR]}}
                      - {name: some, type: probabilistic, probabilistic: {sampling_percentage: 30}}
                exporters:
                  out: {sending_queue: {queue_size: %d, num_consumers: %d}, retry_on_failure: {max_elapsed_time: 0s}}
                service:
                  pipelines:
                    traces: {receivers: [in], processors: [%s], exporters: [out]}
                engine: {ring_size: %d, segment_size: 64KiB}
                """.formatted(
                        waitSeconds,
                        numTraces,
                        1 + random.nextInt(50),
                        1 + random.nextInt(4),
                        sampling ? "tail_sampling" : "",
                        8 << random.nextInt(6));
        Components components =
                Components.load(Simulation.class.getClassLoader()).with(in, out);
        int lanes = 1 + random.nextInt(4);
        long memory = (long) (8 + random.nextInt(24)) << 20;
        engine = new ManualSpanweir(TestEngine.topology(yaml, components), lanes, memory, random.nextLong());
    }

    void run() throws InvalidProtocolBufferException {
        for (int step = 0; step < STEPS; step++) {
            step();
        }
        boolean backendReturns = random.nextInt(4) != 0;
        out.answerWith(sent -> backendReturns ? SendOutcome.sent() : SendOutcome.retryable("down", 0));
        out.answerHeld();
        engine.settle();
        engine.beginDrain();
        engine.advance(Duration.ofMinutes(backendReturns ? 10 : 1), Duration.ofSeconds(1));
        if (!engine.drained()) {
            assertThat(backendReturns).as("drains when the backend is there").isFalse();
            engine.giveUp();
        }
        check();
        engine.close();
    }

    private void step() {
        switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> receive();
            case 4, 5, 6 -> {
                engine.turn(random.nextInt(engine.laneCount()));
                entriesSinceTurn = random.nextInt(engine.laneCount()) == 0 ? 0 : entriesSinceTurn;
            }
            case 7, 8 -> engine.runExport();
            case 9 -> engine.clock().advance(Duration.ofMillis(random.nextInt(400)));
            case 10 -> engine.settle();
            default -> backend();
        }
    }

    private void backend() {
        switch (random.nextInt(6)) {
            case 0 -> out.answerWith(sent -> SendOutcome.retryable("down", 0));
            case 1 -> out.hold();
            case 2 -> {
                if (backendRejects) {
                    out.answerWith(sent -> SendOutcome.permanent("no"));
                    backendLost = true;
                }
            }
            default -> {
                out.answerWith(sent -> SendOutcome.sent());
                out.answerHeld();
            }
        }
    }

    private void receive() {
        if (unsent.size() < 50) {
            newTraces(1 + random.nextInt(10));
        }
        List<Span> spans = new ArrayList<>();
        int wanted = 1 + random.nextInt(30);
        int bytes = 0;
        for (int i = 0; i < wanted && bytes < REQUEST_BYTES && !unsent.isEmpty(); i++) {
            Span span = unsent.remove(random.nextInt(unsent.size()));
            bytes += span.getSerializedSize();
            spans.add(span);
        }
        Admission admission = in.push(Signal.TRACES, request(spans).toByteArray());
        if (admission != Admission.ACCEPTED) {
            assertThat(admission).isEqualTo(Admission.REFUSED);
            unsent.addAll(spans); // a client tries again
            return;
        }
        entriesSinceTurn++;
        entriesSinceTurnMax = Math.max(entriesSinceTurnMax, entriesSinceTurn);
        acceptedSpans += spans.size();
        long now = engine.clock().nanos();
        for (Span span : spans) {
            TraceBook trace = traces.computeIfAbsent(span.getTraceId(), id -> new TraceBook());
            trace.accepted.add(span.getSpanId());
            trace.firstAcceptedNanos = Math.min(trace.firstAcceptedNanos, now);
            if (span.getStatus().getCode() == Status.StatusCode.STATUS_CODE_ERROR) {
                trace.errorAcceptedNanos = Math.min(trace.errorAcceptedNanos, now);
            }
        }
    }

    private void newTraces(int count) {
        for (int i = 0; i < count; i++) {
            ByteString traceId = id(16);
            int spans = 1 + random.nextInt(12);
            int error = random.nextInt(5) == 0 ? random.nextInt(spans) : -1;
            for (int span = 0; span < spans; span++) {
                unsent.add(span(traceId, span == error));
            }
        }
    }

    private Span span(ByteString traceId, boolean error) {
        int fill = random.nextInt(200) == 0 ? 90_000 : random.nextInt(fillMax);
        return Span.newBuilder()
                .setTraceId(traceId)
                .setSpanId(id(8))
                .setName("span " + spanNumber++)
                .setStartTimeUnixNano(1_700_000_000_000_000_000L)
                .setEndTimeUnixNano(1_700_000_000_001_000_000L)
                .addAttributes(KeyValue.newBuilder()
                        .setKey("fill")
                        .setValue(AnyValue.newBuilder().setStringValue("x".repeat(fill))))
                .setStatus(Status.newBuilder()
                        .setCode(error ? Status.StatusCode.STATUS_CODE_ERROR : Status.StatusCode.STATUS_CODE_UNSET))
                .build();
    }

    private ExportTraceServiceRequest request(List<Span> spans) {
        ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
        int services = 1 + random.nextInt(3);
        for (int service = 0; service < services; service++) {
            ScopeSpans.Builder scope = ScopeSpans.newBuilder();
            for (int i = service; i < spans.size(); i += services) {
                scope.addSpans(spans.get(i));
            }
            request.addResourceSpans(ResourceSpans.newBuilder()
                    .setResource(Resource.newBuilder()
                            .addAttributes(KeyValue.newBuilder()
                                    .setKey("service.name")
                                    .setValue(AnyValue.newBuilder().setStringValue("service-" + service))))
                    .addScopeSpans(scope));
        }
        return request.build();
    }

    private ByteString id(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        bytes[0] |= 1;
        return ByteString.copyFrom(bytes);
    }

    private void check() throws InvalidProtocolBufferException {
        assertThat(engine.drained()).as("drained").isTrue();
        for (String part : List.of("transit", "held", "tables", "export")) {
            assertThat(engine.usedBytes(part)).as("bytes left in " + part).isZero();
        }
        MetricRegistry metrics = engine.metrics();
        long accepted = (long) metrics.sum(LaneMetric.accepted(Signal.TRACES));
        long sent = (long) metrics.sum(ExportMetric.sent(Signal.TRACES));
        long failed = (long) metrics.sum(ExportMetric.sendFailed(Signal.TRACES));
        long noRoom = (long) metrics.sum(ExportMetric.enqueueFailed(Signal.TRACES));
        long dropped = droppedBySampling();
        assertThat(accepted).as("accepted").isEqualTo(acceptedSpans);
        assertThat(accepted).as("in = out + dropped by reason").isEqualTo(sent + failed + noRoom + dropped);
        assertThat(metrics.sum(LaneMetric.DROPPED)).as("internal errors").isZero();
        checkTraces(failed + noRoom + finished("memory_full") + finished("shutdown") > 0);
    }

    private long droppedBySampling() {
        return sampling ? finishedExcept("sampled") : 0;
    }

    private long finished(String outcome) {
        return finishedSpans(outcome, true);
    }

    private long finishedExcept(String outcome) {
        return finishedSpans(outcome, false);
    }

    private long finishedSpans(String outcome, boolean same) {
        return engine.metrics().collect().stream()
                .filter(family -> family.metric().metricName().equals("spanweir_tail_sampling_finished_spans"))
                .flatMap(family -> family.series().stream())
                .filter(series -> series.labelValues().get(0).equals(outcome) == same)
                .mapToLong(series -> (long) series.value())
                .sum();
    }

    private void checkTraces(boolean somethingLost) throws InvalidProtocolBufferException {
        Map<ByteString, Set<ByteString>> arrived = new HashMap<>();
        for (TestOut.Sent sent : out.attempts()) {
            for (ResourceSpans resource :
                    ExportTraceServiceRequest.parseFrom(sent.message()).getResourceSpansList()) {
                for (ScopeSpans scope : resource.getScopeSpansList()) {
                    for (Span span : scope.getSpansList()) {
                        arrived.computeIfAbsent(span.getTraceId(), id -> new HashSet<>())
                                .add(span.getSpanId());
                    }
                }
            }
        }
        assertThat(traces.keySet()).as("nothing arrives that was not sent").containsAll(arrived.keySet());
        if (somethingLost || backendLost || traces.size() > numTraces || entriesSinceTurnMax > RING_LAG_OF_ONE_TURN) {
            return;
        }
        boolean decidedEarly = decisions("memory") + decisions("count") > 0;
        traces.forEach((id, trace) -> {
            Set<ByteString> got = arrived.getOrDefault(id, Set.of());
            if (sampling) {
                assertThat(got.isEmpty() || got.equals(trace.accepted))
                        .as("whole or not at all")
                        .isTrue();
            } else {
                assertThat(got).isEqualTo(trace.accepted);
            }
            boolean inTime = trace.errorAcceptedNanos != Long.MAX_VALUE
                    && trace.errorAcceptedNanos - trace.firstAcceptedNanos < waitNanos;
            if (sampling && inTime && !decidedEarly) {
                assertThat(got).as("a trace with an error is kept").isEqualTo(trace.accepted);
            }
        });
    }

    private long decisions(String trigger) {
        return engine.metrics().collect().stream()
                .filter(family -> family.metric().metricName().equals("spanweir_tail_sampling_decisions"))
                .flatMap(family -> family.series().stream())
                .filter(series -> series.labelValues().get(0).equals(trigger))
                .mapToLong(series -> (long) series.value())
                .sum();
    }
}
