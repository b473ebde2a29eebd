package io.spanweir.exporter.otlphttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.google.protobuf.Message;
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
import io.spanweir.time.ManualClock;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OtlpHttpExporterTest {
    private final ExportTraceServiceRequest traces =
            new OrderTraffic(Seeds.random(OtlpHttpExporterTest.class, "traces")).message(100);
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
        return start("endpoint: " + sink.httpEndpoint(), options);
    }

    private static ExporterHarness start(String endpoint, String... options) throws Exception {
        return ExporterHarness.start(
                new OtlpHttpExporterFactory(), endpoint + "\n" + String.join("\n", options), new ManualClock());
    }

    private ExportRequest request() {
        return ExporterHarness.request(traces, 1 << 20);
    }

    private String peer() {
        return "127.0.0.1:" + sink.httpPort();
    }

    @ParameterizedTest
    @CsvSource({
        "400, PERMANENT", "401, PERMANENT", "403, PERMANENT", "404, PERMANENT", "408, PERMANENT", "413, PERMANENT",
        "415, PERMANENT", "429, RETRYABLE", "500, PERMANENT", "501, PERMANENT", "502, RETRYABLE", "503, RETRYABLE",
        "504, RETRYABLE", "505, PERMANENT"
    })
    void aStatusIsRetriedAsTheSpecificationSays(int status, SendOutcome.Kind kind) throws Exception {
        sink.answer(SinkAnswer.http(status, "what the server said"));
        try (ExporterHarness exporter = plain()) {
            SendOutcome outcome = exporter.send(request());
            assertThat(outcome.kind()).isEqualTo(kind);
            assertThat(outcome.message())
                    .startsWith(peer() + " answered " + status + " ")
                    .endsWith("(what the server said)");
            assertThat(outcome.retryDelayNanos()).isZero();
        }
    }

    static Stream<Arguments> retryAfters() {
        return Stream.of(
                argumentSet("seconds", 503, "7", 7_000_000_000L),
                argumentSet("zero", 429, "0", 0L),
                argumentSet("a date in 40 s", 503, "Tue, 14 Nov 2023 22:14:00 GMT", 40_000_000_000L),
                argumentSet("a date in the past", 503, "Tue, 14 Nov 2023 22:13:00 GMT", 0L),
                argumentSet("far away", 503, "99999999999", 86_400_000_000_000L),
                argumentSet("nonsense", 503, "soon", 0L),
                argumentSet("of a permanent answer", 400, "7", 0L));
    }

    @ParameterizedTest
    @MethodSource("retryAfters")
    void retryAfterGivesTheDelay(int status, String value, long delayNanos) throws Exception {
        sink.answer(SinkAnswer.http(status, "").withHeader("retry-after", value));
        try (ExporterHarness exporter = plain()) {
            assertThat(exporter.send(request()).retryDelayNanos()).isEqualTo(delayNanos);
        }
    }

    static Stream<Arguments> errorBodies() {
        return Stream.of(
                argumentSet(
                        "JSON status",
                        "application/json",
                        "{\"code\":3,\"message\":\"bad \\u0022span\\u0022\"}",
                        "(bad \"span\")"),
                argumentSet(
                        "JSON of another kind",
                        "application/json; charset=utf-8",
                        "{\"error\":\"x\"}",
                        "({\"error\":\"x\"})"),
                argumentSet("text", "text/plain", "upstream\r\n\trefused\u0000", "(upstream refused)"),
                argumentSet("HTML is left out", "text/html", "<html><body>502</body></html>", "502 Bad Gateway"),
                argumentSet("broken protobuf", "application/x-protobuf", "\u0012\u007fhello", "502 Bad Gateway"),
                argumentSet("long text", "text/plain", "x".repeat(100_000), "x…)"));
    }

    @ParameterizedTest
    @MethodSource("errorBodies")
    void theErrorBodyBecomesOneBoundedLine(String contentType, String body, String end) throws Exception {
        sink.answer(SinkAnswer.http(502, "").withBody(contentType, body));
        try (ExporterHarness exporter = plain()) {
            assertThat(exporter.send(request()).message())
                    .endsWith(end)
                    .hasSizeLessThan(700)
                    .matches("[^\\x00-\\x1f]*");
        }
    }

    @Test
    void redirectsAreNotFollowed() throws Exception {
        sink.answer(SinkAnswer.http(308, "").withHeader("location", "https://elsewhere.example/"));
        try (ExporterHarness exporter = plain()) {
            assertThat(exporter.send(request()))
                    .isEqualTo(
                            SendOutcome.permanent(
                                    peer()
                                            + " answered 308 Permanent Redirect (redirects are not followed; it points to https://elsewhere.example/)"));
        }
        assertThat(sink.received()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"proto", "json"})
    void partialSuccessIsNotSentAgain(String encoding) throws Exception {
        sink.next(SinkAnswer.partial(3, "3 spans are too old"), SinkAnswer.partial(0, ""));
        try (ExporterHarness exporter = plain("encoding: " + encoding)) {
            assertThat(exporter.send(request())).isEqualTo(SendOutcome.partial(3, "3 spans are too old"));
            assertThat(exporter.send(request())).isEqualTo(SendOutcome.sent());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "zstd", "snappy", "x-snappy-framed", "zlib", "deflate", "lz4", "none"})
    void requestsOfManySlicesArriveCompressedAndWhole(String compression) throws Exception {
        ExportTraceServiceRequest large = new OrderTraffic(Seeds.random(getClass(), "large")).message(20_000);
        try (ExporterHarness exporter = plain("compression: " + compression)) {
            assertThat(exporter.send(ExporterHarness.request(large, 65_521))).isEqualTo(SendOutcome.sent());
        }
        SinkRequest received = sink.received().get(0);
        assertThat(received.encoding()).isEqualTo(compression.equals("none") ? "" : compression);
        assertThat(received.traces()).isEqualTo(large);
        if (!compression.equals("none")) {
            assertThat(received.wireLength()).isLessThan(large.getSerializedSize() / 2);
        }
    }

    @Test
    void theLevelOfTheCompressionCounts() throws Exception {
        try (ExporterHarness fast = plain("compression_params: {level: 1}");
                ExporterHarness small = plain("compression_params: {level: 9}")) {
            fast.send(request());
            small.send(request());
        }
        assertThat(sink.received().get(1).wireLength())
                .isLessThan(sink.received().get(0).wireLength());
    }

    @Test
    void everySignalGoesToItsPath() throws Exception {
        OtlpGenerator generator = new OtlpGenerator(Seeds.random(getClass(), "signals"));
        List<Message> messages = List.of(generator.traces(), generator.metrics(), generator.logs());
        try (ExporterHarness exporter = start(
                "endpoint: " + sink.httpEndpoint() + "/otlp/",
                "logs_endpoint: " + sink.httpEndpoint() + "/loki/logs?tenant=1")) {
            for (Message message : messages) {
                assertThat(exporter.send(ExporterHarness.request(message, 100))).isEqualTo(SendOutcome.sent());
            }
        }
        assertThat(sink.received()).extracting(SinkRequest::message).containsExactlyElementsOf(messages);
        assertThat(sink.received())
                .extracting(SinkRequest::path)
                .containsExactly("/otlp/v1/traces", "/otlp/v1/metrics", "/loki/logs?tenant=1");
    }

    @Test
    void aSignalWithoutEndpointIsPermanent() throws Exception {
        try (ExporterHarness exporter = start("logs_endpoint: " + sink.httpEndpoint() + "/logs")) {
            assertThat(exporter.send(request()))
                    .isEqualTo(
                            SendOutcome.permanent("there is no endpoint for traces; set endpoint or traces_endpoint"));
        }
    }

    @Test
    void jsonIsWhatTheOracleReads() throws Exception {
        try (ExporterHarness exporter = plain("encoding: json")) {
            assertThat(exporter.send(ExporterHarness.request(traces, 1000))).isEqualTo(SendOutcome.sent());
        }
        SinkRequest received = sink.received().get(0);
        assertThat(received.headers()).containsEntry("content-type", "application/json");
        String first = traces.getResourceSpans(0).getScopeSpans(0).getSpans(0).getName();
        assertThat(new String(received.body(), StandardCharsets.UTF_8))
                .startsWith("{\"resourceSpans\":[")
                .contains("\"name\":\"" + first + "\"");
    }

    @Test
    void headersAreSentAndHostMayBeSet() throws Exception {
        try (ExporterHarness exporter = plain("headers:", "  X-Scope-OrgID: tenant-1", "  Host: tempo.example")) {
            exporter.send(request());
        }
        assertThat(sink.received().get(0).headers())
                .containsEntry("x-scope-orgid", "tenant-1")
                .containsEntry("host", "tempo.example")
                .containsEntry("content-type", "application/x-protobuf")
                .hasEntrySatisfying("user-agent", value -> assertThat(value).startsWith("Spanweir/"));
    }

    @Test
    void connectionsAreKeptAndUsedAgain() throws Exception {
        try (ExporterHarness exporter = plain()) {
            for (int count = 0; count < 5; count++) {
                assertThat(exporter.send(request())).isEqualTo(SendOutcome.sent());
            }
        }
        assertThat(sink.httpConnectionCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"0, 4", "1, 1", "3, 3"})
    void asManyConnectionsAsAllowedWorkAtOnce(int max, int expected) throws Exception {
        sink.answer(SinkAnswer.ok().withDelay(Duration.ofMillis(50)));
        List<CompletableFuture<SendOutcome>> outcomes = new ArrayList<>();
        try (ExporterHarness exporter = plain("max_conns_per_host: " + max)) {
            for (int count = 0; count < 4; count++) {
                outcomes.add(exporter.submit(request()));
            }
            for (CompletableFuture<SendOutcome> outcome : outcomes) {
                assertThat(outcome.get()).isEqualTo(SendOutcome.sent());
            }
        }
        assertThat(sink.httpConnectionCount()).isEqualTo(expected);
    }

    static Stream<Arguments> unkept() {
        return Stream.of(
                argumentSet("the client does not want it", "disable_keep_alives: true", SinkAnswer.ok()),
                argumentSet("the server does not want it", "", SinkAnswer.ok().withHeader("connection", "close")),
                argumentSet("it was idle for too long", "idle_conn_timeout: 1ns", SinkAnswer.ok()));
    }

    @ParameterizedTest
    @MethodSource("unkept")
    void aConnectionIsNotKeptWhen(String option, SinkAnswer answer) throws Exception {
        sink.answer(answer);
        try (ExporterHarness exporter = plain(option)) {
            assertThat(exporter.send(request())).isEqualTo(SendOutcome.sent());
            await().until(() -> sink.openHttpConnectionCount() == 0);
            assertThat(exporter.send(request())).isEqualTo(SendOutcome.sent());
        }
        assertThat(sink.httpConnectionCount()).isEqualTo(2);
    }

    @Test
    void aKeptConnectionThatTheServerClosesUnderARequestIsReplacedAtOnce() throws Exception {
        try (ExporterHarness exporter = plain()) {
            assertThat(exporter.send(request())).isEqualTo(SendOutcome.sent());
            sink.next(SinkAnswer.of(SinkAnswer.Manner.RESET));
            assertThat(exporter.send(request())).isEqualTo(SendOutcome.sent());
            assertThat(sink.received()).hasSize(3);
            sink.dropHttpConnections();
            assertThat(exporter.send(request())).isEqualTo(SendOutcome.sent());
        }
    }

    @Test
    void aNewConnectionThatTheServerClosesIsRetryable() throws Exception {
        sink.answer(SinkAnswer.of(SinkAnswer.Manner.RESET));
        try (ExporterHarness exporter = plain()) {
            assertThat(exporter.send(request()))
                    .isEqualTo(SendOutcome.retryable(peer() + " closed the connection before it had answered", 0));
        }
        assertThat(sink.received()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SILENT", "TRICKLE"})
    void anAnswerThatNeverEndsIsGivenUpAfterTheTimeout(SinkAnswer.Manner manner) throws Exception {
        sink.next(SinkAnswer.of(manner));
        try (ExporterHarness exporter = plain("timeout: 200ms", "max_conns_per_host: 1")) {
            assertThat(exporter.send(request()))
                    .isEqualTo(SendOutcome.retryable(peer() + " did not answer within 200ms", 0));
            assertThat(exporter.send(request()))
                    .as("the place of the connection is free again")
                    .isEqualTo(SendOutcome.sent());
        }
    }

    @Test
    void aWaitingRequestTimesOutToo() throws Exception {
        sink.answer(SinkAnswer.of(SinkAnswer.Manner.SILENT));
        try (ExporterHarness exporter = plain("timeout: 200ms", "max_conns_per_host: 1")) {
            CompletableFuture<SendOutcome> first = exporter.submit(request());
            CompletableFuture<SendOutcome> second = exporter.submit(request());
            assertThat(first.get().kind()).isEqualTo(SendOutcome.Kind.RETRYABLE);
            assertThat(second.get().kind()).isEqualTo(SendOutcome.Kind.RETRYABLE);
        }
    }

    @Test
    void anAnswerBeyondTheLimitIsCut() throws Exception {
        sink.next(SinkAnswer.ok().withBody("application/x-protobuf", new byte[(4 << 20) + 1]));
        try (ExporterHarness exporter = plain()) {
            SendOutcome outcome = exporter.send(request());
            assertThat(outcome.kind()).isEqualTo(SendOutcome.Kind.SENT);
            assertThat(outcome.message()).contains("longer than 4194304 bytes");
            assertThat(exporter.send(request())).isEqualTo(SendOutcome.sent());
        }
    }

    @Test
    void nobodyListeningIsRetryable() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        try (ExporterHarness exporter = start("endpoint: http://localhost:" + port)) {
            assertThat(exporter.send(request()))
                    .isEqualTo(
                            SendOutcome.retryable("localhost:" + port + " is not reachable (connection refused)", 0));
        }
    }

    @Test
    void anUnknownHostIsRetryable() throws Exception {
        try (ExporterHarness exporter = start("endpoint: http://nowhere.invalid:4318")) {
            assertThat(exporter.send(request()))
                    .isEqualTo(SendOutcome.retryable(
                            "nowhere.invalid:4318 is not reachable (the name nowhere.invalid is not known)", 0));
        }
    }

    @Test
    void somethingThatIsNoHttpIsRetryable() throws Exception {
        try (ExporterHarness exporter = start("endpoint: http://" + sink.grpcEndpoint())) {
            assertThat(exporter.send(request()).kind()).isEqualTo(SendOutcome.Kind.RETRYABLE);
        }
    }

    @Test
    void stoppingEndsWhatIsUnderWay() throws Exception {
        sink.answer(SinkAnswer.of(SinkAnswer.Manner.SILENT));
        CompletableFuture<SendOutcome> outcome;
        try (ExporterHarness exporter = plain()) {
            outcome = exporter.submit(request());
            await().until(() -> !sink.received().isEmpty());
        }
        assertThat(outcome.get().kind()).isEqualTo(SendOutcome.Kind.RETRYABLE);
    }

    @Test
    void mutualTlsShowsTheCertificateAndVerifiesTheName(@TempDir Path directory) throws Exception {
        TestCertificates certificates = new TestCertificates(directory);
        TestCertificates.Identity server = certificates.issue("server", "EC", "tempo.example");
        TestCertificates.Identity client = certificates.issue("client", "RSA");
        SslContext context = SslContextBuilder.forServer(server.key(), server.certificate())
                .trustManager(certificates.authority())
                .clientAuth(ClientAuth.REQUIRE)
                .build();
        try (OtlpSink secure = OtlpSink.startTls(null, context)) {
            String tls = """
                    tls:
                      ca_file: %s
                      cert_file: %s
                      key_file: %s
                    """.formatted(certificates.authorityFile(), client.certificateFile(), client.keyFile());
            String endpoint = "endpoint: " + secure.httpEndpoint();
            try (ExporterHarness exporter = start(endpoint, tls + "  server_name_override: tempo.example")) {
                assertThat(exporter.send(request())).isEqualTo(SendOutcome.sent());
                assertThat(exporter.send(request())).isEqualTo(SendOutcome.sent());
            }
            try (ExporterHarness exporter = start(endpoint, tls)) {
                SendOutcome outcome = exporter.send(request());
                assertThat(outcome.kind()).isEqualTo(SendOutcome.Kind.RETRYABLE);
                assertThat(outcome.message()).contains("TLS handshake", "127.0.0.1");
            }
            try (ExporterHarness exporter = start(endpoint, tls + "  insecure_skip_verify: true")) {
                assertThat(exporter.send(request())).isEqualTo(SendOutcome.sent());
            }
            try (ExporterHarness exporter =
                    start(endpoint, tls + "  max_version: \"1.2\"\n  insecure_skip_verify: true")) {
                assertThat(exporter.send(request())).isEqualTo(SendOutcome.sent());
            }
            try (ExporterHarness exporter = start(endpoint)) {
                assertThat(exporter.send(request()).message()).contains("TLS handshake");
            }
        }
    }
}
