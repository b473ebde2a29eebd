package io.spanweir.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real process, started by {@code ./spanweir} of what the build has packaged. */
class LauncherIT {
    private static final Path SPANWEIR = Path.of(System.getProperty("spanweir.root"), "spanweir");
    private static final Duration START = Duration.ofSeconds(60);
    private static final long END_SECONDS = 60;

    private static final String SPAN = """
            {"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"5b8efff798038103d269b633813fc60c",
              "spanId":"eee19b7ec3c1b174","name":"the only span","startTimeUnixNano":"1","endTimeUnixNano":"2"}]}]}]}""";

    private static final String CONFIG = """
            receivers:
              otlp: {protocols: {http: {endpoint: "127.0.0.1:0"}}}
            processors:
              tail_sampling: {decision_wait: 10m, policies: [{name: all, type: always_sample}]}
            exporters:
              file: {path: spans.json}
              otlp_grpc: {endpoint: "127.0.0.1:1", tls: {insecure: true}}
            service:
              telemetry: {metrics: {readers: [{pull: {exporter: {prometheus: {host: 127.0.0.1, port: 0}}}}]}}
              pipelines:
                traces: {receivers: [otlp], processors: [tail_sampling], exporters: [file]}
            engine: {memory: 32MiB}
            """;

    private static final String TO_NOWHERE = "service.pipelines.traces.exporters=[otlp_grpc]";

    @TempDir
    private Path directory;

    private final List<Process> started = new ArrayList<>();
    private Path log;

    @BeforeEach
    void writeConfig() throws IOException {
        Files.writeString(directory.resolve("config.yaml"), CONFIG);
        log = directory.resolve("stderr.log");
    }

    @AfterEach
    void endWhatWasStarted() {
        started.forEach(Process::destroyForcibly);
    }

    private Process start(Map<String, String> environment, String command, String... arguments) throws IOException {
        List<String> line = new ArrayList<>(List.of(command));
        line.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(directory.toFile())
                .redirectError(log.toFile())
                .redirectOutput(directory.resolve("stdout.log").toFile());
        builder.environment().put("SPANWEIR_NO_BUILD", "1");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("SPANWEIR_JAVA_OPTS", "-Xmx128m");
        builder.environment().putAll(environment);
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private Process spanweir(String... arguments) throws IOException {
        return start(Map.of(), SPANWEIR.toString(), arguments);
    }

    private static int exitCode(Process process) throws InterruptedException {
        assertThat(process.waitFor(END_SECONDS, TimeUnit.SECONDS)).as("it ends").isTrue();
        return process.exitValue();
    }

    private String errors() {
        try {
            return Files.readString(log, UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void awaitLog(String text) {
        await().atMost(START).untilAsserted(() -> assertThat(errors()).contains(text));
    }

    private int port(String component) {
        Matcher matcher = Pattern.compile("Listening\\. component=" + component + " protocol=http address=\\S+:(\\d+)")
                .matcher(errors());
        assertThat(matcher.find()).isTrue();
        return Integer.parseInt(matcher.group(1));
    }

    private void sendSpan() throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port("otlp") + "/v1/traces"))
                                .header("content-type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(SPAN))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    @Test
    void sigtermLetsGoOfWhatWaitsAndSendsIt() throws Exception {
        Process process = spanweir("run", "--config", "config.yaml");
        awaitLog("Ready.");
        sendSpan();
        process.destroy();
        assertThat(exitCode(process)).as(errors()).isEqualTo(ExitStatus.OK.code());
        assertThat(errors()).contains("signal=SIGTERM", "Stopped. everything_sent=true");
        assertThat(directory.resolve("spans.json")).content().contains("the only span");
    }

    @Test
    void theProcessIsJavaItself() throws Exception {
        Process process = spanweir("--config", "config.yaml");
        awaitLog("Ready.");
        assertThat(process.info().command()).get().asString().endsWith("/java");
        process.destroy();
        assertThat(exitCode(process)).isEqualTo(ExitStatus.OK.code());
    }

    @Test
    void whatCannotBeSentBeforeTheDeadlineIsInTheExitCode() throws Exception {
        Process process = spanweir("run", "--config", "config.yaml", "--set", TO_NOWHERE, "--shutdown-timeout", "1s");
        awaitLog("Ready.");
        sendSpan();
        process.destroy();
        assertThat(exitCode(process)).as(errors()).isEqualTo(ExitStatus.NOT_ALL_SENT.code());
    }

    @Test
    void secondSignalEndsItAtOnce() throws Exception {
        Process process = spanweir("run", "--config", "config.yaml", "--set", TO_NOWHERE, "--shutdown-timeout", "10m");
        awaitLog("Ready.");
        sendSpan();
        process.destroy();
        awaitLog("Stopping");
        process.destroy();
        assertThat(exitCode(process)).as(errors()).isEqualTo(ExitStatus.CUT_SHORT.code());
    }

    @Test
    void takenPortIsAFailedStart() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Process process = spanweir(
                    "run",
                    "--config=config.yaml",
                    "--set=receivers.otlp.protocols.http.endpoint=127.0.0.1:" + taken.getLocalPort());
            assertThat(exitCode(process)).isEqualTo(ExitStatus.NOT_STARTED.code());
        }
        assertThat(errors())
                .containsPattern(
                        "ERROR io\\.spanweir\\.server\\.Run  Could not start\\. receiver otlp did not start: ");
    }

    @Test
    void refusedConfigurationEndsItBeforeAnythingListens() throws Exception {
        Process process = spanweir("run", "--config", "config.yaml", "--set", "exporters.file.paht=x");
        assertThat(exitCode(process)).isEqualTo(ExitStatus.REFUSED.code());
        assertThat(errors())
                .contains("--set: exporters.file.paht: unknown option")
                .doesNotContain("Listening");
    }

    @Test
    void scriptRunsThroughASymbolicLinkFromAnyDirectory() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("sw"), SPANWEIR);
        Process process = start(Map.of(), link.toString(), "version");
        assertThat(exitCode(process)).as(errors()).isZero();
        assertThat(directory.resolve("stdout.log"))
                .content()
                .startsWith("spanweir ")
                .contains("(Java ");
        assertThat(errors()).isEmpty();
    }

    @Test
    void jsonLogsAreOneObjectALine() throws Exception {
        Process process = spanweir("run", "--config=config.yaml", "--set=service.telemetry.logs.encoding=json");
        awaitLog("Ready.");
        process.destroy();
        assertThat(exitCode(process)).isZero();
        assertThat(errors().lines())
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).startsWith("{\"ts\":").endsWith("}"));
    }

    @Test
    void oldJavaIsNamedWithWhatIsNeeded() throws Exception {
        Path java = directory.resolve("jdk/bin/java");
        Files.createDirectories(java.getParent());
        Files.writeString(java, "#!/bin/sh\necho '    java.specification.version = 11' >&2\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Process process =
                start(Map.of("JAVA_HOME", directory.resolve("jdk").toString()), SPANWEIR.toString(), "version");
        assertThat(exitCode(process)).isEqualTo(ExitStatus.NOT_STARTED.code());
        assertThat(errors()).contains("needs Java 17 or newer, and found 11 (", "; set JAVA_HOME");
    }

    @Test
    void missingJavaIsNamed() throws Exception {
        Path tools = Files.createDirectory(directory.resolve("tools"));
        for (String tool : List.of("dirname", "readlink", "sed")) {
            Files.createSymbolicLink(tools.resolve(tool), Path.of("/usr/bin", tool));
        }
        Process process = start(Map.of("JAVA_HOME", "", "PATH", tools.toString()), SPANWEIR.toString(), "version");
        assertThat(exitCode(process)).isEqualTo(ExitStatus.NOT_STARTED.code());
        assertThat(errors()).contains("needs Java 17 or newer, and found none");
    }
}
