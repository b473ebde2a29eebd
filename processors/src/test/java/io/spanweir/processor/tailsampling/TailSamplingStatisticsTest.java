package io.spanweir.processor.tailsampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.spanweir.testkit.Seeds;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Shares, sets and adjusted counts over many traces. The seed is fixed, so each bound of 5 sigma holds for ever or never. */
class TailSamplingStatisticsTest {
    private static final int TRACES = 40_000;
    private static final int SPANS_PER_REQUEST = 500;
    private static final double SIGMAS = 5;

    private static Span span(SplittableRandom random) {
        byte[] id = ByteBuffer.allocate(16)
                .putLong(random.nextLong())
                .putLong(random.nextLong())
                .array();
        Span.Builder span = Span.newBuilder()
                .setTraceId(ByteString.copyFrom(id))
                .setName(random.nextInt(30) == 0 ? "rare" : "common");
        if (random.nextInt(50) == 0) {
            span.getStatusBuilder().setCodeValue(2);
        }
        return span.build();
    }

    /** Randomness as the specification defines it: the last 14 digits of the trace id. */
    private static String randomness(Span span) {
        byte[] low = span.getTraceId().substring(9).toByteArray();
        return String.format("%014x", new BigInteger(1, low));
    }

    private static double adjustedCount(Span span) {
        String threshold = span.getTraceState().replaceFirst("^ot=th:", "");
        double rejected = Long.parseLong(ReferencePolicies.padded(threshold), 16);
        return 1 / (1 - rejected / Math.pow(2, 56));
    }

    private static void send(LaneHarness lane, Iterable<Span> spans) {
        ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
        ScopeSpans.Builder scope = request.addResourceSpansBuilder().addScopeSpansBuilder();
        for (Span span : spans) {
            scope.addSpans(span);
            if (scope.getSpansCount() == SPANS_PER_REQUEST) {
                lane.send(request.build());
                scope.clearSpans();
            }
        }
        lane.send(request.build());
        lane.advance(Duration.ofSeconds(2));
    }

    private static LaneHarness share(double percentage) {
        return new LaneHarness("decision_wait: 1s\npolicies: [{name: p, type: probabilistic, probabilistic:"
                + " {sampling_percentage: " + percentage + "}}]");
    }

    private static Set<ByteString> kept(LaneHarness lane) {
        Set<ByteString> ids = new HashSet<>();
        lane.recorder.received.forEach(one -> ids.add(one.span().getTraceId()));
        return ids;
    }

    private static Iterable<Span> traffic(String purpose) {
        SplittableRandom random = Seeds.random(TailSamplingStatisticsTest.class, purpose);
        return Stream.generate(() -> span(random)).limit(TRACES).toList();
    }

    /** Half at the head, then errors whole and a tenth of the rest: what is kept still says how much there was. */
    @Test
    void adjustedCountsAddUpToTheTruthThroughAllStages() {
        LaneHarness tail = new LaneHarness("""
                decision_wait: 1s
                policies:
                - {name: errors, type: status_code, status_code: {status_codes: [ERROR]}}
                - {name: share, type: probabilistic, probabilistic: {sampling_percentage: 10}}
                """);
        Map<String, Integer> truth = new TreeMap<>();
        List<Span> afterHead = new ArrayList<>();
        for (Span span : traffic("counts")) {
            truth.merge(key(span), 1, Integer::sum);
            if (randomness(span).compareTo("8") >= 0) {
                afterHead.add(span.toBuilder().setTraceState("ot=th:8").build());
            }
        }
        send(tail, afterHead);
        Map<String, Double> estimate = new TreeMap<>();
        tail.recorder.received.forEach(one -> estimate.merge(key(one.span()), adjustedCount(one.span()), Double::sum));
        assertThat(truth).hasSize(4);
        truth.forEach((key, count) -> {
            double probability = key.endsWith("2") ? 0.5 : 0.1;
            double sigma = Math.sqrt(count * (1 - probability) / probability);
            assertThat(estimate.get(key))
                    .as("%s; %s", key, Seeds.repeat(TailSamplingStatisticsTest.class))
                    .isCloseTo(count, within(SIGMAS * sigma));
        });
    }

    private static String key(Span span) {
        return span.getName() + " " + span.getStatus().getCodeValue();
    }

    @Test
    void smallerSharesAreWithinLargerOnesAndChainsGiveTheSmallest() {
        Iterable<Span> traffic = traffic("chain");
        LaneHarness tenth = share(10);
        LaneHarness hundredth = share(1);
        LaneHarness other = share(1);
        send(tenth, traffic);
        send(hundredth, traffic);
        send(
                other,
                tenth.recorder.received.stream().map(Recorder.Received::span).toList());
        assertThat(kept(hundredth)).isNotEmpty().isSubsetOf(kept(tenth));
        assertThat(kept(other)).isEqualTo(kept(hundredth));
        double expected = TRACES * 0.1;
        assertThat((double) kept(tenth).size())
                .as(Seeds.repeat(TailSamplingStatisticsTest.class))
                .isCloseTo(expected, within(SIGMAS * Math.sqrt(expected * 0.9)));
    }

    /** The hash is independent of the randomness, and its share is right. */
    @Test
    void hashKeepsItsShareToo() {
        LaneHarness lane = new LaneHarness("decision_wait: 1s\npolicies: [{name: p, type: probabilistic, probabilistic:"
                + " {sampling_percentage: 25, mode: hash}}]");
        LaneHarness half = share(50);
        Iterable<Span> traffic = traffic("hash");
        send(lane, traffic);
        send(half, traffic);
        double expected = TRACES * 0.25;
        assertThat((double) kept(lane).size()).isCloseTo(expected, within(SIGMAS * Math.sqrt(expected * 0.75)));
        Set<ByteString> both = kept(lane);
        both.retainAll(kept(half));
        assertThat((double) both.size())
                .as("kept by both; %s", Seeds.repeat(TailSamplingStatisticsTest.class))
                .isCloseTo(TRACES * 0.125, within(SIGMAS * Math.sqrt(TRACES * 0.125 * 0.875)));
    }
}
