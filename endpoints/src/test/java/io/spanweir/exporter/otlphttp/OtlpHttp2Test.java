package io.spanweir.exporter.otlphttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.spanweir.component.SendOutcome;
import io.spanweir.testkit.OrderTraffic;
import io.spanweir.testkit.Seeds;
import io.spanweir.testsink.ExporterHarness;
import io.spanweir.testsink.SinkAnswer;
import io.spanweir.testsink.SinkRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HTTP/2, and when it is not spoken. */
class OtlpHttp2Test {
    private static final String HTTP_2 = "h2";
    private static final String HTTP_1_1 = "http/1.1";

    private final ExportTraceServiceRequest traces =
            new OrderTraffic(Seeds.random(OtlpHttp2Test.class, "traces")).message(100);

    @TempDir
    private Path directory;

    private static ExporterHarness start(SecureSink secure, String... options) throws Exception {
        return ExporterHarness.start(new OtlpHttpExporterFactory(), secure.options(options));
    }

    private SendOutcome send(ExporterHarness exporter) throws Exception {
        return exporter.send(ExporterHarness.request(traces, 1000));
    }

    private List<SendOutcome> sendAtOnce(ExporterHarness exporter, int count) throws Exception {
        List<CompletableFuture<SendOutcome>> submitted = new ArrayList<>();
        for (int sent = 0; sent < count; sent++) {
            submitted.add(exporter.submit(ExporterHarness.request(traces, 1000)));
        }
        List<SendOutcome> outcomes = new ArrayList<>();
        for (CompletableFuture<SendOutcome> outcome : submitted) {
            outcomes.add(outcome.get(20, TimeUnit.SECONDS));
        }
        return outcomes;
    }

    @ParameterizedTest
    @CsvSource({
        "h2 http/1.1, '', h2",
        "h2, '', h2",
        "http/1.1, '', http",
        "'', '', http",
        "h2 http/1.1, force_attempt_http2: false, http",
        "h2 http/1.1, disable_keep_alives: true, http"
    })
    void theBestProtocolThatBothSidesTakeIsSpoken(String offered, String option, String spoken) throws Exception {
        String[] protocols = offered.isEmpty() ? new String[0] : offered.split(" ");
        try (SecureSink secure = SecureSink.start(directory, protocols);
                ExporterHarness exporter = start(secure, option)) {
            assertThat(sendAtOnce(exporter, 3)).containsOnly(SendOutcome.sent());
            assertThat(secure.sink().received())
                    .hasSize(3)
                    .extracting(SinkRequest::protocol)
                    .containsOnly(spoken);
        }
    }

    @Test
    void allRequestsShareOneConnectionEvenBeyondTheStreamsThatTheServerAllows() throws Exception {
        try (SecureSink secure = SecureSink.start(directory, HTTP_2, HTTP_1_1);
                ExporterHarness exporter = start(secure, "headers: {x-scope-orgid: tenant-1}")) {
            secure.sink().answer(SinkAnswer.ok().withDelay(Duration.ofMillis(20)));
            assertThat(sendAtOnce(exporter, 20)).containsOnly(SendOutcome.sent());
            assertThat(secure.sink().httpConnectionCount()).isEqualTo(1);
            assertThat(secure.sink().received()).hasSize(20).allSatisfy(received -> {
                assertThat(received.traces()).isEqualTo(traces);
                assertThat(received.path()).isEqualTo("/v1/traces");
                assertThat(received.headers())
                        .containsEntry("x-scope-orgid", "tenant-1")
                        .containsEntry("host", "127.0.0.1:" + secure.sink().httpPort());
            });
        }
    }

    @Test
    void aBodyBeyondTheWindowsArrivesWhole() throws Exception {
        ExportTraceServiceRequest large = new OrderTraffic(Seeds.random(getClass(), "large")).message(20_000);
        try (SecureSink secure = SecureSink.start(directory, HTTP_2);
                ExporterHarness exporter = start(secure, "compression: none")) {
            assertThat(exporter.send(ExporterHarness.request(large, 65_521))).isEqualTo(SendOutcome.sent());
            assertThat(secure.sink().received().get(0).traces()).isEqualTo(large);
        }
    }

    @Test
    void anAnswerIsReadAsWithHttp1() throws Exception {
        try (SecureSink secure = SecureSink.start(directory, HTTP_2);
                ExporterHarness exporter = start(secure)) {
            secure.sink()
                    .next(
                            SinkAnswer.http(503, "busy").withHeader("retry-after", "7"),
                            SinkAnswer.partial(3, "3 spans are too old"),
                            SinkAnswer.ok().withBody("application/x-protobuf", new byte[(4 << 20) + 1]));
            String peer = "127.0.0.1:" + secure.sink().httpPort();
            assertThat(send(exporter))
                    .isEqualTo(
                            SendOutcome.retryable(peer + " answered 503 Service Unavailable (busy)", 7_000_000_000L));
            assertThat(send(exporter)).isEqualTo(SendOutcome.partial(3, "3 spans are too old"));
            assertThat(send(exporter).message()).contains("longer than 4194304 bytes");
            assertThat(send(exporter)).isEqualTo(SendOutcome.sent());
            assertThat(secure.sink().httpConnectionCount()).isEqualTo(1);
        }
    }

    @Test
    void aTimeoutEndsTheStreamAndNotTheConnection() throws Exception {
        try (SecureSink secure = SecureSink.start(directory, HTTP_2);
                ExporterHarness exporter = start(secure, "timeout: 500ms")) {
            assertThat(send(exporter)).isEqualTo(SendOutcome.sent());
            secure.sink().next(SinkAnswer.of(SinkAnswer.Manner.SILENT));
            assertThat(send(exporter).message()).endsWith("did not answer within 500ms");
            assertThat(send(exporter)).isEqualTo(SendOutcome.sent());
            assertThat(secure.sink().httpConnectionCount()).isEqualTo(1);
        }
    }

    @Test
    void aStreamThatTheServerResetsIsSentOnceMore() throws Exception {
        try (SecureSink secure = SecureSink.start(directory, HTTP_2);
                ExporterHarness exporter = start(secure)) {
            assertThat(send(exporter)).isEqualTo(SendOutcome.sent());
            secure.sink().next(SinkAnswer.of(SinkAnswer.Manner.RESET));
            assertThat(send(exporter)).isEqualTo(SendOutcome.sent());
            secure.sink().answer(SinkAnswer.of(SinkAnswer.Manner.RESET));
            SendOutcome outcome = send(exporter);
            assertThat(outcome.kind()).isEqualTo(SendOutcome.Kind.RETRYABLE);
            assertThat(outcome.message()).contains("did not answer (the request was reset with ");
            assertThat(secure.sink().received()).hasSize(5);
        }
    }

    @Test
    void aClosedConnectionIsReplaced() throws Exception {
        try (SecureSink secure = SecureSink.start(directory, HTTP_2);
                ExporterHarness exporter = start(secure)) {
            assertThat(send(exporter)).isEqualTo(SendOutcome.sent());
            secure.sink().dropHttpConnections();
            assertThat(sendAtOnce(exporter, 3)).containsOnly(SendOutcome.sent());
            assertThat(secure.sink().httpConnectionCount()).isEqualTo(2);
        }
    }

    @Test
    void anIdleConnectionIsClosedAfterItsTime() throws Exception {
        try (SecureSink secure = SecureSink.start(directory, HTTP_2);
                ExporterHarness exporter = start(secure, "idle_conn_timeout: 1ns")) {
            assertThat(send(exporter)).isEqualTo(SendOutcome.sent());
            await().until(() -> secure.sink().openHttpConnectionCount() == 0);
            assertThat(send(exporter)).isEqualTo(SendOutcome.sent());
            assertThat(secure.sink().httpConnectionCount()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @CsvSource({"true, did not answer within 2s", "false, closed the connection before it had answered"})
    void aSilentConnectionIsClosedWhenItDoesNotAnswerAPing(boolean answered, String end) throws Exception {
        try (SecureSink secure = SecureSink.start(directory, HTTP_2);
                ExporterHarness exporter =
                        start(secure, "timeout: 2s", "http2_read_idle_timeout: 50ms", "http2_ping_timeout: 200ms")) {
            if (!answered) {
                secure.sink().ignorePings();
            }
            secure.sink().answer(SinkAnswer.of(SinkAnswer.Manner.SILENT));
            assertThat(send(exporter).message()).endsWith(end);
        }
    }

    @Test
    void stoppingEndsWhatIsUnderWay() throws Exception {
        CompletableFuture<SendOutcome> first;
        CompletableFuture<SendOutcome> connecting;
        try (SecureSink secure = SecureSink.start(directory, HTTP_2)) {
            secure.sink().next(SinkAnswer.ok(), SinkAnswer.of(SinkAnswer.Manner.SILENT));
            try (ExporterHarness exporter = start(secure)) {
                assertThat(send(exporter)).isEqualTo(SendOutcome.sent());
                first = exporter.submit(ExporterHarness.request(traces, 1000));
            }
            try (ExporterHarness exporter = start(secure)) {
                connecting = exporter.submit(ExporterHarness.request(traces, 1000));
            }
        }
        assertThat(first.get(5, TimeUnit.SECONDS).kind()).isEqualTo(SendOutcome.Kind.RETRYABLE);
        assertThat(connecting.get(5, TimeUnit.SECONDS).kind()).isEqualTo(SendOutcome.Kind.RETRYABLE);
    }
}
