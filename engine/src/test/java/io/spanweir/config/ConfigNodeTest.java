package io.spanweir.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigNodeTest {
    private final Problems problems = new Problems();

    private record Policy(String name) {
        static Policy decode(ConfigNode yaml) {
            return new Policy(yaml.string("name").required());
        }
    }

    private record Sampling(Duration decisionWait, int numTraces, List<Policy> policies) {
        static Sampling decode(ConfigNode yaml) {
            yaml.ignored("num_shards", "has no effect, lanes do this; set engine.lanes or remove it");
            return new Sampling(
                    yaml.duration("decision_wait").above(Duration.ZERO).or(Duration.ofSeconds(30)),
                    yaml.integer("num_traces").atLeast(1).or(50_000),
                    yaml.list("policies", Policy::decode).notEmpty());
        }
    }

    private Sampling sampling(String options) {
        String text = "processors:\n  tail_sampling:\n" + options.indent(4);
        ConfigNode root = ConfigNode.parse("gateway.yaml", text, problems);
        return root.child("processors").child("tail_sampling").decode(Sampling::decode);
    }

    @Test
    void recordGetsWhatIsWritten() {
        Sampling config = sampling("""
                decision_wait: 1m30s
                num_traces: 10
                policies:
                - name: errors
                """);
        assertThat(problems.list()).isEmpty();
        assertThat(config).isEqualTo(new Sampling(Duration.ofSeconds(90), 10, List.of(new Policy("errors"))));
    }

    @Test
    void allProblemsAreReportedAtOnceWithTheirPlaces() {
        Sampling config = sampling("""
                decision_wait: 30
                num_shards: 4
                numtraces: 1
                policies:
                - nam: errors
                - {}
                """);
        assertThat(problems.toString()).isEqualTo("""
                gateway.yaml:3:20: processors.tail_sampling.decision_wait: "30" has no unit; write "30s" (ms, s, m, h)
                gateway.yaml:4:5: processors.tail_sampling.num_shards: has no effect, lanes do this; set engine.lanes or remove it
                gateway.yaml:5:5: processors.tail_sampling.numtraces: unknown option; did you mean "num_traces"?
                gateway.yaml:7:7: processors.tail_sampling.policies[0].name: is missing; it has no default
                gateway.yaml:7:7: processors.tail_sampling.policies[0].nam: unknown option; did you mean "name"?
                gateway.yaml:8:7: processors.tail_sampling.policies[1].name: is missing; it has no default""");
        assertThat(config.decisionWait()).isEqualTo(Duration.ofSeconds(30));
    }
}
