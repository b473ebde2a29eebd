package io.spanweir.perf;

import io.spanweir.config.ConfigLoader;
import io.spanweir.config.ConfigNode;
import io.spanweir.config.Problems;
import io.spanweir.perf.load.Requests;
import io.spanweir.processor.tailsampling.TailSamplingProcessorFactory;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Tail sampling on a lane: intake, ring, copy into held memory, observation, decision. Every policy decides on every trace; few
 * are sampled. The policy {@code NONE}, which samples nothing without looking at a span, is what the others are compared with.
 * An operation is a span.
 */
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class PolicyBenchmark {
    private static final int SPANS_PER_REQUEST = 200;
    private static final int REQUESTS = 5;
    private static final long NANOS_PER_REQUEST = 1_000_000;

    /** Policies by what they look at. */
    public enum Policy {
        NONE("type: probabilistic, probabilistic: {sampling_percentage: 0}"),
        STATUS("type: status_code, status_code: {status_codes: [ERROR]}"),
        LATENCY("type: latency, latency: {threshold_ms: 5000}"),
        NUMBER("type: numeric_attribute, numeric_attribute: {key: http.response.status_code, min_value: 500}"),
        TEXT("type: string_attribute, string_attribute: {key: db.system.name, values: [mysql, oracle]}"),
        REGEX("type: string_attribute, string_attribute: "
                + "{key: http.route, values: ['^/admin'], enabled_regex_matching: true}"),
        ALL("");

        private final String yaml;

        Policy(String yaml) {
            this.yaml = yaml;
        }

        String yaml() {
            StringBuilder policies = new StringBuilder("""
                    decision_wait: 10ms
                    num_traces: 20000
                    decision_cache: {sampled_cache_size: 1000, non_sampled_cache_size: 1000}
                    policies:
                    """);
            for (Policy policy : values()) {
                if (!policy.yaml.isEmpty() && (this == ALL || this == policy)) {
                    policies.append("- {name: ")
                            .append(policy)
                            .append(", ")
                            .append(policy.yaml)
                            .append("}\n");
                }
            }
            return policies.toString();
        }
    }

    @Param
    Policy policy;

    private OneLane lane;

    @Setup
    public void start() {
        Problems problems = new Problems();
        ConfigNode yaml = ConfigLoader.system().loadText("policies", policy.yaml(), problems);
        lane = new OneLane(new TailSamplingProcessorFactory().decode(yaml), new Requests(SPANS_PER_REQUEST, 7));
        if (problems.hasErrors()) {
            throw new IllegalStateException(problems.toString());
        }
    }

    @Benchmark
    @OperationsPerInvocation(SPANS_PER_REQUEST * REQUESTS)
    public long tailSampling() {
        long sent = 0;
        for (int i = 0; i < REQUESTS; i++) {
            lane.advance(NANOS_PER_REQUEST);
            sent = lane.take(SPANS_PER_REQUEST);
        }
        return sent;
    }

    @TearDown
    public void stop() {
        lane.close();
    }
}
