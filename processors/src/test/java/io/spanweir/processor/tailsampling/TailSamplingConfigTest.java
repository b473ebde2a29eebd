package io.spanweir.processor.tailsampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.spanweir.config.ConfigNode;
import io.spanweir.config.Problem;
import io.spanweir.config.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TailSamplingConfigTest {
    private static final String ALL = "policies: [{name: all, type: always_sample}]\n";

    private final Problems problems = new Problems();

    private TailSamplingConfig decode(String yaml) {
        return ConfigNode.parse("t.yaml", yaml, problems).decode(TailSamplingConfig::decode);
    }

    @Test
    void defaultsAreTheCollectors() {
        TailSamplingConfig config = decode(ALL);
        assertThat(problems.list()).isEmpty();
        assertThat(config)
                .isEqualTo(new TailSamplingConfig(
                        Duration.ofSeconds(30),
                        Duration.ZERO,
                        50_000,
                        new TailSamplingConfig.DecisionCacheConfig(0, 0),
                        false,
                        false,
                        0,
                        List.of(new AlwaysSamplePolicyConfig("all"))));
    }

    @Test
    void everyOptionIsRead() {
        TailSamplingConfig config = decode("""
                decision_wait: 5s
                decision_wait_after_root_received: 1s
                num_traces: 7
                decision_cache: {sampled_cache_size: 8, non_sampled_cache_size: 9}
                sample_on_first_match: true
                drop_pending_traces_on_shutdown: true
                maximum_trace_size_bytes: 1000
                block_on_overflow: false
                sampling_strategy: trace-complete
                policies:
                - {name: rate, type: rate_limiting, rate_limiting: {spans_per_second: 35}}
                - {name: share, type: probabilistic, probabilistic: {sampling_percentage: 0.1, hash_salt: s}}
                """);
        assertThat(problems.list()).isEmpty();
        assertThat(config)
                .isEqualTo(new TailSamplingConfig(
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(1),
                        7,
                        new TailSamplingConfig.DecisionCacheConfig(8, 9),
                        true,
                        true,
                        1000,
                        List.of(
                                new RateLimitingPolicyConfig("rate", 35, 70),
                                new ProbabilisticPolicyConfig(
                                        "share", 0.1, 4, ProbabilisticPolicyConfig.Mode.HASH, "s"))));
    }

    @Test
    void optionsWithoutMeaningHereAreWarnedAbout() {
        decode("num_shards: 4\nexpected_new_traces_per_sec: 10\n" + ALL);
        assertThat(problems.errors()).isEmpty();
        assertThat(problems.toString()).isEqualTo("""
                t.yaml:1:1: num_shards: has no effect, lanes do this; set engine.lanes or remove it
                t.yaml:2:1: expected_new_traces_per_sec: has no effect, tables grow as needed within engine.memory; remove it""");
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                argumentSet("no policies", "{}", "policies: is missing; it has no default"),
                argumentSet("empty policies", "policies: []", "policies: must have at least one item"),
                argumentSet(
                        "two policies of one name",
                        "policies: [{name: a, type: always_sample}, {name: a, type: always_sample}]",
                        "policies[1].name: an earlier policy is named \"a\" too; names must differ"),
                argumentSet(
                        "a policy without a name",
                        "policies: [{type: always_sample}]",
                        "policies[0].name: is missing; it has no default"),
                argumentSet(
                        "an empty name",
                        "policies: [{name: '', type: always_sample}]",
                        "policies[0].name: must not be empty"),
                argumentSet(
                        "an unknown option of a policy",
                        "policies: [{name: a, type: latency, latency: {treshold_ms: 5}}]",
                        "policies[0].latency.treshold_ms: unknown option; did you mean \"threshold_ms\"?"),
                argumentSet(
                        "composite",
                        "policies: [{name: a, type: composite, composite: {max_total_spans_per_second: 1}}]",
                        "policies[0].type: policy type \"composite\" is not available in this version; available:"
                                + " always_sample, latency, numeric_attribute, string_attribute, boolean_attribute,"
                                + " status_code, probabilistic, rate_limiting, span_count, trace_state, not, and, drop"),
                argumentSet(
                        "drop inside and",
                        "policies: [{name: a, type: and, and: {and_sub_policy: [{name: b, type: drop, drop: {}}]}}]",
                        "policies[0].and.and_sub_policy[0].type: policy type \"drop\" cannot stand here; available:"
                                + " always_sample, latency, numeric_attribute, string_attribute, boolean_attribute,"
                                + " status_code, probabilistic, rate_limiting, span_count, trace_state, not"),
                argumentSet(
                        "not without a policy",
                        "policies: [{name: a, type: not, not: {}}]",
                        "policies[0].not.not_sub_policy: is missing; it has no default"),
                argumentSet(
                        "an expression that cannot be compiled",
                        "policies: [{name: a, type: string_attribute, string_attribute: {key: k, values: ['a(b'],"
                                + " enabled_regex_matching: true}}]",
                        "policies[0].string_attribute.values[0]: \"a(b\" is no RE2 expression: missing closing )"),
                argumentSet(
                        "a number without bounds",
                        "policies: [{name: a, type: numeric_attribute, numeric_attribute: {key: k}}]",
                        "policies[0].numeric_attribute: min_value and max_value are both absent or 0, which sets no"
                                + " bound; set at least one of them"),
                argumentSet(
                        "bounds that cross",
                        "policies: [{name: a, type: numeric_attribute, numeric_attribute: {key: k, min_value: 5, max_value:"
                                + " 4}}]",
                        "policies[0].numeric_attribute.max_value: 4 is less than min_value (5), so no value could match"),
                argumentSet(
                        "a status code in lower case",
                        "policies: [{name: a, type: status_code, status_code: {status_codes: [error]}}]",
                        "policies[0].status_code.status_codes: \"error\" is no status code; did you mean \"ERROR\"?"),
                argumentSet(
                        "a status code of HTTP",
                        "policies: [{name: a, type: status_code, status_code: {status_codes: ['500']}}]",
                        "policies[0].status_code.status_codes: \"500\" is no status code; write OK, ERROR or UNSET"),
                argumentSet(
                        "no status codes",
                        "policies: [{name: a, type: status_code, status_code: {status_codes: []}}]",
                        "policies[0].status_code.status_codes: must have at least one item"),
                argumentSet(
                        "an upper bound below the threshold",
                        "policies: [{name: a, type: latency, latency: {threshold_ms: 50, upper_threshold_ms: 50}}]",
                        "policies[0].latency.upper_threshold_ms: 50 is not above threshold_ms (50), so no trace could"
                                + " match; write 0 for no upper bound"),
                argumentSet(
                        "a percentage above 100",
                        "policies: [{name: a, type: probabilistic, probabilistic: {sampling_percentage: 101}}]",
                        "policies[0].probabilistic.sampling_percentage: \"101\" is too large; write 100 or less"),
                argumentSet(
                        "a salt without the hash",
                        "policies: [{name: a, type: probabilistic, probabilistic: {hash_salt: s, mode: consistent}}]",
                        "policies[0].probabilistic.mode: \"consistent\" uses no hash_salt; remove hash_salt, or write"
                                + " mode: hash"),
                argumentSet(
                        "a strategy that is not there",
                        "sampling_strategy: span-ingest\n" + ALL,
                        "sampling_strategy: \"span-ingest\" is not available in this version; only \"trace-complete\""
                                + " is"),
                argumentSet(
                        "waiting on overflow",
                        "block_on_overflow: true\n" + ALL,
                        "block_on_overflow: \"true\" is not available in this version; the oldest traces are decided"
                                + " early instead"),
                argumentSet(
                        "a storage extension",
                        "tail_storage: pebble\n" + ALL,
                        "tail_storage: \"pebble\" is not available in this version; waiting spans are kept in"
                                + " engine.memory"),
                argumentSet(
                        "no wait at all",
                        "decision_wait: -1s\n" + ALL,
                        "decision_wait: \"-1s\" is too small; write 0s or more"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void mistakeIsNamedWithItsPlaceAndWhatIsRight(String yaml, String message) {
        decode(yaml);
        assertThat(problems.errors())
                .extracting(Problem::toString)
                .map(text -> text.replaceFirst("^t\\.yaml:\\d+:\\d+: ", ""))
                .contains(message);
        assertThat(problems.errors())
                .as("one mistake, one message: %s", problems)
                .hasSize(1);
    }

    @Test
    void policiesOfTheCollectorsTestAreKnownButForThreeTypes() throws IOException {
        Path file =
                Path.of(System.getProperty("spanweir.data", "."), "configs", "contrib-tail-sampling-all-policies.yaml");
        assumeTrue(Files.exists(file), "contrib-tail-sampling-all-policies.yaml is not there: set -Dspanweir.data");
        ConfigNode root = ConfigNode.parse("t.yaml", Files.readString(file), problems);
        TailSamplingConfig config = root.child("tail_sampling").decode(TailSamplingConfig::decode);
        assertThat(config.policies()).hasSize(15);
        assertThat(problems.errors())
                .extracting(Problem::toString)
                .satisfiesExactly(
                        bytes -> assertThat(bytes).contains("policy type \"bytes_limiting\" is not available"),
                        ottl -> assertThat(ottl).contains("policy type \"ottl_condition\" is not available"),
                        composite -> assertThat(composite).contains("policy type \"composite\" is not available"));
    }

    @Test
    void jaegersSecondTierIsUnderstood() throws IOException {
        Path file = Path.of(System.getProperty("spanweir.data", "."), "configs", "jaeger-tail-sampling-tier2.yaml");
        assumeTrue(Files.exists(file), "jaeger-tail-sampling-tier2.yaml is not there: set -Dspanweir.data");
        ConfigNode root = ConfigNode.parse("t.yaml", Files.readString(file), problems);
        TailSamplingConfig config =
                root.child("processors").child("tail_sampling").decode(TailSamplingConfig::decode);
        assertThat(problems.errors()).isEmpty();
        assertThat(config.policies()).isNotEmpty();
    }
}
