package io.spanweir.it;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The program in a process of its own, with what it is shipped with on its class path, and tail sampling between gRPC and gRPC. */
final class SpanweirProgram implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final String MAIN_CLASS = "io.spanweir.server.Main";

    /** What is on the class path of tests only. */
    private static final Pattern TEST_ONLY = Pattern.compile(
            ".*(/test-classes|-tests\\.jar|/src/test/resources|/testkit/.*|/spanweir-testkit[^/]*|/protobuf-java[^/]*"
                    + "|/opentelemetry-proto-[^/]*|/(junit|assertj|awaitility|archunit|hamcrest|bc)[^/]*\\.jar)/?");

    private static final String CONFIG = """
            receivers:
              otlp:
                protocols:
                  grpc:
                    endpoint: 127.0.0.1:${env:RECEIVER_PORT}
            processors:
              tail_sampling:
                decision_wait: 4s
                policies:
                  - { name: errors, type: status_code, status_code: { status_codes: [ERROR] } }
                  - { name: slow, type: latency, latency: { threshold_ms: %d } }
                  - { name: share, type: probabilistic, probabilistic: { sampling_percentage: %d } }
            exporters:
              otlp_grpc/backend:
                endpoint: 127.0.0.1:${env:BACKEND_PORT}
                tls: { insecure: true }
                retry_on_failure: { initial_interval: 300ms, max_interval: 1s, max_elapsed_time: 120s }
            service:
              telemetry:
                metrics:
                  readers:
                    - pull: { exporter: { prometheus: { host: 127.0.0.1, port: "${env:METRICS_PORT}" } } }
              pipelines:
                traces:
                  receivers: [otlp]
                  processors: [tail_sampling]
                  exporters: [otlp_grpc/backend]
            """.formatted(KeptOrders.LATENCY_THRESHOLD_MILLIS, KeptOrders.SHARE_PERCENT);

    private final ProcessUnderTest process;
    private final int receiverPort;
    private final int metricsPort;

    private SpanweirProgram(ProcessUnderTest process, int receiverPort, int metricsPort) {
        this.process = process;
        this.receiverPort = receiverPort;
        this.metricsPort = metricsPort;
    }

    /** Returns when it is ready. {@code sets} are the options that differ, as {@code key=value}. */
    static SpanweirProgram start(int backendPort, String... sets) throws IOException {
        return start(backendPort, List.of(), sets);
    }

    /** @param options of {@code run} */
    static SpanweirProgram start(int backendPort, List<String> options, String... sets) throws IOException {
        Path config = Files.writeString(Project.output().resolve("tail-sampling.yaml"), CONFIG);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-ea",
                "-Xmx384m",
                "-cp",
                classPath(),
                MAIN_CLASS,
                "run",
                "--config",
                config.toString()));
        command.addAll(options);
        for (String set : sets) {
            command.addAll(List.of("--set", set));
        }
        int receiverPort = Ports.free();
        int metricsPort = Ports.free();
        ProcessUnderTest process = ProcessUnderTest.start(
                "spanweir",
                Map.of(
                        "RECEIVER_PORT", "" + receiverPort,
                        "METRICS_PORT", "" + metricsPort,
                        "BACKEND_PORT", "" + backendPort),
                Project.output(),
                command);
        try {
            process.awaitLine("Ready\\.", START_LIMIT);
        } catch (RuntimeException | Error e) {
            process.close();
            throw e;
        }
        return new SpanweirProgram(process, receiverPort, metricsPort);
    }

    /** Surefire hides the class path in the manifest of a jar and tells it by a property. */
    private static String classPath() {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(all.split(File.pathSeparator))
                .filter(entry -> !TEST_ONLY.matcher(entry).matches())
                .collect(Collectors.joining(File.pathSeparator));
    }

    int receiverPort() {
        return receiverPort;
    }

    Scrape scrape() {
        return Scrape.of(metricsPort);
    }

    /** Asks by SIGTERM and returns the exit code. */
    int stop(Duration limit) {
        return process.stop(limit);
    }

    /** Sends SIGTERM. */
    void askToStop() {
        process.askToStop();
    }

    int exitCode(Duration limit) {
        return process.exitCode(limit);
    }

    @Override
    public String toString() {
        return process.toString();
    }

    @Override
    public void close() {
        process.close();
    }
}
