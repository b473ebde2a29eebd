package io.spanweir.exporter.otlpgrpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.google.protobuf.Message;
import io.grpc.Status;
import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.spanweir.component.SendOutcome;
import io.spanweir.data.ExportRequest;
import io.spanweir.testkit.OrderTraffic;
import io.spanweir.testkit.OtlpGenerator;
import io.spanweir.testkit.Seeds;
import io.spanweir.testsink.ExporterHarness;
import io.spanweir.testsink.OtlpSink;
import io.spanweir.testsink.SinkAnswer;
import io.spanweir.testsink.SinkRequest;
import io.spanweir.testsink.TestCertificates;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OtlpGrpcExporterTest {
    private final ExportTraceServiceRequest traces =
            new OrderTraffic(Seeds.random(OtlpGrpcExporterTest.class, "traces")).message(100);
    private OtlpSink sink;

    @BeforeEach
    void startSink() throws Exception {
        sink = OtlpSink.start();
    }

    @AfterEach
    void closeSink() {
        sink.close();
    }

    private ExporterHarness plain(String... options) throws Exception {
        return start("endpoint: http://" + sink.grpcEndpoint(), options);
    }

    private static ExporterHarness start(String endpoint, String... options) throws Exception {
        return ExporterHarness.start(new OtlpGrpcExporterFactory(), endpoint + "\n" + String.join("\n", options));
    }

    private ExportRequest request() {
        return ExporterHarness.request(traces, 1 << 20);
    }

    static Stream<Arguments> statuses() {
        return Stream.of(
                argumentSet("CANCELLED", Status.Code.CANCELLED, SendOutcome.Kind.RETRYABLE),
                argumentSet("UNKNOWN", Status.Code.UNKNOWN, SendOutcome.Kind.PERMANENT),
                argumentSet("INVALID_ARGUMENT", Status.Code.INVALID_ARGUMENT, SendOutcome.Kind.PERMANENT),
                argumentSet("DEADLINE_EXCEEDED", Status.Code.DEADLINE_EXCEEDED, SendOutcome.Kind.RETRYABLE),
                argumentSet("NOT_FOUND", Status.Code.NOT_FOUND, SendOutcome.Kind.PERMANENT),
                argumentSet("ALREADY_EXISTS", Status.Code.ALREADY_EXISTS, SendOutcome.Kind.PERMANENT),
                argumentSet("PERMISSION_DENIED", Status.Code.PERMISSION_DENIED, SendOutcome.Kind.PERMANENT),
                argumentSet("RESOURCE_EXHAUSTED", Status.Code.RESOURCE_EXHAUSTED, SendOutcome.Kind.PERMANENT),
                argumentSet("FAILED_PRECONDITION", Status.Code.FAILED_PRECONDITION, SendOutcome.Kind.PERMANENT),
                argumentSet("ABORTED", Status.Code.ABORTED, SendOutcome.Kind.RETRYABLE),
                argumentSet("OUT_OF_RANGE", Status.Code.OUT_OF_RANGE, SendOutcome.Kind.RETRYABLE),
                argumentSet("UNIMPLEMENTED", Status.Code.UNIMPLEMENTED, SendOutcome.Kind.PERMANENT),
                argumentSet("INTERNAL", Status.Code.INTERNAL, SendOutcome.Kind.PERMANENT),
                argumentSet("UNAVAILABLE", Status.Code.UNAVAILABLE, SendOutcome.Kind.RETRYABLE),
                argumentSet("DATA_LOSS", Status.Code.DATA_LOSS, SendOutcome.Kind.RETRYABLE),
                argumentSet("UNAUTHENTICATED", Status.Code.UNAUTHENTICATED, SendOutcome.Kind.PERMANENT));
    }

    @ParameterizedTest
    @MethodSource("statuses")
    void aStatusIsRetriedAsTheSpecificationSays(Status.Code code, SendOutcome.Kind kind) throws Exception {
        sink.answer(SinkAnswer.grpc(code, "try\nlater"));
        try (ExporterHarness exporter = plain()) {
            SendOutcome outcome = exporter.send(request());
            assertThat(outcome.kind()).isEqualTo(kind);
            assertThat(outcome.retryDelayNanos()).isZero();
            assertThat(outcome.message()).isEqualTo(sink.grpcEndpoint() + " answered " + code + " (try later)");
        }
    }

    static Stream<Arguments> delays() {
        return Stream.of(
                argumentSet("unavailable", Status.Code.UNAVAILABLE, Duration.ofSeconds(7), SendOutcome.Kind.RETRYABLE),
                argumentSet(
                        "exhausted",
                        Status.Code.RESOURCE_EXHAUSTED,
                        Duration.ofMillis(1500),
                        SendOutcome.Kind.RETRYABLE),
                argumentSet(
                        "exhausted, at once",
                        Status.Code.RESOURCE_EXHAUSTED,
                        Duration.ZERO,
                        SendOutcome.Kind.RETRYABLE),
                argumentSet("internal", Status.Code.INTERNAL, Duration.ofSeconds(7), SendOutcome.Kind.PERMANENT));
    }

    @ParameterizedTest
    @MethodSource("delays")
    void retryInfoGivesTheDelay(Status.Code code, Duration delay, SendOutcome.Kind kind) throws Exception {
        sink.answer(SinkAnswer.grpc(code, "full").withRetryDelay(delay));
        try (ExporterHarness exporter = plain()) {
            SendOutcome outcome = exporter.send(request());
            assertThat(outcome.kind()).isEqualTo(kind);
            assertThat(outcome.retryDelayNanos()).isEqualTo(kind == SendOutcome.Kind.RETRYABLE ? delay.toNanos() : 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "zstd", "snappy", "none"})
    void requestsOfManySlicesArriveCompressedAndWhole(String compression) throws Exception {
        ExportTraceServiceRequest large = new OrderTraffic(Seeds.random(getClass(), "large")).message(20_000);
        assertThat(large.getSerializedSize()).isGreaterThan(4 << 20);
        try (ExporterHarness exporter = plain("compression: " + compression)) {
            assertThat(exporter.send(ExporterHarness.request(large, 65_521))).isEqualTo(SendOutcome.sent());
        }
        SinkRequest received = sink.received().get(0);
        assertThat(received.encoding()).isEqualTo(compression.equals("none") ? "" : compression);
        assertThat(received.traces()).isEqualTo(large);
    }

    @Test
    void everySignalGoesToItsService() throws Exception {
        OtlpGenerator generator = new OtlpGenerator(Seeds.random(getClass(), "signals"));
        List<Message> messages = List.of(generator.traces(), generator.metrics(), generator.logs());
        try (ExporterHarness exporter = plain()) {
            for (Message message : messages) {
                assertThat(exporter.send(ExporterHarness.request(message, 100))).isEqualTo(SendOutcome.sent());
            }
        }
        assertThat(sink.received()).extracting(SinkRequest::message).containsExactlyElementsOf(messages);
    }

    @Test
    void theEmptyRequestIsSent() throws Exception {
        try (ExporterHarness exporter = plain()) {
            assertThat(exporter.send(ExporterHarness.request(ExportTraceServiceRequest.getDefaultInstance(), 10)))
                    .isEqualTo(SendOutcome.sent());
        }
        assertThat(sink.received()).hasSize(1);
    }

    @Test
    void partialSuccessIsNotSentAgain() throws Exception {
        sink.next(SinkAnswer.partial(3, "3 spans are too old"), SinkAnswer.partial(0, "slow down soon"));
        try (ExporterHarness exporter = plain()) {
            assertThat(exporter.send(request())).isEqualTo(SendOutcome.partial(3, "3 spans are too old"));
            assertThat(exporter.send(request())).isEqualTo(SendOutcome.partial(0, "slow down soon"));
        }
    }

    @Test
    void headersAuthorityAndUserAgentAreSent() throws Exception {
        try (ExporterHarness exporter = plain(
                "authority: tempo.example",
                "user_agent: probe/1",
                "headers:",
                "  X-Scope-OrgID: tenant-1",
                "  trace-bin: bytes")) {
            exporter.send(request());
        }
        assertThat(sink.received().get(0).headers())
                .containsEntry(":authority", "tempo.example")
                .containsEntry("x-scope-orgid", "tenant-1")
                .containsEntry("trace-bin", "bytes")
                .hasEntrySatisfying("user-agent", value -> assertThat(value).startsWith("probe/1 grpc-java"));
    }

    @Test
    void nobodyListeningIsRetryable() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        try (ExporterHarness exporter = start("endpoint: http://127.0.0.1:" + port)) {
            SendOutcome outcome = exporter.send(request());
            assertThat(outcome)
                    .isEqualTo(SendOutcome.retryable(
                            "127.0.0.1:" + port + " answered UNAVAILABLE (connection refused)", 0));
        }
    }

    @Test
    void anUnknownHostIsRetryable() throws Exception {
        try (ExporterHarness exporter = start("endpoint: http://nowhere.invalid:4317")) {
            SendOutcome outcome = exporter.send(request());
            assertThat(outcome.kind()).isEqualTo(SendOutcome.Kind.RETRYABLE);
            assertThat(outcome.message()).contains("UNAVAILABLE", "nowhere.invalid");
        }
    }

    @Test
    void waitForReadyWaitsForABackendThatComes() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        try (ExporterHarness exporter =
                start("endpoint: http://127.0.0.1:" + port, "wait_for_ready: true", "timeout: 15s")) {
            CompletableFuture<SendOutcome> outcome = exporter.submit(request());
            try (OtlpSink late = OtlpSink.startAt(port)) {
                assertThat(outcome.get()).isEqualTo(SendOutcome.sent());
                assertThat(late.spanCount()).isEqualTo(100);
            }
        }
    }

    @Test
    void aSilentBackendIsGivenUpAfterTheTimeout() throws Exception {
        sink.answer(SinkAnswer.of(SinkAnswer.Manner.SILENT));
        try (ExporterHarness exporter = plain("timeout: 200ms")) {
            assertThat(exporter.send(request()))
                    .isEqualTo(SendOutcome.retryable(sink.grpcEndpoint() + " did not answer within 200ms", 0));
        }
    }

    @Test
    void aBackendThatGoesAwayIsRetryableAndFoundAgain() throws Exception {
        sink.next(SinkAnswer.of(SinkAnswer.Manner.RESET));
        try (ExporterHarness exporter = plain("timeout: 15s", "wait_for_ready: true")) {
            assertThat(exporter.send(request()).kind()).isEqualTo(SendOutcome.Kind.RETRYABLE);
            int port = sink.grpcPort();
            sink.close();
            try (OtlpSink again = OtlpSink.startAt(port)) {
                assertThat(exporter.send(request())).isEqualTo(SendOutcome.sent());
                assertThat(again.spanCount()).isEqualTo(100);
            }
        }
    }

    @Test
    void requestsAreMultiplexedOnOneConnection() throws Exception {
        sink.answer(SinkAnswer.ok().withDelay(Duration.ofMillis(100)));
        List<CompletableFuture<SendOutcome>> outcomes = new ArrayList<>();
        try (ExporterHarness exporter = plain()) {
            for (int count = 0; count < 20; count++) {
                outcomes.add(exporter.submit(request()));
            }
            for (CompletableFuture<SendOutcome> outcome : outcomes) {
                assertThat(outcome.get()).isEqualTo(SendOutcome.sent());
            }
        }
        assertThat(sink.received())
                .extracting(SinkRequest::remoteAddress)
                .hasSize(20)
                .containsOnly(sink.received().get(0).remoteAddress());
    }

    @Test
    void stoppingEndsWhatIsUnderWay() throws Exception {
        sink.answer(SinkAnswer.of(SinkAnswer.Manner.SILENT));
        CompletableFuture<SendOutcome> outcome;
        try (ExporterHarness exporter = plain()) {
            outcome = exporter.submit(request());
            org.awaitility.Awaitility.await().until(() -> !sink.received().isEmpty());
        }
        assertThat(outcome.get().kind()).isEqualTo(SendOutcome.Kind.RETRYABLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA"})
    void mutualTlsShowsTheCertificateAndVerifiesTheName(String algorithm, @TempDir Path directory) throws Exception {
        TestCertificates certificates = new TestCertificates(directory);
        TestCertificates.Identity server = certificates.issue("server", algorithm, "tempo.example");
        TestCertificates.Identity client = certificates.issue("client", algorithm);
        SslContext grpcTls = GrpcSslContexts.configure(SslContextBuilder.forServer(server.key(), server.certificate()))
                .trustManager(certificates.authority())
                .clientAuth(ClientAuth.REQUIRE)
                .build();
        try (OtlpSink secure = OtlpSink.startTls(grpcTls, null)) {
            String tls = """
                    tls:
                      ca_file: %s
                      cert_file: %s
                      key_file: %s
                    """.formatted(certificates.authorityFile(), client.certificateFile(), client.keyFile());
            String endpoint = "endpoint: " + secure.grpcEndpoint();
            try (ExporterHarness exporter = start(endpoint, tls + "  server_name_override: tempo.example")) {
                assertThat(exporter.send(request())).isEqualTo(SendOutcome.sent());
                assertThat(secure.received().get(0).headers()).containsEntry(":authority", "tempo.example");
            }
            try (ExporterHarness exporter = start(endpoint, tls)) {
                SendOutcome outcome = exporter.send(request());
                assertThat(outcome.kind()).isEqualTo(SendOutcome.Kind.RETRYABLE);
                assertThat(outcome.message()).contains("UNAVAILABLE", "127.0.0.1");
            }
            try (ExporterHarness exporter = start(endpoint, "tls:", "  insecure_skip_verify: true")) {
                assertThat(exporter.send(request()).message()).contains("UNAVAILABLE");
            }
            try (ExporterHarness exporter = start(endpoint, tls + "  insecure_skip_verify: true")) {
                assertThat(exporter.send(request())).isEqualTo(SendOutcome.sent());
            }
        }
    }

    @Test
    void aMissingCertificateStopsTheStart(@TempDir Path directory) {
        assertThatThrownBy(() -> start("endpoint: tempo:4317", "tls:", "  ca_file: " + directory.resolve("ca.pem")))
                .hasMessage("\"" + directory.resolve("ca.pem") + "\" does not exist");
    }
}
