package io.spanweir.processor.tailsampling;

import io.spanweir.config.ConfigNode;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * {@code processors: tail_sampling}. Sizes are those of the whole engine; each lane has its share.
 *
 * @param decisionWaitAfterRoot zero for none
 * @param maximumTraceSizeBytes 0 for none
 */
record TailSamplingConfig(
        Duration decisionWait,
        Duration decisionWaitAfterRoot,
        int numTraces,
        DecisionCacheConfig decisionCache,
        boolean sampleOnFirstMatch,
        boolean dropPendingTracesOnShutdown,
        long maximumTraceSizeBytes,
        List<PolicyConfig> policies) {
    private static final int TRACES_MAX = 16_000_000;

    /** {@code decision_cache}: numbers of traces; 0 for as many as {@code num_traces}. */
    record DecisionCacheConfig(int sampledCacheSize, int nonSampledCacheSize) {
        static DecisionCacheConfig decode(ConfigNode yaml) {
            return new DecisionCacheConfig(
                    yaml.integer("sampled_cache_size")
                            .atLeast(0)
                            .atMost(TRACES_MAX)
                            .or(0),
                    yaml.integer("non_sampled_cache_size")
                            .atLeast(0)
                            .atMost(TRACES_MAX)
                            .or(0));
        }
    }

    TailSamplingConfig {
        policies = List.copyOf(policies);
    }

    static TailSamplingConfig decode(ConfigNode yaml) {
        yaml.ignored("num_shards", "has no effect, lanes do this; set engine.lanes or remove it");
        yaml.ignored(
                "expected_new_traces_per_sec", "has no effect, tables grow as needed within engine.memory; remove it");
        if (yaml.bool("block_on_overflow").or(false)) {
            yaml.problem(
                    "block_on_overflow",
                    "\"true\" is not available in this version; the oldest traces are decided early instead");
        }
        notYet(yaml, "sampling_strategy", "trace-complete", "only \"trace-complete\" is");
        notYet(yaml, "tail_storage", "", "waiting spans are kept in engine.memory");
        List<PolicyConfig> policies =
                yaml.list("policies", PolicyConfig::decode).notEmpty();
        Set<String> names = new HashSet<>();
        List<ConfigNode> items =
                yaml.child("policies").isList() ? yaml.child("policies").items() : List.of();
        for (int i = 0; i < items.size(); i++) {
            String name = policies.get(i).name();
            if (!name.isEmpty() && !names.add(name)) {
                items.get(i).problem("name", "an earlier policy is named \"" + name + "\" too; names must differ");
            }
        }
        return new TailSamplingConfig(
                yaml.duration("decision_wait").atLeast(Duration.ZERO).or(Duration.ofSeconds(30)),
                yaml.duration("decision_wait_after_root_received")
                        .atLeast(Duration.ZERO)
                        .or(Duration.ZERO),
                yaml.integer("num_traces").atLeast(1).atMost(TRACES_MAX).or(50_000),
                yaml.record("decision_cache", DecisionCacheConfig::decode),
                yaml.bool("sample_on_first_match").or(false),
                yaml.bool("drop_pending_traces_on_shutdown").or(false),
                yaml.size("maximum_trace_size_bytes").atLeast(0L).or(0L),
                policies);
    }

    private static void notYet(ConfigNode yaml, String option, String harmless, String instead) {
        String value = yaml.string(option).or(harmless);
        if (!value.equals(harmless)) {
            yaml.problem(option, "\"" + value + "\" is not available in this version; " + instead);
        }
    }
}
