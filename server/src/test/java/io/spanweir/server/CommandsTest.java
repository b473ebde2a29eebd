package io.spanweir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsTest {
    private static final String GOOD = """
            receivers:
              otlp:
                protocols:
                  grpc:
            exporters:
              otlp_grpc:
                endpoint: ${env:BACKEND:-localhost:4317}
                headers:
                  authorization: Bearer ${env:TOKEN:-none}
                tls:
                  insecure: true
            service:
              pipelines:
                traces:
                  receivers: [otlp]
                  exporters: [otlp_grpc]
            """;

    @TempDir
    private Path directory;

    private TestProgram spanweir;

    @BeforeEach
    void prepare() throws IOException {
        spanweir = new TestProgram(directory);
        write("config.yaml", GOOD);
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    @Test
    void validConfigurationIsSaidToBeValid() {
        TestProgram.Result result = spanweir.run("validate", "--config", "config.yaml");
        assertThat(result).isEqualTo(new TestProgram.Result(0, line("config.yaml: valid"), ""));
    }

    @Test
    void validatePrintsEveryProblemWithItsPlaceAndCountsThem() throws IOException {
        write(
                "bad.yaml",
                GOOD.replace("      grpc:\n", "      grpc:\n        endpiont: x\n")
                        .replace("[otlp]", "[otpl]"));
        TestProgram.Result result = spanweir.run("validate", "--config", "bad.yaml");
        assertThat(result.code()).isEqualTo(ExitStatus.REFUSED.code());
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines())
                .hasSize(3)
                .anySatisfy(problem -> assertThat(problem)
                        .startsWith("bad.yaml:5:9: receivers.otlp.protocols.grpc.endpiont: unknown option"))
                .anySatisfy(problem ->
                        assertThat(problem).startsWith("bad.yaml:16:19: ").contains("\"otpl\""))
                .last()
                .isEqualTo("bad.yaml: 2 errors");
    }

    @Test
    void warningsDoNotMakeAConfigurationInvalid() throws IOException {
        write("old.yaml", GOOD.replace("otlp_grpc", "otlp"));
        TestProgram.Result result = spanweir.run("validate", "--config", "old.yaml");
        assertThat(result.code()).isZero();
        assertThat(result.out()).isEqualTo(line("old.yaml: valid, 1 warning"));
        assertThat(result.err()).startsWith("old.yaml:6:3: warning: exporters.otlp: is the old name of \"otlp_grpc\"");
    }

    @Test
    void missingFileIsTheOnlyProblemThatIsTold() {
        TestProgram.Result result = spanweir.run("validate", "--config", "absent.yaml");
        assertThat(result.code()).isEqualTo(ExitStatus.REFUSED.code());
        assertThat(result.err().lines()).hasSize(2).last().isEqualTo("absent.yaml: 1 error");
    }

    @Test
    void sourcesAreMergedInOrderAndSetsComeLast() throws IOException {
        write("more.yaml", "exporters: {otlp_grpc: {endpoint: second:1, timeout: 7s}}");
        TestProgram.Result result = spanweir.run(
                "print-config",
                "--config=config.yaml",
                "--config",
                "file:more.yaml",
                "--config=yaml:exporters::otlp_grpc::compression: zstd",
                "--set",
                "exporters.otlp_grpc.timeout=9s");
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .contains("endpoint: second:1", "compression: zstd", "timeout: \"9s\"")
                .doesNotContain("7s");
    }

    @Test
    void printedConfigurationHidesSecretsAndExpandsReferences() {
        TestProgram.Result result = spanweir.with("TOKEN", "hunter2")
                .with("BACKEND", "tempo:4317")
                .run("print-config", "--config", "config.yaml");
        assertThat(result.code()).isZero();
        assertThat(result.out())
                .contains("endpoint: tempo:4317", "authorization: \"<masked>\"")
                .doesNotContain("hunter2");
    }

    @Test
    void unreadableConfigurationIsNotPrinted() throws IOException {
        write("broken.yaml", "receivers: [");
        TestProgram.Result result = spanweir.run("print-config", "--config", "broken.yaml");
        assertThat(result.code()).isEqualTo(ExitStatus.REFUSED.code());
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("broken.yaml:1:", "broken.yaml: 1 error");
    }

    @Test
    void componentsAreListedWithKindAliasesStabilityAndSignals() {
        TestProgram.Result result = spanweir.run("components");
        assertThat(result.code()).isZero();
        assertThat(result.out().lines()).first().asString().matches("KIND +TYPE +ALIASES +STABILITY +SIGNALS");
        assertThat(result.out())
                .containsPattern("(?m)^exporter +otlp_grpc +otlp +\\w+ +traces, metrics, logs$")
                .containsPattern("(?m)^processor +tail_sampling +\\w+ +traces$")
                .containsPattern("(?m)^extension +health_check +\\w+$");
    }

    @Test
    void componentsAsJsonAreOneObjectEach() {
        TestProgram.Result result = spanweir.run("components", "--json");
        assertThat(result.out()).startsWith("[{\"kind\":\"receiver\"").endsWith("}]" + System.lineSeparator());
        assertThat(result.out())
                .containsPattern("\\{\"kind\":\"exporter\",\"type\":\"otlp_grpc\",\"aliases\":\\[\"otlp\"],"
                        + "\"stability\":\"\\w+\",\"signals\":\\[\"traces\",\"metrics\",\"logs\"]}");
    }

    @Test
    void versionNamesProgramAndJava() {
        assertThat(spanweir.run("version").out()).startsWith("spanweir ").contains("(Java ");
        assertThat(spanweir.run("--version")).isEqualTo(spanweir.run("version"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "run", "validate", "components", "print-config", "demo", "version"})
    void everyCommandHasHelpWithExitCodes(String command) {
        TestProgram.Result result = command.isEmpty() ? spanweir.run("--help") : spanweir.run(command, "--help");
        assertThat(result.code()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).contains("Usage: spanweir " + command);
        for (ExitStatus status : ExitStatus.values()) {
            assertThat(result.out()).contains(status.code() + "   " + status.meaning());
        }
    }

    static Stream<Arguments> misuses() {
        return Stream.of(
                argumentSet("unknown option", "validate --confg x", "Unknown options: '--confg', 'x'"),
                argumentSet("unknown command", "validte", "Unmatched argument at index 0: 'validte'"),
                argumentSet("no configuration", "validate", "Missing option: '--config SOURCE'"),
                argumentSet("run without anything", "run", "or '--otlp-to BACKEND'"),
                argumentSet(
                        "two ways at once",
                        "run --config config.yaml --otlp-to tempo",
                        "'--otlp-to' makes a configuration of its own"),
                argumentSet(
                        "rules without a backend", "run --keep errors", "'--keep' works with '--otlp-to BACKEND' only"),
                argumentSet(
                        "a host without a backend",
                        "--listen 0.0.0.0",
                        "'--listen' works with '--otlp-to BACKEND' only"),
                argumentSet(
                        "bad rule",
                        "run --otlp-to tempo --keep slow",
                        "Invalid value for option '--keep': \"slow\" needs a duration; write \"slow=800ms\""),
                argumentSet(
                        "bad duration",
                        "run --config config.yaml --shutdown-timeout 30",
                        "Invalid value for option '--shutdown-timeout': \"30\" has no unit"),
                argumentSet("rate of 0", "demo --rate 0", "'--rate 0' is not in 1 to 2000"));
    }

    @ParameterizedTest
    @MethodSource("misuses")
    void misuseIsToldInOneLineWithTheWayToTheHelp(String arguments, String message) {
        TestProgram.Result result = spanweir.run(arguments.split(" "));
        assertThat(result.code()).isEqualTo(ExitStatus.USAGE.code());
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .startsWith("spanweir: ")
                .contains(message)
                .containsPattern("Try \"spanweir.* --help\"\\.");
    }

    @Test
    void withoutArgumentsTheHelpIsShown() {
        TestProgram.Result result = spanweir.run();
        assertThat(result.code()).isEqualTo(ExitStatus.USAGE.code());
        assertThat(result.err()).contains("Usage: spanweir");
    }

    @Test
    void rootTakesTheOptionsOfRun() throws IOException {
        write("bad.yaml", "service:");
        TestProgram.Result result = spanweir.run("--config", "bad.yaml");
        assertThat(result.code()).isEqualTo(ExitStatus.REFUSED.code());
        assertThat(result.err()).contains("bad.yaml:", "service.pipelines: has no pipeline");
    }

    private static String line(String text) {
        return text + System.lineSeparator();
    }
}
