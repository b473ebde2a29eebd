package io.spanweir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class QuickConfigTest {
    private final TestProgram spanweir = new TestProgram(Path.of(""));

    @ParameterizedTest
    @CsvSource({
        "tempo,                                   otlp_grpc, tempo:4317,                 false",
        "tempo:4317,                              otlp_grpc, tempo:4317,                 false",
        "tempo:9999,                              otlp_grpc, tempo:9999,                 false",
        "grpc://tempo:9999,                       otlp_grpc, tempo:9999,                 false",
        "http://tempo:4317,                       otlp_grpc, tempo:4317,                 false",
        "https://tempo:4317,                      otlp_grpc, tempo:4317,                 true",
        "[::1]:4317,                              otlp_grpc, [::1]:4317,                 false",
        "tempo:4318,                              otlp_http, http://tempo:4318,          false",
        "http://tempo:4318,                       otlp_http, http://tempo:4318,          false",
        "http://tempo:4318/,                      otlp_http, http://tempo:4318,          false",
        "http://tempo:4318/v1/traces,             otlp_http, http://tempo:4318,          false",
        "https://otlp.example.com,                otlp_http, https://otlp.example.com,   true",
        "https://example.com/otlp/v1/traces,      otlp_http, https://example.com/otlp,   true",
        "HTTP://tempo:80/api,                     otlp_http, http://tempo:80/api,        false"
    })
    void protocolFollowsFromPortThenScheme(String text, String exporter, String endpoint, boolean tls) {
        assertThat(Backend.parse(text)).isEqualTo(new Backend(exporter.equals("otlp_grpc"), endpoint, tls));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ftp://tempo          | \"ftp://tempo\" has the scheme \"ftp\"; write http://, https://, grpc:// or none",
                "tempo/api            | \"tempo/api\" has a path but no scheme; write \"http://tempo/api\"",
                "http://tempo:4317/a  | \"http://tempo:4317/a\" has a path, which gRPC on port 4317 does not; for HTTP write port 4318",
                "http://              | \"http://\" is no backend; write \"host:4317\" for gRPC or \"http://host:4318\" for HTTP",
                "a b                  | \"a b\" is no backend; write \"host:4317\" for gRPC or \"http://host:4318\" for HTTP",
                "http://u:p@tempo     | \"http://u:p@tempo\" is no backend; write \"host:4317\" for gRPC or \"http://host:4318\" for HTTP"
            })
    void backendThatMakesNoSenseIsRefusedWithWhatWouldBeRight(String text, String message) {
        assertThatThrownBy(() -> Backend.parse(text)).hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fast              | \"fast\" is no rule; write \"errors\", \"slow=800ms\", \"1%\" or \"all\", separated by commas",
                "errors,,1%        | \"\" is no rule; write \"errors\", \"slow=800ms\", \"1%\" or \"all\", separated by commas",
                "errors=1          | \"errors=1\" is no rule; write \"errors\", \"slow=800ms\", \"1%\" or \"all\", separated by commas",
                "slow              | \"slow\" needs a duration; write \"slow=800ms\"",
                "slow=1us          | \"slow=1us\": the duration must be at least 1ms",
                "1%,2%             | \"1%,2%\" has two rules of the kind \"%\"",
                "0%                | \"0%\" is not above 0% and at most 100%",
                "101%              | \"101%\" is not above 0% and at most 100%",
                "x%                | \"x%\" is no percentage; write \"1%\" or \"0.5%\"",
                "all,errors        | \"all,errors\": \"all\" leaves nothing for the other rules; remove it or them"
            })
    void ruleThatMakesNoSenseIsRefusedWithWhatWouldBeRight(String rules, String message) {
        assertThatThrownBy(() -> KeepRules.parse(rules)).hasMessage(message);
    }

    @Test
    void durationWithoutUnitIsExplained() {
        assertThatThrownBy(() -> KeepRules.parse("slow=800"))
                .hasMessageStartingWith("\"slow=800\": \"800\" has no unit; write \"800s\"");
    }

    static Stream<Arguments> commands() {
        return Stream.of(
                argumentSet("everything to one backend", "run --otlp-to tempo"),
                argumentSet("root command", "--otlp-to http://tempo:4318 --keep all"),
                argumentSet("sampled", "run --otlp-to http://tempo:4318 --keep errors,slow=800ms,1%"),
                argumentSet(
                        "three backends",
                        "run --otlp-to tempo --otlp-to other:4317 --otlp-to https://x/otlp --keep 0.5% --listen 0.0.0.0"),
                argumentSet(
                        "a short wait", "run --otlp-to [::1]:4317 --keep slow=1m --decision-wait 1500ms --listen ::"));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void printedYamlIsAValidConfigurationWithoutWarnings(String command) {
        TestProgram.Result printed = spanweir.run((command + " --print-only").split(" "));
        assertThat(printed.code()).isZero();
        assertThat(printed.err()).isEmpty();
        TestProgram.Result validated = spanweir.run("validate", "--config", "yaml:" + printed.out());
        assertThat(validated.err()).isEmpty();
        assertThat(validated.out()).isEqualTo("yaml: valid" + System.lineSeparator());
    }

    @Test
    void rulesBecomePoliciesInTheirOrder() {
        String yaml = spanweir.run(
                        "run",
                        "--otlp-to",
                        "http://tempo:4318",
                        "--keep",
                        "slow=1.5s, errors ,2.50%",
                        "--decision-wait=5s",
                        "--print-only")
                .out();
        assertThat(yaml)
                .containsSubsequence(
                        "decision_wait: 5s",
                        "type: latency",
                        "threshold_ms: 1500",
                        "type: status_code",
                        "status_codes: [ERROR]",
                        "type: probabilistic",
                        "sampling_percentage: 2.50",
                        "endpoint: http://tempo:4318",
                        "processors: [tail_sampling]",
                        "exporters: [otlp_http]");
    }
}
