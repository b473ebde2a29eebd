package io.spanweir.processor.tailsampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What each policy keeps, and when. Each line of spans is a request of its own. */
class TailSamplingTest {
    private static final String ERRORS = "- {name: errors, type: status_code, status_code: {status_codes: [ERROR]}}\n";
    private static final String ALL = "- {name: all, type: always_sample}\n";
    /** Randomness 0.806925: kept at 25 % and more. */
    private static final String ID_81 = "4bf92f3577b34da6a3ce929d0e0e4736";

    static Stream<Arguments> policies() {
        return Stream.of(
                argumentSet("always_sample keeps", ALL, "0s a root - OK 20", "a/root"),
                argumentSet("no policy that samples keeps nothing", ERRORS, "0s a root - OK 20", ""),
                argumentSet(
                        "an error keeps the whole trace",
                        ERRORS,
                        "0s a root - OK 20\n1s a db root ERROR 5\n1s b root - OK 5",
                        "a/db a/root"),
                argumentSet(
                        "status_code takes several codes",
                        "- {name: p, type: status_code, status_code: {status_codes: [ERROR, UNSET]}}",
                        "0s a root - OK 1\n0s b root - UNSET 1\n0s c root - ERROR 1",
                        "b/root c/root"),
                argumentSet(
                        "status_code OK does not match an unset one",
                        "- {name: p, type: status_code, status_code: {status_codes: [OK]}}",
                        "0s a root - OK 1\n0s b root - UNSET 1",
                        "a/root"),
                argumentSet(
                        "latency is above the threshold, not at it, in whole milliseconds",
                        "- {name: p, type: latency, latency: {threshold_ms: 100}}",
                        "0s a root - OK 100\n0s b root - OK 100.9\n0s c root - OK 101",
                        "c/root"),
                argumentSet(
                        "latency counts from the first start to the last end",
                        "- {name: p, type: latency, latency: {threshold_ms: 100}}",
                        "0s a one - OK 10\n0.2s a two one OK 10",
                        "a/one a/two"),
                argumentSet(
                        "latency does not depend on the order of spans",
                        "- {name: p, type: latency, latency: {threshold_ms: 100}}",
                        "0.2s a two one OK 10\n0s a one - OK 10",
                        "a/one a/two"),
                argumentSet(
                        "the upper bound of latency belongs to the range",
                        "- {name: p, type: latency, latency: {threshold_ms: 10, upper_threshold_ms: 50}}",
                        "0s a root - OK 10\n0s b root - OK 11\n0s c root - OK 50\n0s d root - OK 51",
                        "b/root c/root"),
                argumentSet(
                        "the upper bound of latency sees the final duration, not that of the first spans",
                        "- {name: p, type: latency, latency: {threshold_ms: 10, upper_threshold_ms: 50}}",
                        "0s a root - OK 20\n1s a late root OK 20",
                        ""),
                argumentSet(
                        "numeric_attribute includes both bounds",
                        "- {name: p, type: numeric_attribute, numeric_attribute: {key: n, min_value: 5, max_value: 7}}",
                        "0s a s - OK 1 n=4\n0s b s - OK 1 n=5\n0s c s - OK 1 n=7\n0s d s - OK 1 n=8",
                        "b/s c/s"),
                argumentSet(
                        "numeric_attribute without an upper bound",
                        "- {name: p, type: numeric_attribute, numeric_attribute: {key: n, min_value: 5}}",
                        "0s a s - OK 1 n=4\n0s b s - OK 1 n=9000000000",
                        "b/s"),
                argumentSet(
                        "numeric_attribute reads the resource too, and doubles, but no text",
                        "- {name: p, type: numeric_attribute, numeric_attribute: {key: n, min_value: 5, max_value: 7}}",
                        "0s a s - OK 1 r:n=6\n0s b s - OK 1 n=6.5\n0s c s - OK 1 n=text\n0s d s - OK 1",
                        "a/s b/s"),
                argumentSet(
                        "numeric_attribute inverted keeps what has no such number anywhere",
                        "- {name: p, type: numeric_attribute, numeric_attribute: {key: n, min_value: 5, invert_match:"
                                + " true}}",
                        "0s a s - OK 1 n=6\n0s a t s OK 1 n=1\n0s b s - OK 1 n=1\n0s c s - OK 1",
                        "b/s c/s"),
                argumentSet(
                        "string_attribute is one of the values",
                        "- {name: p, type: string_attribute, string_attribute: {key: k, values: [x, y]}}",
                        "0s a s - OK 1 k=x\n0s b s - OK 1 k=y\n0s c s - OK 1 k=xy\n0s d s - OK 1 r:k=x\n0s e s - OK 1 k=1",
                        "a/s b/s d/s"),
                argumentSet(
                        "string_attribute inverted",
                        "- {name: p, type: string_attribute, string_attribute: {key: k, values: [x], invert_match: true}}",
                        "0s a s - OK 1 k=x\n0s b s - OK 1 k=y\n0s c s - OK 1\n0s a t s OK 1 k=y",
                        "b/s c/s"),
                argumentSet(
                        "an expression is searched anywhere in the value",
                        "- {name: p, type: string_attribute, string_attribute: {key: k, values: ['val*', '^/api/\\d+$'],"
                                + " enabled_regex_matching: true}}",
                        "0s a s - OK 1 k=my-value\n0s b s - OK 1 k=/api/12\n0s c s - OK 1 k=/api/x\n0s d s - OK 1 k=va",
                        "a/s b/s d/s"),
                argumentSet(
                        "a tiny expression cache gives the same answers",
                        "- {name: p, type: string_attribute, string_attribute: {key: k, values: ['^a'], cache_max_size: 1,"
                                + " enabled_regex_matching: true}}",
                        "0s a s - OK 1 k=ax\n0s b s - OK 1 k=xa\n0s c s - OK 1 k=ax\n0s d s - OK 1 k=xa",
                        "a/s c/s"),
                argumentSet(
                        "boolean_attribute has exactly the value",
                        "- {name: p, type: boolean_attribute, boolean_attribute: {key: k, value: false}}",
                        "0s a s - OK 1 k=false\n0s b s - OK 1 k=true\n0s c s - OK 1\n0s d s - OK 1 r:k=false",
                        "a/s d/s"),
                argumentSet(
                        "span_count includes both bounds and counts all spans",
                        "- {name: p, type: span_count, span_count: {min_spans: 2, max_spans: 3}}",
                        "0s a 1 - OK 1\n0s b 1 - OK 1\n0s b 2 1 OK 1\n0s c 1 - OK 1\n0s c 2 1 OK 1\n0s c 3 1 OK 1\n"
                                + "0s c 4 1 OK 1",
                        "b/1 b/2"),
                argumentSet(
                        "trace_state has the key with one of the values",
                        "- {name: p, type: trace_state, trace_state: {key: k, values: [x, y]}}",
                        "0s a s - OK 1 ts:k=x\n0s b s - OK 1 ts:o=1,k=y\n0s c s - OK 1 ts:k=xy\n0s d s - OK 1 ts:other=x",
                        "a/s b/s"),
                argumentSet(
                        "and needs all, of any spans",
                        "- {name: p, type: and, and: {and_sub_policy: [{name: x, type: status_code, status_code:"
                                + " {status_codes: [ERROR]}}, {name: y, type: latency, latency: {threshold_ms: 10}}]}}",
                        "0s a s - ERROR 5\n0s b s - OK 20\n0s c s - ERROR 5\n0s c t s OK 20",
                        "c/s c/t"),
                argumentSet(
                        "and with a not inside",
                        "- {name: p, type: and, and: {and_sub_policy: [{name: x, type: always_sample}, {name: y, type:"
                                + " not, not: {not_sub_policy: {name: z, type: latency, latency: {threshold_ms: 10}}}}]}}",
                        "0s a s - OK 5\n0s b s - OK 20",
                        "a/s"),
                argumentSet(
                        "not swaps",
                        "- {name: p, type: not, not: {not_sub_policy: {name: z, type: latency, latency: {threshold_ms:"
                                + " 10}}}}",
                        "0s a s - OK 5\n0s b s - OK 20",
                        "a/s"),
                argumentSet(
                        "drop wins over what samples, wherever it stands",
                        ALL + "- {name: d, type: drop, drop: {drop_sub_policy: [{name: x, type: string_attribute,"
                                + " string_attribute: {key: url.path, values: [/health]}}]}}",
                        "0s a s - OK 5 url.path=/health\n0s b s - OK 5 url.path=/x",
                        "b/s"),
                argumentSet(
                        "a drop policy that does not match keeps nothing by itself",
                        "- {name: d, type: drop, drop: {drop_sub_policy: [{name: x, type: latency, latency: {threshold_ms:"
                                + " 10}}]}}",
                        "0s a s - OK 5",
                        ""),
                argumentSet(
                        "probabilistic keeps what has enough randomness",
                        "- {name: p, type: probabilistic, probabilistic: {sampling_percentage: 25}}",
                        "0s " + ID_81 + " s - OK 5\n0s a s - OK 5",
                        ID_81 + "/s"),
                argumentSet(
                        "probabilistic drops what has not",
                        "- {name: p, type: probabilistic, probabilistic: {sampling_percentage: 10}}",
                        "0s " + ID_81 + " s - OK 5",
                        ""),
                argumentSet(
                        "stated randomness goes before the trace id",
                        "- {name: p, type: probabilistic, probabilistic: {sampling_percentage: 10}}",
                        "0s a s - OK 5 ts:ot=rv:f0000000000000\n0s b s - OK 5 ts:ot=rv:d0000000000000",
                        "a/s"),
                argumentSet(
                        "a share of 100 % keeps all, of 0 % none",
                        "- {name: p, type: probabilistic, probabilistic: {sampling_percentage: 100}}",
                        "0s a s - OK 5\n0s zero s - OK 5",
                        "a/s zero/s"),
                argumentSet(
                        "the collector's hash with its default salt",
                        "- {name: p, type: probabilistic, probabilistic: {sampling_percentage: 10, mode: hash}}",
                        "0s ffffffffffffffffffffffffffffffff s - OK 5\n0s " + ID_81 + " s - OK 5",
                        "ffffffffffffffffffffffffffffffff/s"),
                argumentSet(
                        "a salt asks for the collector's hash",
                        "- {name: p, type: probabilistic, probabilistic: {sampling_percentage: 50, hash_salt: tier-2}}",
                        "0s ffffffffffffffffffffffffffffffff s - OK 5\n0s " + ID_81 + " s - OK 5",
                        "ffffffffffffffffffffffffffffffff/s"),
                argumentSet(
                        "rate_limiting keeps whole traces up to the burst, in the order of decisions",
                        "- {name: p, type: rate_limiting, rate_limiting: {spans_per_second: 1, burst_capacity: 3}}",
                        "0s a 1 - OK 1\n0s a 2 1 OK 1\n0.1s b 1 - OK 1\n0.1s b 2 1 OK 1\n0.2s c 1 - OK 1",
                        "a/1 a/2 c/1"),
                argumentSet(
                        "rate_limiting never keeps a trace larger than the burst",
                        "- {name: p, type: rate_limiting, rate_limiting: {spans_per_second: 1}}",
                        "0s a 1 - OK 1\n0s a 2 1 OK 1\n0s a 3 1 OK 1",
                        ""),
                argumentSet(
                        "inside and, a rate is only charged for what the policies before it keep",
                        "- {name: p, type: and, and: {and_sub_policy: [{name: e, type: status_code, status_code:"
                                + " {status_codes: [ERROR]}}, {name: r, type: rate_limiting, rate_limiting:"
                                + " {spans_per_second: 1, burst_capacity: 1}}]}}",
                        "0s a 1 - OK 1\n0.1s b 1 - ERROR 1\n0.2s c 1 - ERROR 1",
                        "b/1"),
                argumentSet(
                        "spans without a trace id form one trace",
                        ERRORS,
                        "0s zero x - OK 1\n0s zero y - ERROR 1\n0s a s - OK 1",
                        "zero/x zero/y"));
    }

    @ParameterizedTest
    @MethodSource("policies")
    void policyKeepsExactly(String policies, String spans, String expected) {
        LaneHarness lane = new LaneHarness("policies:\n" + policies.strip());
        run(lane, spans);
        lane.advance(Duration.ofSeconds(31));
        assertThat(lane.recorder.ids()).isEqualTo(words(expected));
        lane.assertBalance(spans.lines().count());
        assertThat(lane.count(TailSamplingMetric.HELD_SPANS)).isZero();
        assertThat(lane.count(TailSamplingMetric.SAMPLING_TRACES_ON_MEMORY)).isZero();
    }

    static Stream<Arguments> times() {
        return Stream.of(
                argumentSet("nothing before the wait", "decision_wait: 10s", ALL, "0s a s - OK 1", "9.9s", ""),
                argumentSet("all at the wait", "decision_wait: 10s", ALL, "0s a s - OK 1", "10s", "a/s"),
                argumentSet(
                        "the wait counts from the first span",
                        "decision_wait: 10s",
                        ALL,
                        "0s a s - OK 1\n8s a t s OK 1",
                        "10s",
                        "a/s a/t"),
                argumentSet(
                        "a wait of zero decides each request",
                        "decision_wait: 0s",
                        ALL,
                        "0s a s - OK 1",
                        "0.001s",
                        "a/s"),
                argumentSet(
                        "after the root it waits less",
                        "decision_wait: 10s\ndecision_wait_after_root_received: 2s",
                        ALL,
                        "0s a t s OK 1\n1s a s - OK 1\n0s b t s OK 1",
                        "3s",
                        "a/s a/t"),
                argumentSet(
                        "a root that comes late does not extend the wait",
                        "decision_wait: 10s\ndecision_wait_after_root_received: 5s",
                        ALL,
                        "0s a t s OK 1\n8s a s - OK 1",
                        "10s",
                        "a/s a/t"),
                argumentSet(
                        "a late span of a sampled trace goes on at once",
                        "decision_wait: 2s",
                        ERRORS,
                        "0s a s - ERROR 1\n5s a late s OK 1",
                        "5s",
                        "a/late a/s"),
                argumentSet(
                        "a late error does not bring a trace back that was not sampled",
                        "decision_wait: 2s",
                        ERRORS,
                        "0s a s - OK 1\n5s a late s ERROR 1",
                        "9s",
                        ""),
                argumentSet(
                        "a late span of a dropped trace is dropped",
                        "decision_wait: 2s",
                        ALL
                                + "- {name: d, type: drop, drop: {drop_sub_policy: [{name: e, type: status_code, status_code:"
                                + " {status_codes: [ERROR]}}]}}\n",
                        "0s a s - ERROR 1\n5s a late s OK 1",
                        "9s",
                        ""),
                argumentSet(
                        "at num_traces the oldest is decided early",
                        "decision_wait: 10s\nnum_traces: 2",
                        ALL,
                        "0s a s - OK 1\n1s b s - OK 1\n2s c s - OK 1",
                        "2.001s",
                        "a/s"),
                argumentSet(
                        "spans that come after an early decision follow it",
                        "decision_wait: 10s\nnum_traces: 1",
                        ALL,
                        "0s a s - OK 1\n1s b s - OK 1\n2s a t s OK 1",
                        "2.001s",
                        "a/s a/t"));
    }

    @ParameterizedTest
    @MethodSource("times")
    void decisionComesInTime(String options, String policies, String spans, String until, String expected) {
        LaneHarness lane = new LaneHarness(options + "\npolicies:\n" + policies.strip());
        run(lane, spans);
        lane.advance(Duration.parse("PT" + until).minusNanos(lane.clock.nanos()));
        assertThat(lane.recorder.ids()).isEqualTo(words(expected));
        lane.assertBalance(spans.lines().count());
    }

    static Stream<Arguments> thresholds() {
        String half = "- {name: p, type: probabilistic, probabilistic: {sampling_percentage: 50}}\n";
        String quarter = "- {name: q, type: probabilistic, probabilistic: {sampling_percentage: 25}}\n";
        String rate = "- {name: r, type: rate_limiting, rate_limiting: {spans_per_second: 100}}\n";
        String hash = "- {name: h, type: probabilistic, probabilistic: {sampling_percentage: 100, mode: hash}}\n";
        return Stream.of(
                argumentSet("the share is written", half, "", "ot=th:8"),
                argumentSet("of two shares the larger counts", half + quarter, "", "ot=th:8"),
                argumentSet("their order does not matter", quarter + half, "", "ot=th:8"),
                argumentSet("a filter that keeps makes it certain", half + ALL, "", "ot=th:0"),
                argumentSet("what upstream did is not lowered", half + ALL, "ts:ot=th:c", "ot=th:c"),
                argumentSet("a stricter own share replaces it", quarter, "ts:ot=th:8", "ot=th:c"),
                argumentSet(
                        "unknown sub-keys, randomness and other members stay",
                        half,
                        "ts:vendor=1,ot=x:y;rv:ce929d0e0e4736;z:",
                        "ot=rv:ce929d0e0e4736;th:8;x:y;z:,vendor=1"),
                argumentSet("without shares nothing is written", ALL, "", ""),
                argumentSet("without shares nothing is changed", ALL, "ts:ot=th:fffff", "ot=th:fffff"),
                argumentSet("a rate has no probability: it goes", rate, "ts:ot=th:8;x:y", "ot=x:y"),
                argumentSet("the collector's hash has none either", hash, "ts:ot=th:8", ""),
                argumentSet("a rate beside a filter", rate + ALL, "", "ot=th:0"),
                argumentSet("a rate beside a share", rate + half, "", "ot=th:8"),
                argumentSet("a threshold that the trace does not reach is removed", half, "ts:ot=th:f;x:y", "ot=x:y"),
                argumentSet("what cannot be read stays as it is", half, "ts:ot=th:XYZ", "ot=th:XYZ"),
                argumentSet(
                        "both of and: the stricter",
                        "- {name: a, type: and, and: {and_sub_policy: [{name: x, type: probabilistic, probabilistic:"
                                + " {sampling_percentage: 25}}, {name: y, type: probabilistic, probabilistic:"
                                + " {sampling_percentage: 50}}]}}",
                        "",
                        "ot=th:c"),
                argumentSet(
                        "what a share left over has no threshold",
                        "- {name: n, type: not, not: {not_sub_policy: {name: x, type: probabilistic, probabilistic:"
                                + " {sampling_percentage: 1}}}}",
                        "ts:ot=th:8",
                        ""),
                argumentSet(
                        "what a drop by chance left over has none",
                        ALL + "- {name: d, type: drop, drop: {drop_sub_policy: [{name: x, type: probabilistic,"
                                + " probabilistic: {sampling_percentage: 1}}]}}",
                        "ts:ot=th:8",
                        ""),
                argumentSet(
                        "as many digits as are asked for, without trailing zeros",
                        "- {name: p, type: probabilistic, probabilistic: {sampling_percentage: 33.3, sampling_precision:"
                                + " 14}}",
                        "",
                        "ot=th:aac083126e979"));
    }

    @ParameterizedTest
    @MethodSource("thresholds")
    void keptSpansSayWithWhichProbability(String policies, String traceState, String expected) {
        LaneHarness lane = new LaneHarness("decision_wait: 1s\npolicies:\n" + policies.strip());
        run(lane, "0s " + ID_81 + " s - OK 5 " + traceState + "\n2s " + ID_81 + " late s OK 5 " + traceState);
        assertThat(lane.recorder.received)
                .as("the span that waited and the late one")
                .extracting(one -> one.span().getTraceState())
                .containsExactly(expected, expected);
    }

    private static void run(LaneHarness lane, String spans) {
        for (Spans.Line line : Spans.parse(spans)) {
            lane.advance(line.at().minusNanos(lane.clock.nanos()));
            lane.send(line.request());
        }
    }

    private static List<String> words(String text) {
        return text.isEmpty()
                ? List.of()
                : Arrays.stream(text.split(" ")).sorted().toList();
    }
}
