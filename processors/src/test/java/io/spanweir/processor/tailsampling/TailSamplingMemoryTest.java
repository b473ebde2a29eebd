package io.spanweir.processor.tailsampling;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import io.spanweir.data.BatchPart;
import io.spanweir.data.ClientMetadata;
import io.spanweir.data.ItemCursor;
import io.spanweir.data.PartConsumer;
import io.spanweir.data.ResourceView;
import io.spanweir.data.SpanView;
import io.spanweir.time.ManualClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens when there is no room: downstream, in memory, in the count of traces; and at the end. */
class TailSamplingMemoryTest {
    private static final String KEEP_ALL = "decision_wait: 10s\npolicies: [{name: all, type: always_sample}]";
    private static final String ERRORS =
            "decision_wait: 10s\npolicies: [{name: e, type: status_code, status_code: {status_codes: [ERROR]}}]";
    private static final int KIB = 1024;

    private static LaneHarness lane(String options, long heldBytes, long tableBytes) {
        return new LaneHarness(LaneHarness.config(options), new ManualClock(), 1, heldBytes, tableBytes, null);
    }

    /** A span of about that many bytes. */
    private static ExportTraceServiceRequest large(String trace, String name, int lengthBytes) {
        return Spans.one(trace + " " + name + " - ERROR 1 fill=" + "x".repeat(lengthBytes));
    }

    @Test
    void sampledTracesStayUntilThereIsRoomDownstreamAndLateSpansJoinThem() {
        LaneHarness lane = new LaneHarness(KEEP_ALL);
        lane.ready = false;
        lane.send(Spans.one("a s - OK 1"));
        lane.advance(Duration.ofSeconds(20));
        lane.send(Spans.one("a late s OK 1"));
        assertThat(lane.recorder.ids()).isEmpty();
        assertThat(lane.count(TailSamplingMetric.HELD_SPANS)).isEqualTo(2);
        lane.ready = true;
        lane.advance(Duration.ofMillis(10));
        assertThat(lane.recorder.ids()).containsExactly("a/late", "a/s");
        assertThat(lane.count(TailSamplingMetric.HELD_SPANS)).isZero();
        lane.assertBalance(2);
    }

    @Test
    void lateSpansOfATraceThatIsGoneWaitWhenThereIsNoRoom() {
        LaneHarness lane = new LaneHarness(KEEP_ALL);
        lane.send(Spans.one("a s - OK 1"));
        lane.advance(Duration.ofSeconds(10));
        assertThat(lane.recorder.ids()).containsExactly("a/s");
        lane.ready = false;
        lane.send(Spans.one("a late s OK 1"));
        lane.send(Spans.one("a later s OK 1"));
        assertThat(lane.recorder.ids()).containsExactly("a/s");
        lane.ready = true;
        lane.advance(Duration.ofMillis(10));
        assertThat(lane.recorder.ids()).containsExactly("a/late", "a/later", "a/s");
        lane.assertBalance(3);
    }

    @Test
    void notSampledTracesFreeTheirMemoryWhileDownstreamHasNoRoom() {
        LaneHarness lane = new LaneHarness(ERRORS);
        lane.ready = false;
        lane.send(Spans.one("a s - OK 1"));
        lane.send(Spans.one("b s - ERROR 1"));
        lane.advance(Duration.ofSeconds(11));
        assertThat(lane.count(TailSamplingMetric.HELD_SPANS)).isEqualTo(1);
        lane.assertBalance(2);
    }

    @Test
    void longTraceLeavesInPiecesThatDownstreamHasRoomFor() {
        LaneHarness lane = new LaneHarness(KEEP_ALL);
        lane.roomBytes = 300 * KIB;
        ExportTraceServiceRequest.Builder one = large("a", "0", 40 * KIB).toBuilder();
        Span first = one.getResourceSpans(0).getScopeSpans(0).getSpans(0);
        for (int i = 1; i < 40; i++) { // one run of 1.6 MiB
            one.getResourceSpansBuilder(0)
                    .getScopeSpansBuilder(0)
                    .addSpans(first.toBuilder().setName("" + i));
        }
        lane.send(one.build());
        lane.advance(Duration.ofSeconds(11));
        assertThat(lane.recorder.spanCount()).isEqualTo(40);
        assertThat(lane.recorder.received).extracting(Recorder.Received::span).contains(first);
        lane.assertBalance(40);
        assertThat(lane.heldBudget.usedBytes()).isLessThanOrEqualTo(64 * KIB);
    }

    @Test
    void spanLargerThanTheRoomDownstreamDoesNotStopTheOthers() {
        LaneHarness lane = new LaneHarness(KEEP_ALL);
        lane.roomBytes = 300 * KIB;
        lane.send(large("a", "huge", 500 * KIB));
        lane.send(Spans.one("b s - OK 1"));
        lane.advance(Duration.ofSeconds(11));
        assertThat(lane.recorder.ids()).containsExactly("a/huge", "b/s");
    }

    @Test
    void underPressureTheOldestAreDecidedEarlyAndNothingIsLost() {
        LaneHarness lane = lane(KEEP_ALL, 2048 * KIB, 8192 * KIB);
        int count = 200;
        for (int i = 0; i < count; i++) {
            lane.send(large("t" + i, "s", 20 * KIB));
            lane.advance(Duration.ofMillis(1));
        }
        assertThat(lane.count(TailSamplingMetric.DECISIONS, "memory", "sampled"))
                .isPositive();
        assertThat(lane.count(TailSamplingMetric.FINISHED_SPANS, "memory_full")).isZero();
        lane.advance(Duration.ofSeconds(11));
        assertThat(lane.recorder.spanCount()).isEqualTo(count);
        assertThat(lane.recorder.ids()).doesNotHaveDuplicates();
        lane.assertBalance(count);
    }

    /** Many runs within one turn, so that pressure had no chance: room is made where it is needed. */
    @Test
    void fullMemoryDecidesTheOldestAtOnce() {
        LaneHarness lane = lane(ERRORS, 256 * KIB, 8192 * KIB);
        List<ExportTraceServiceRequest> requests = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            requests.add(large("t" + i, "s", 10 * KIB));
        }
        lane.accept(lane.part(Spans.together(requests).toByteArray()));
        assertThat(lane.count(TailSamplingMetric.FINISHED_SPANS, "memory_full")).isZero();
        lane.settle();
        lane.advance(Duration.ofSeconds(11));
        assertThat(lane.recorder.spanCount()).isEqualTo(100);
        lane.assertBalance(100);
    }

    @Test
    void oneTraceThatFillsMemoryIsDecidedAndItsRestFollows() {
        LaneHarness lane = lane(ERRORS, 256 * KIB, 8192 * KIB);
        List<ExportTraceServiceRequest> requests = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            requests.add(large("a", "s" + i, 10 * KIB));
        }
        lane.accept(lane.part(Spans.together(requests).toByteArray()));
        lane.settle();
        lane.advance(Duration.ofSeconds(11));
        assertThat(lane.recorder.spanCount()).isEqualTo(100);
        assertThat(lane.count(TailSamplingMetric.DECISIONS, "memory", "sampled"))
                .isEqualTo(1);
        lane.assertBalance(100);
    }

    @Test
    void whenNothingCanBeDecidedAndNothingLeavesSpansAreDroppedAndCounted() {
        LaneHarness lane = lane(KEEP_ALL, 256 * KIB, 8192 * KIB);
        lane.ready = false;
        for (int i = 0; i < 100; i++) {
            lane.send(large("t" + i, "s", 10 * KIB));
        }
        long dropped = lane.count(TailSamplingMetric.FINISHED_SPANS, "memory_full");
        assertThat(dropped).isBetween(50L, 99L);
        assertThat(lane.refusing()).as("receivers refuse").isTrue();
        assertThat(lane.count(TailSamplingMetric.SAMPLING_TRACE_DROPPED_TOO_EARLY))
                .isEqualTo(dropped);
        lane.ready = true;
        lane.advance(Duration.ofSeconds(11));
        assertThat(lane.recorder.spanCount()).isEqualTo((int) (100 - dropped));
        assertThat(lane.refusing()).isFalse();
        lane.assertBalance(100);
    }

    /** A million spans of one trace, among them small traces of others: memory stays in its bound, and others are decided. */
    @ParameterizedTest
    @ValueSource(strings = {"", "\nmaximum_trace_size_bytes: 1048576"})
    void oneGiantTraceDoesNotKeepOthersFromBeingDecided(String option) {
        LaneHarness lane = lane(ERRORS + option, 4096 * KIB, 8192 * KIB);
        ExportTraceServiceRequest.Builder giant = Spans.one("giant s - OK 1").toBuilder();
        Span span = giant.getResourceSpans(0).getScopeSpans(0).getSpans(0);
        for (int i = 1; i < 10_000; i++) {
            giant.getResourceSpansBuilder(0).getScopeSpansBuilder(0).addSpans(span);
        }
        byte[] message = giant.build().toByteArray();
        int others = 100;
        for (int i = 0; i < others; i++) {
            lane.send(message, part -> {});
            lane.send(Spans.one("other" + i + " s - ERROR 1"));
            assertThat(lane.heldBudget.usedBytes()).isLessThanOrEqualTo(4096 * KIB);
            lane.advance(Duration.ofMillis(10));
        }
        lane.advance(Duration.ofSeconds(11));
        assertThat(lane.recorder.ids()).hasSize(others).allMatch(id -> id.startsWith("other"));
        assertThat(lane.count(TailSamplingMetric.FINISHED_SPANS, "memory_full")).isZero();
        assertThat(lane.count(TailSamplingMetric.HELD_SPANS)).isZero();
        lane.assertBalance(others * 10_001L);
    }

    @Test
    void fullTablesDecideTheOldestToo() {
        LaneHarness lane = lane("num_traces: 1000000\n" + ERRORS, 64 << 20, 512 * KIB);
        int count = 5_000;
        List<ExportTraceServiceRequest> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            requests.add(Spans.one("t" + i + " s - ERROR 1"));
        }
        lane.accept(lane.part(Spans.together(requests).toByteArray()));
        lane.settle();
        lane.advance(Duration.ofSeconds(11));
        assertThat(lane.recorder.spanCount()).isEqualTo(count);
        lane.assertBalance(count);
    }

    @Test
    void numTracesIsHonouredPerLane() {
        LaneHarness lane = new LaneHarness(
                LaneHarness.config("num_traces: 10\n" + ERRORS), new ManualClock(), 2, 1 << 20, 1 << 20, null);
        for (int i = 0; i < 20; i++) {
            lane.send(Spans.one("t" + i + " s - ERROR 1"));
        }
        assertThat(lane.count(TailSamplingMetric.SAMPLING_TRACES_ON_MEMORY)).isEqualTo(5);
        assertThat(lane.count(TailSamplingMetric.DECISIONS, "count", "sampled")).isEqualTo(15);
        assertThat(lane.recorder.spanCount()).isEqualTo(15);
    }

    @Test
    void tooLargeATraceIsNotSampledAndItsRestFollows() {
        LaneHarness lane = new LaneHarness("maximum_trace_size_bytes: 2000\n" + KEEP_ALL);
        lane.send(large("a", "1", 900));
        lane.send(large("a", "2", 1200));
        lane.send(large("a", "3", 10));
        lane.send(large("b", "1", 900));
        lane.advance(Duration.ofSeconds(11));
        assertThat(lane.recorder.ids()).containsExactly("b/1");
        assertThat(lane.count(TailSamplingMetric.TRACES_DROPPED_TOO_LARGE)).isEqualTo(1);
        assertThat(lane.count(TailSamplingMetric.FINISHED_SPANS, "trace_too_large"))
                .isEqualTo(2);
        assertThat(lane.count(TailSamplingMetric.FINISHED_SPANS, "not_sampled")).isEqualTo(1);
        lane.assertBalance(4);
    }

    @Test
    void drainDecidesWhatWaitsAndGivesAllMemoryBack() {
        LaneHarness lane = new LaneHarness(ERRORS);
        for (int i = 0; i < 1_000; i++) {
            lane.send(Spans.one("t" + i + " s - " + (i % 2 == 0 ? "ERROR" : "OK") + " 1"));
        }
        assertThat(lane.drain()).isTrue();
        assertThat(lane.recorder.spanCount()).isEqualTo(500);
        assertThat(lane.count(TailSamplingMetric.DECISIONS, "shutdown")).isEqualTo(1_000);
        assertThat(lane.heldBudget.usedBytes()).isZero();
        assertThat(lane.tables.usedBytes()).isZero();
        lane.assertBalance(1_000);
    }

    @Test
    void drainWaitsForRoomDownstream() {
        LaneHarness lane = new LaneHarness(KEEP_ALL);
        lane.ready = false;
        lane.send(Spans.one("a s - OK 1"));
        assertThat(lane.drainStep()).isFalse();
        lane.ready = true;
        assertThat(lane.drain()).isTrue();
        assertThat(lane.recorder.ids()).containsExactly("a/s");
    }

    @Test
    void drainDropsWhatWaitsWhenThatIsConfigured() {
        LaneHarness lane = new LaneHarness("drop_pending_traces_on_shutdown: true\n" + KEEP_ALL);
        lane.send(Spans.one("a s - OK 1"));
        assertThat(lane.drain()).isTrue();
        assertThat(lane.recorder.ids()).isEmpty();
        assertThat(lane.count(TailSamplingMetric.FINISHED_SPANS, "shutdown")).isEqualTo(1);
        lane.assertBalance(1);
    }

    @Test
    void everythingAroundASpanSurvives() {
        LaneHarness lane = new LaneHarness(KEEP_ALL);
        ExportTraceServiceRequest request = Spans.one("a s - ERROR 1 k=v r:service.name=shop ts:x=1");
        lane.send(request);
        lane.advance(Duration.ofSeconds(11));
        lane.send(request);
        assertThat(lane.recorder.received).hasSize(2).allSatisfy(one -> {
            assertThat(one.span())
                    .isEqualTo(request.getResourceSpans(0).getScopeSpans(0).getSpans(0));
            assertThat(one.resource().getResource())
                    .isEqualTo(request.getResourceSpans(0).getResource());
            assertThat(one.resource().getSchemaUrl()).isEqualTo("https://example.org/resource");
            assertThat(one.scope().getScope().getName()).isEqualTo("lines");
            assertThat(one.scope().getSchemaUrl()).isEqualTo("https://example.org/scope");
        });
    }

    @Test
    void editsOfProcessorsBeforeAreSeenHeldAndPassedOn() {
        LaneHarness lane = new LaneHarness("""
                decision_wait: 10s
                policies:
                - name: p
                  type: and
                  and:
                    and_sub_policy:
                    - {name: span, type: string_attribute, string_attribute: {key: k, values: [edited]}}
                    - {name: resource, type: string_attribute, string_attribute: {key: r, values: [edited]}}
                """);
        byte[] message = Spans.one("a s - OK 1 k=v r:service.name=shop").toByteArray();
        lane.send(message, TailSamplingMemoryTest::edit);
        lane.advance(Duration.ofSeconds(11));
        lane.send(message, TailSamplingMemoryTest::edit);
        assertThat(lane.recorder.received).hasSize(2).allSatisfy(one -> {
            assertThat(one.span().getAttributes(0).getValue().getStringValue()).isEqualTo("edited");
            assertThat(one.resource().getResource().getAttributes(1).getKey()).isEqualTo("r");
        });
        lane.assertBalance(2);
    }

    private static void edit(BatchPart part) {
        byte[] edited = "edited".getBytes(StandardCharsets.UTF_8);
        ItemCursor cursor = new ItemCursor().wrap(part, 0);
        assertThat(cursor.next()).isTrue();
        new SpanView()
                .wrap(cursor.bytes(), cursor.offset(), cursor.length(), part.items(), 0)
                .attributes()
                .putString("k".getBytes(StandardCharsets.UTF_8), edited);
        new ResourceView()
                .wrap(
                        part.groupBytes(0),
                        part.resourcePrefixOffset(0),
                        part.resourcePrefixLength(0),
                        part.resources(),
                        0)
                .attributes()
                .putString("r".getBytes(StandardCharsets.UTF_8), edited);
    }

    @Test
    void lateSpansKeepTheirMetadata() {
        List<ClientMetadata> seen = new ArrayList<>();
        PartConsumer next = part -> seen.add(part.metadata());
        LaneHarness lane = new LaneHarness(LaneHarness.config(KEEP_ALL), new ManualClock(), 1, 1 << 20, 1 << 20, next);
        ClientMetadata tenant = new ClientMetadata(Map.of("x-scope-orgid", List.of("shop")));
        byte[] message = Spans.one("a s - OK 1").toByteArray();
        lane.send(message, part -> part.metadata(tenant));
        lane.advance(Duration.ofSeconds(11));
        lane.send(message, part -> part.metadata(tenant));
        assertThat(seen).containsExactly(ClientMetadata.EMPTY, tenant);
    }

    @Test
    void consumerThatThrowsLosesWhatItHadInItsHandsAndNothingElse() {
        int[] calls = {0};
        PartConsumer next = part -> {
            if (calls[0]++ == 0) {
                throw new IllegalStateException("a consumer that fails");
            }
        };
        LaneHarness lane = new LaneHarness(LaneHarness.config(KEEP_ALL), new ManualClock(), 1, 1 << 20, 1 << 20, next);
        lane.send(Spans.one("a s - OK 1"));
        try {
            lane.advance(Duration.ofSeconds(11));
        } catch (IllegalStateException expected) {
            assertThat(expected).hasMessageContaining("fails");
        }
        lane.send(Spans.one("b s - OK 1"));
        lane.advance(Duration.ofSeconds(11));
        assertThat(calls[0]).isEqualTo(2);
        assertThat(lane.count(TailSamplingMetric.HELD_SPANS)).isZero();
        assertThat(lane.drain()).isTrue();
        assertThat(lane.heldBudget.usedBytes()).isZero();
        assertThat(lane.tables.usedBytes()).isZero();
    }

    @Test
    void unparseableTraceStateIsCountedForSampledSpans() {
        LaneHarness lane = new LaneHarness(
                "policies: [{name: p, type: probabilistic, probabilistic: {sampling_percentage: 100}}]");
        lane.send(Spans.one("a s - OK 1 ts:ot=th:XYZ"));
        lane.send(Spans.one("b s - OK 1 ts:ot=th:8"));
        lane.send(Spans.one("c s - OK 1 ts:ot=x:" + "y".repeat(252)));
        lane.advance(Duration.ofSeconds(31));
        assertThat(lane.count(TailSamplingMetric.COUNT_SPANS_WITH_UNPARSEABLE_TRACESTATE))
                .isEqualTo(1);
        assertThat(lane.count(TailSamplingMetric.INCONSISTENT_THRESHOLD_SPANS)).isEqualTo(1);
        assertThat(lane.count(TailSamplingMetric.UNWRITTEN_THRESHOLD_SPANS)).isEqualTo(1);
    }

    @Test
    void decisionsAreCountedUnderTheCollectorsNames() {
        LaneHarness lane = new LaneHarness("""
                policies:
                - {name: errors, type: status_code, status_code: {status_codes: [ERROR]}}
                - {name: slow, type: latency, latency: {threshold_ms: 10}}
                - {name: no, type: drop, drop: {drop_sub_policy: [{type: string_attribute, string_attribute: {key: k, values: [x]}}]}}
                """);
        lane.send(Spans.one("a s - ERROR 20"));
        lane.send(Spans.one("b s - OK 20"));
        lane.send(Spans.one("c s - ERROR 1 k=x"));
        lane.send(Spans.one("d s - OK 1"));
        lane.advance(Duration.ofSeconds(31));
        assertThat(lane.count(TailSamplingMetric.COUNT_TRACES_SAMPLED, "errors", "true", "sampled"))
                .isEqualTo(1);
        assertThat(lane.count(TailSamplingMetric.COUNT_TRACES_SAMPLED, "errors", "false", "not_sampled"))
                .isEqualTo(2);
        assertThat(lane.count(TailSamplingMetric.COUNT_TRACES_SAMPLED, "slow", "true", "sampled"))
                .isEqualTo(2);
        assertThat(lane.count(TailSamplingMetric.COUNT_TRACES_SAMPLED, "no", "false", "dropped"))
                .isEqualTo(1);
        assertThat(lane.count(TailSamplingMetric.GLOBAL_COUNT_TRACES_SAMPLED, "true", "sampled"))
                .isEqualTo(2);
        assertThat(lane.count(TailSamplingMetric.GLOBAL_COUNT_TRACES_SAMPLED, "false", "not_sampled"))
                .isEqualTo(1);
        assertThat(lane.count(TailSamplingMetric.GLOBAL_COUNT_TRACES_SAMPLED, "false", "dropped"))
                .isEqualTo(1);
        assertThat(lane.count(TailSamplingMetric.NEW_TRACE_ID_RECEIVED)).isEqualTo(4);
        assertThat(lane.count(TailSamplingMetric.DECISIONS, "timeout", "sampled"))
                .isEqualTo(2);
    }

    @Test
    void sampleOnFirstMatchAsksNoFurther() {
        LaneHarness lane = new LaneHarness("""
                sample_on_first_match: true
                policies:
                - {name: all, type: always_sample}
                - {name: rate, type: rate_limiting, rate_limiting: {spans_per_second: 1}}
                """);
        lane.send(Spans.one("a s - OK 1"));
        lane.advance(Duration.ofSeconds(31));
        assertThat(lane.recorder.ids()).containsExactly("a/s");
        assertThat(lane.count(TailSamplingMetric.COUNT_TRACES_SAMPLED, "rate")).isZero();
    }

    @Test
    void rateIsSharedByTheLanesOfAPipeline() {
        TailSamplingProcessorConfig config = LaneHarness.config(
                "decision_wait: 1s\npolicies: [{name: r, type: rate_limiting, rate_limiting: {spans_per_second: 1,"
                        + " burst_capacity: 3}}]");
        ManualClock clock = new ManualClock();
        LaneHarness one = new LaneHarness(config, clock, 2, 1 << 20, 1 << 20, null);
        LaneHarness other = new LaneHarness(config, clock, 2, 1 << 20, 1 << 20, null);
        for (int i = 0; i < 3; i++) {
            one.send(Spans.one("a" + i + " s - OK 1"));
            other.send(Spans.one("b" + i + " s - OK 1"));
        }
        one.advance(Duration.ofSeconds(1));
        other.settle();
        assertThat(one.recorder.spanCount() + other.recorder.spanCount()).isEqualTo(3);
    }

    @Test
    void spanIdsOfZeroesAreNoParent() {
        LaneHarness lane = new LaneHarness("decision_wait_after_root_received: 1s\n" + KEEP_ALL);
        ExportTraceServiceRequest.Builder request = Spans.one("a s - OK 1").toBuilder();
        request.getResourceSpansBuilder(0)
                .getScopeSpansBuilder(0)
                .getSpansBuilder(0)
                .setParentSpanId(ByteString.copyFrom(new byte[8]));
        lane.send(request.build());
        lane.advance(Duration.ofSeconds(1));
        assertThat(lane.recorder.ids()).containsExactly("a/s");
        assertThat(lane.count(TailSamplingMetric.DECISIONS, "root", "sampled")).isEqualTo(1);
    }
}
