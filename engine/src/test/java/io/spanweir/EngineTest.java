package io.spanweir;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import io.spanweir.component.Intake;
import io.spanweir.component.Intake.Admission;
import io.spanweir.component.SendOutcome;
import io.spanweir.data.BatchPart;
import io.spanweir.data.ItemCursor;
import io.spanweir.data.Settlement;
import io.spanweir.data.SpanView;
import io.spanweir.export.ExportMetric;
import io.spanweir.graph.Components;
import io.spanweir.lane.LaneMetric;
import io.spanweir.testengine.TestConnector;
import io.spanweir.testengine.TestEngine;
import io.spanweir.testengine.TestIn;
import io.spanweir.testengine.TestOut;
import io.spanweir.testengine.TestProcessor;
import io.spanweir.testkit.OrderTraffic;
import io.spanweir.testkit.OtlpGenerator;
import io.spanweir.testkit.Seeds;
import io.spanweir.wire.Signal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EngineTest {
    private static final String PASS = """
            receivers: {in: }
            exporters: {out: }
            service:
              pipelines:
                traces: {receivers: [in], exporters: [out]}
                metrics: {receivers: [in], exporters: [out]}
                logs: {receivers: [in], exporters: [out]}
            """;

    private final TestIn in = new TestIn();
    private final TestOut out = new TestOut();
    private final SplittableRandom random = Seeds.random(EngineTest.class, "traffic");
    private final List<ManualSpanweir> engines = new ArrayList<>();

    @AfterEach
    void nothingIsLeft() {
        for (ManualSpanweir engine : engines) {
            out.answerWith(sent -> SendOutcome.sent());
            out.answerHeld();
            engine.settle();
            engine.beginDrain();
            engine.advance(Duration.ofMinutes(2), Duration.ofSeconds(1));
            assertThat(engine.drained()).as("drained").isTrue();
            assertThat(engine.usedBytes("held")).as("held bytes").isZero();
            assertThat(engine.usedBytes("export")).as("export bytes").isZero();
            assertThat(engine.usedBytes("transit")).as("transit bytes").isZero();
            engine.close();
        }
    }

    private ManualSpanweir start(String yaml, int lanes, TestProcessor... processors) {
        ManualSpanweir engine = TestEngine.start(yaml, Components.of(in, out).with(processors), lanes);
        engines.add(engine);
        return engine;
    }

    @ParameterizedTest
    @EnumSource(Signal.class)
    void whatComesInGoesOutWithTheSameContent(Signal signal) throws Exception {
        ManualSpanweir engine = start(PASS, 1);
        OtlpGenerator generator = new OtlpGenerator(random);
        for (int i = 0; i < 50; i++) {
            byte[] message = generate(generator, signal);
            int before = out.attempts().size();
            assertThat(in.push(signal, message)).isEqualTo(Admission.ACCEPTED);
            engine.settle();
            List<TestOut.Sent> sent = out.attempts();
            if (sent.size() > before) { // a message without items is not forwarded
                assertThat(parse(signal, sent.get(sent.size() - 1).message())).isEqualTo(parse(signal, message));
            }
        }
        assertThat(engine.metrics().sum(ExportMetric.sent(signal)))
                .isEqualTo(engine.metrics().sum(LaneMetric.accepted(signal)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void everyTraceStaysOnOneLaneAndEverySpanArrivesOnce(int lanes) throws Exception {
        Map<String, Integer> laneOfTrace = new HashMap<>();
        TestProcessor affine = new TestProcessor("affine", true, (part, context) -> {
            for (int run = 0; run < part.runCount(); run++) {
                String id = hex(part.runBytes(run), part.runTraceIdOffset(run));
                assertThat(laneOfTrace.computeIfAbsent(id, key -> context.lane()))
                        .isEqualTo(context.lane());
            }
            context.next().accept(part);
        });
        ManualSpanweir engine = start(
                PASS.replace(
                                "traces: {receivers: [in], exporters",
                                "traces: {receivers: [in], processors: [affine], exporters")
                        .replace("exporters: {out: }", "exporters: {out: }\nprocessors: {affine: }"),
                lanes,
                affine);
        OrderTraffic traffic = new OrderTraffic(random);
        List<Span> spans = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            ExportTraceServiceRequest request = traffic.message(100);
            spans.addAll(spans(request));
            in.push(Signal.TRACES, request.toByteArray());
        }
        engine.settle();
        assertThat(arrived()).containsExactlyInAnyOrderElementsOf(spans);
        if (lanes > 1) {
            assertThat(laneOfTrace.values().stream().distinct().count()).isEqualTo(lanes);
        }
    }

    @Test
    void aFullQueueRefusesAndNothingAcknowledgedIsLost() throws Exception {
        ManualSpanweir engine = start(
                PASS.replace(
                        "exporters: {out: }", "exporters: {out: {sending_queue: {queue_size: 3, num_consumers: 2}}}"),
                1);
        out.hold();
        OrderTraffic traffic = new OrderTraffic(random);
        int accepted = 0;
        List<Span> spans = new ArrayList<>();
        for (int i = 0; i < 4_000; i++) {
            ExportTraceServiceRequest request = traffic.message(2_000);
            Admission admission = in.push(Signal.TRACES, request.toByteArray());
            engine.settle();
            if (admission == Admission.REFUSED) {
                break;
            }
            accepted++;
            spans.addAll(spans(request));
        }
        assertThat(in.receiver("in").intake(Signal.TRACES).refusal()).isNotEmpty();
        assertThat(accepted).isBetween(5, 100);
        out.answerHeld();
        engine.settle();
        assertThat(arrived()).containsExactlyInAnyOrderElementsOf(spans);
    }

    @Test
    void aBackendThatIsDownIsTriedAgainWithGrowingDelays() {
        ManualSpanweir engine = start(
                PASS.replace(
                        "exporters: {out: }",
                        "exporters: {out: {retry_on_failure: {initial_interval: 1s, randomization_factor: 0, multiplier: 2}}}"),
                1);
        out.answerWith(sent -> SendOutcome.retryable("connection refused", 0));
        in.push(Signal.TRACES, new OrderTraffic(random).request(7));
        List<Long> seconds = new ArrayList<>();
        int seen = 0;
        for (int second = 0; second <= 20; second++) {
            engine.settle();
            if (out.attempts().size() > seen) {
                seen = out.attempts().size();
                seconds.add((long) second);
            }
            engine.clock().advance(Duration.ofSeconds(1));
        }
        assertThat(seconds).containsExactly(0L, 1L, 3L, 7L, 15L);
    }

    @Test
    void theDelayThatTheBackendAsksForIsTheLeast() {
        ManualSpanweir engine = start(PASS, 1);
        out.answerWith(sent -> out.attempts().size() > 1
                ? SendOutcome.sent()
                : SendOutcome.retryable("throttled", Duration.ofSeconds(40).toNanos()));
        in.push(Signal.TRACES, new OrderTraffic(random).request(7));
        engine.advance(Duration.ofSeconds(39), Duration.ofSeconds(1));
        assertThat(out.attempts()).hasSize(1);
        engine.advance(Duration.ofSeconds(2), Duration.ofSeconds(1));
        assertThat(out.attempts()).hasSize(2);
    }

    @Test
    void retriesEndAfterTheMaximumElapsedTimeAndAreCounted() {
        ManualSpanweir engine = start(
                PASS.replace(
                        "exporters: {out: }",
                        "exporters: {out: {retry_on_failure: {initial_interval: 1s, max_interval: 5s, max_elapsed_time: 20s}}}"),
                1);
        out.answerWith(sent -> SendOutcome.retryable("connection refused", 0));
        in.push(Signal.TRACES, new OrderTraffic(random).request(7));
        engine.advance(Duration.ofSeconds(30), Duration.ofMillis(100));
        assertThat(engine.metrics().sum(ExportMetric.sendFailed(Signal.TRACES))).isEqualTo(7);
        assertThat(engine.usedBytes("export")).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void withBlockOnOverflowSendersWaitBeforeExportMemoryIsFull(boolean blocks) {
        ManualSpanweir engine = start(
                PASS.replace(
                        "exporters: {out: }",
                        "exporters: {out: {sending_queue: {num_consumers: 1, block_on_overflow: " + blocks + "}}}"),
                1);
        Intake intake = in.receiver("in").intake(Signal.TRACES);
        out.hold();
        byte[] request = new OrderTraffic(random).request(200);
        long usedWithoutWait = 0;
        long usedWithWait = Long.MAX_VALUE;
        Admission admission;
        do {
            long used = engine.usedBytes("export");
            if (intake.waitsForResult()) {
                usedWithWait = Math.min(used, usedWithWait);
            } else {
                usedWithoutWait = used;
            }
            admission = in.push(Signal.TRACES, request);
            engine.settle();
        } while (admission == Admission.ACCEPTED);
        assertThat(intake.refusal()).isEqualTo("the memory for export is full");
        if (blocks) {
            assertThat(usedWithWait).as("bytes from which on senders wait").isBetween(1L << 20, 3L << 20);
            assertThat(usedWithoutWait).isLessThan(usedWithWait);
        } else {
            assertThat(usedWithWait).as("senders never wait").isEqualTo(Long.MAX_VALUE);
        }

        out.answerWith(sent -> SendOutcome.retryable("busy", 0));
        out.answerHeld();
        engine.settle();
        assertThat(intake.waitsForResult()).as("in a back-off").isFalse();
        out.hold();
        engine.advance(Duration.ofSeconds(30), Duration.ofSeconds(1));
        assertThat(intake.waitsForResult()).as("tried again, no answer").isFalse();

        out.answerWith(sent -> SendOutcome.sent());
        out.answerHeld();
        engine.advance(Duration.ofMinutes(1), Duration.ofSeconds(1));
        assertThat(intake.waitsForResult()).as("with free memory").isFalse();
    }

    @Test
    void noSenderWaitsEarlyForAQueueThatDoesNotAskForIt() {
        ManualSpanweir engine = start(
                PASS.replace(
                                "exporters: {out: }",
                                "exporters: {out: {sending_queue: {num_consumers: 1, block_on_overflow: true}}, out/other: {sending_queue: {num_consumers: 1}}}")
                        .replace("exporters: [out]}", "exporters: [out, out/other]}"),
                1);
        Intake intake = in.receiver("in").intake(Signal.TRACES);
        out.hold();
        byte[] request = new OrderTraffic(random).request(200);
        Admission admission;
        do {
            assertThat(intake.waitsForResult()).isFalse();
            admission = in.push(Signal.TRACES, request);
            engine.settle();
        } while (admission == Admission.ACCEPTED);
        assertThat(intake.refusal()).isEqualTo("the memory for export is full");
    }

    @Test
    void aPermanentErrorIsNotTriedAgain() {
        ManualSpanweir engine = start(PASS, 1);
        out.answerWith(sent -> SendOutcome.permanent("INVALID_ARGUMENT"));
        in.push(Signal.TRACES, new OrderTraffic(random).request(7));
        engine.advance(Duration.ofMinutes(1), Duration.ofSeconds(1));
        assertThat(out.attempts()).hasSize(1);
        assertThat(engine.metrics().sum(ExportMetric.sendFailed(Signal.TRACES))).isEqualTo(7);
    }

    @Test
    void rejectedItemsOfAPartialSuccessAreCountedAsFailed() {
        ManualSpanweir engine = start(PASS, 1);
        out.answerWith(sent -> SendOutcome.partial(3, "three were too old"));
        in.push(Signal.TRACES, new OrderTraffic(random).request(7));
        engine.settle();
        assertThat(engine.metrics().sum(ExportMetric.sent(Signal.TRACES))).isEqualTo(4);
        assertThat(engine.metrics().sum(ExportMetric.sendFailed(Signal.TRACES))).isEqualTo(3);
    }

    @Test
    void aSenderThatWaitsForTheResultIsToldWhatTheBackendSaid() {
        ManualSpanweir engine = start(
                PASS.replace("exporters: {out: }", "exporters: {out: {sending_queue: {wait_for_result: true}}}"), 2);
        assertThat(in.receiver("in").intake(Signal.TRACES).waitsForResult()).isTrue();
        List<String> results = new ArrayList<>();
        out.hold();
        Settlement good = new Settlement((failure, retryable) -> results.add("good " + failure));
        in.push("in", Signal.TRACES, new OrderTraffic(random).request(70), good);
        engine.settle();
        assertThat(results).isEmpty();
        out.answerHeld();
        engine.settle();
        assertThat(results).containsExactly("good ");
        out.answerWith(sent -> SendOutcome.permanent("no such tenant"));
        Settlement bad = new Settlement((failure, retryable) -> results.add("bad " + failure + " " + retryable));
        in.push("in", Signal.TRACES, new OrderTraffic(random).request(70), bad);
        engine.settle();
        assertThat(results).containsExactly("good ", "bad no such tenant false");
    }

    @Test
    void aProcessorThatThrowsLosesItsBatchUnderAReasonAndTheLaneGoesOn() throws Exception {
        int[] calls = {0};
        TestProcessor bad = new TestProcessor("bad", false, (part, context) -> {
            if (calls[0]++ == 0) {
                throw new IllegalStateException("planted");
            }
            context.next().accept(part);
        });
        ManualSpanweir engine = start(
                PASS.replace(
                                "traces: {receivers: [in], exporters",
                                "traces: {receivers: [in], processors: [bad], exporters")
                        .replace("exporters: {out: }", "exporters: {out: }\nprocessors: {bad: }"),
                1,
                bad);
        in.push(Signal.TRACES, new OrderTraffic(random).request(7));
        in.push(Signal.TRACES, new OrderTraffic(random).request(14));
        engine.settle();
        assertThat(engine.metrics().sum(LaneMetric.DROPPED, "traces", "internal_error"))
                .isEqualTo(7);
        assertThat(arrived()).hasSize(14);
    }

    @Test
    void pipelinesThatShareABatchDoNotSeeEachOthersEdits() throws Exception {
        TestProcessor rename = renaming();
        ManualSpanweir engine = start("""
                receivers: {in: }
                processors: {rename: }
                exporters: {out/one: , out/two: , out/three: }
                service:
                  pipelines:
                    traces/one: {receivers: [in], processors: [rename], exporters: [out/one]}
                    traces/two: {receivers: [in], exporters: [out/two]}
                    traces/three: {receivers: [in], processors: [rename], exporters: [out/three]}
                """, 1, rename);
        ExportTraceServiceRequest request = new OrderTraffic(random).message(21);
        in.push(Signal.TRACES, request.toByteArray());
        engine.settle();
        Map<String, List<Span>> byExporter = new HashMap<>();
        for (TestOut.Sent sent : out.attempts()) {
            byExporter.put(sent.exporter(), spans(ExportTraceServiceRequest.parseFrom(sent.message())));
        }
        assertThat(byExporter.get("out/two")).isEqualTo(spans(request));
        List<Span> renamed = spans(request).stream()
                .map(span -> span.toBuilder().setName("renamed").build())
                .toList();
        assertThat(byExporter.get("out/one")).isEqualTo(renamed);
        assertThat(byExporter.get("out/three")).isEqualTo(renamed);
    }

    @Test
    void branchesBehindAConnectorDoNotSeeEachOthersEdits() throws Exception {
        ManualSpanweir engine = TestEngine.start("""
                receivers: {in: }
                processors: {rename: }
                connectors: {join: }
                exporters: {out/plain: , out/one: , out/two: }
                service:
                  pipelines:
                    traces: {receivers: [in], processors: [rename], exporters: [out/plain, join]}
                    traces/one: {receivers: [join], processors: [rename], exporters: [out/one]}
                    traces/two: {receivers: [join], exporters: [out/two]}
                """, Components.of(in, out, new TestConnector(), renaming()), 1);
        engines.add(engine);
        ExportTraceServiceRequest request = new OrderTraffic(random).message(21);
        in.push(Signal.TRACES, request.toByteArray());
        engine.settle();
        Map<String, List<String>> names = new HashMap<>();
        for (TestOut.Sent sent : out.attempts()) {
            names.put(
                    sent.exporter(),
                    spans(ExportTraceServiceRequest.parseFrom(sent.message())).stream()
                            .map(Span::getName)
                            .distinct()
                            .toList());
        }
        assertThat(names.get("out/plain")).containsExactly("renamed");
        assertThat(names.get("out/two")).containsExactly("renamed");
        assertThat(names.get("out/one")).containsExactly("renamed twice");
    }

    /** Sets the name, and says so when it was set before. */
    private static TestProcessor renaming() {
        return new TestProcessor("rename", false, (part, context) -> {
            SpanView span = new SpanView();
            ItemCursor cursor = new ItemCursor();
            int element = 0;
            for (int run = 0; run < part.runCount(); run++) {
                for (cursor.wrap(part, run); cursor.next(); element++) {
                    span.wrap(cursor.bytes(), cursor.offset(), cursor.length(), part.items(), element);
                    byte[] name = bytes(span.name().equals("renamed") ? "renamed twice" : "renamed");
                    span.setName(name, 0, name.length);
                }
            }
            context.next().accept(part);
        });
    }

    @Test
    void noRequestIsLargerThanWhatServersTake() throws Exception {
        TestProcessor pieces = new TestProcessor(
                "pieces", true, (part, context) -> context.next().accept(part));
        ManualSpanweir engine = start(
                PASS.replace(
                                "traces: {receivers: [in], exporters",
                                "traces: {receivers: [in], processors: [pieces], exporters")
                        .replace(
                                "exporters: {out: }",
                                "exporters: {out: {sending_queue: {num_consumers: 1}}}\nprocessors: {pieces: }"),
                2,
                pieces);
        out.hold();
        int spans = 0;
        for (int i = 0; i < 60; i++) {
            ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
            for (int service = 0; service < 100; service++) {
                request.addResourceSpans(new OrderTraffic(random)
                        .message(7).getResourceSpans(0).toBuilder()
                                .setSchemaUrl("https://example.org/" + "x".repeat(700)));
            }
            if (in.push(Signal.TRACES, request.build().toByteArray()) == Admission.ACCEPTED) {
                spans += spans(request.build()).size();
            }
            engine.settle();
        }
        out.answerHeld();
        engine.settle();
        assertThat(arrived()).hasSize(spans);
        assertThat(out.attempts()).hasSizeGreaterThan(3).allMatch(sent -> sent.message().length <= 4 << 20);
    }

    @Test
    void metricsWithoutDataPointsLeaveToo() throws Exception {
        ManualSpanweir engine = start(PASS, 1);
        ExportMetricsServiceRequest.Builder request = ExportMetricsServiceRequest.newBuilder();
        request.addResourceMetricsBuilder()
                .addScopeMetricsBuilder()
                .addMetricsBuilder()
                .setName("empty");
        List<String> settled = new ArrayList<>();
        in.push(
                "in",
                Signal.METRICS,
                request.build().toByteArray(),
                new Settlement((failure, retry) -> settled.add(failure)));
        engine.settle();
        assertThat(out.attempts()).hasSize(1);
        assertThat(settled).containsExactly("");
        assertThat(ExportMetricsServiceRequest.parseFrom(out.attempts().get(0).message()))
                .isEqualTo(request.build());
    }

    @Test
    void aSettlementListenerThatThrowsHurtsNobody() throws Exception {
        ManualSpanweir engine = start(PASS, 1);
        Settlement bad = new Settlement((failure, retry) -> {
            throw new IllegalStateException("planted");
        });
        in.push("in", Signal.TRACES, new OrderTraffic(random).request(7), bad);
        in.push(Signal.TRACES, new OrderTraffic(random).request(7));
        engine.settle();
        assertThat(arrived()).hasSize(14);
        assertThat(engine.metrics().sum(LaneMetric.DROPPED)).isZero();
    }

    @Test
    void whatHangsAtTheBackendIsCountedWhenItIsGivenUpAndALateAnswerChangesNothing() {
        ManualSpanweir engine = TestEngine.start(PASS, Components.of(in, out), 1);
        out.hold();
        in.push(Signal.TRACES, new OrderTraffic(random).request(70));
        engine.settle();
        engine.beginDrain();
        engine.advance(Duration.ofSeconds(5), Duration.ofMillis(50));
        assertThat(engine.drained()).isFalse();
        engine.giveUp();
        assertThat(engine.drained()).isTrue();
        out.answerHeld();
        engine.settle();
        assertThat(engine.metrics().sum(ExportMetric.sendFailed(Signal.TRACES))).isEqualTo(70);
        assertThat(engine.metrics().sum(ExportMetric.sent(Signal.TRACES))).isZero();
        assertThat(engine.usedBytes("export")).isZero();
        engine.close();
    }

    @Test
    void aLaneWithWorkAndNoTurnForTenSecondsIsNotHealthy() {
        ManualSpanweir engine = start(PASS, 1);
        engine.settle();
        assertThat(engine.status().healthy()).isTrue();
        in.push(Signal.TRACES, new OrderTraffic(random).request(7));
        engine.clock().advance(Duration.ofSeconds(11));
        assertThat(engine.status().healthy()).isFalse();
        assertThat(engine.status().reason()).isEqualTo("lane 0 has made no progress for 10 s while work waits");
        engine.settle();
        assertThat(engine.status().healthy()).isTrue();
    }

    @Test
    void aMalformedMessageIsRefusedWithItsPlaceAndLeavesNothingBehind() {
        start(PASS, 1);
        byte[] message = new OrderTraffic(random).request(7);
        message[1] = (byte) 0xff;
        message[2] = (byte) 0xff;
        assertThat(in.push(Signal.TRACES, message)).isEqualTo(Admission.MALFORMED);
        assertThat(in.receiver("in").intake(Signal.TRACES).problem()).startsWith("resource_spans[0]");
    }

    @Test
    void aBatchLeavesAtItsMinimumSizeOrAfterTheFlushTimeout() {
        ManualSpanweir engine = start(
                PASS.replace(
                        "exporters: {out: }",
                        "exporters: {out: {sending_queue: {batch: {min_size: 100, max_size: 120, flush_timeout: 1s}}}}"),
                1);
        OrderTraffic traffic = new OrderTraffic(random);
        for (int i = 0; i < 5; i++) {
            in.push(Signal.TRACES, traffic.request(35));
            engine.settle();
        }
        assertThat(out.attempts()).extracting(TestOut.Sent::itemCount).containsExactly(105);
        engine.advance(Duration.ofSeconds(2), Duration.ofMillis(100));
        assertThat(out.attempts()).extracting(TestOut.Sent::itemCount).containsExactly(105, 70);
        in.push(Signal.TRACES, traffic.request(300));
        engine.settle();
        assertThat(out.attempts()).extracting(TestOut.Sent::itemCount).allMatch(count -> count <= 120);
    }

    @Test
    void whatIsLeftAtTheDeadlineOfAShutdownIsGivenUpAndCounted() {
        ManualSpanweir engine = TestEngine.start(PASS, Components.of(in, out), 1);
        out.answerWith(sent -> SendOutcome.retryable("connection refused", 0));
        in.push(Signal.TRACES, new OrderTraffic(random).request(70));
        engine.settle();
        engine.beginDrain();
        engine.advance(Duration.ofSeconds(5), Duration.ofMillis(50));
        assertThat(engine.drained()).isFalse();
        engine.giveUp();
        assertThat(engine.drained()).isTrue();
        assertThat(engine.metrics().sum(ExportMetric.sendFailed(Signal.TRACES))).isEqualTo(70);
        assertThat(in.push(Signal.TRACES, new OrderTraffic(random).request(7))).isEqualTo(Admission.REFUSED);
        engine.close();
    }

    private List<Span> arrived() throws InvalidProtocolBufferException {
        List<Span> spans = new ArrayList<>();
        for (TestOut.Sent sent : out.attempts()) {
            spans.addAll(spans(ExportTraceServiceRequest.parseFrom(sent.message())));
        }
        return spans;
    }

    private static List<Span> spans(ExportTraceServiceRequest request) {
        return request.getResourceSpansList().stream()
                .flatMap(resource -> resource.getScopeSpansList().stream())
                .flatMap(scope -> scope.getSpansList().stream())
                .toList();
    }

    private static byte[] generate(OtlpGenerator generator, Signal signal) {
        return switch (signal) {
            case TRACES -> generator.traces().toByteArray();
            case METRICS -> generator.metrics().toByteArray();
            case LOGS -> generator.logs().toByteArray();
        };
    }

    private static Object parse(Signal signal, byte[] message) throws InvalidProtocolBufferException {
        return switch (signal) {
            case TRACES -> ExportTraceServiceRequest.parseFrom(message);
            case METRICS -> ExportMetricsServiceRequest.parseFrom(message);
            case LOGS -> ExportLogsServiceRequest.parseFrom(message);
        };
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String hex(byte[] bytes, int offset) {
        if (offset == BatchPart.NO_TRACE_ID) {
            return "none";
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 16; i++) {
            text.append(Character.forDigit(bytes[offset + i] >> 4 & 15, 16))
                    .append(Character.forDigit(bytes[offset + i] & 15, 16));
        }
        return text.toString();
    }
}
