package io.spanweir.exporter.otlphttp;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.spanweir.component.SendOutcome;
import io.spanweir.testkit.OrderTraffic;
import io.spanweir.testkit.Seeds;
import io.spanweir.testsink.ConnectProxy;
import io.spanweir.testsink.ExporterHarness;
import io.spanweir.testsink.OtlpSink;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OtlpHttpProxyTest {
    private final ExportTraceServiceRequest traces =
            new OrderTraffic(Seeds.random(OtlpHttpProxyTest.class, "traces")).message(100);

    private static ExporterHarness start(String yaml, String proxy) throws Exception {
        return ExporterHarness.start(new OtlpHttpExporterFactory(), yaml + "\nproxy_url: http://" + proxy);
    }

    private SendOutcome send(ExporterHarness exporter) throws Exception {
        return exporter.send(ExporterHarness.request(traces, 1000));
    }

    @ParameterizedTest
    @CsvSource({"http/1.1, http", "h2, h2"})
    void aTunnelLeadsToAnEncryptedTarget(String offered, String spoken, @TempDir Path directory) throws Exception {
        try (ConnectProxy proxy = ConnectProxy.start();
                SecureSink secure = SecureSink.start(directory, offered);
                ExporterHarness exporter = start(secure.options(), "user:p%40ss@" + proxy.authority())) {
            assertThat(send(exporter)).isEqualTo(SendOutcome.sent());
            assertThat(send(exporter)).isEqualTo(SendOutcome.sent());
            String target = "127.0.0.1:" + secure.sink().httpPort();
            assertThat(proxy.heads())
                    .singleElement()
                    .asString()
                    .startsWith("CONNECT " + target + " HTTP/1.1\r\n")
                    .contains("host: " + target + "\r\n", "proxy-authorization: Basic dXNlcjpwQHNz\r\n");
            assertThat(secure.sink().received()).hasSize(2).allSatisfy(received -> {
                assertThat(received.traces()).isEqualTo(traces);
                assertThat(received.protocol()).isEqualTo(spoken);
                assertThat(received.headers()).doesNotContainKey("proxy-authorization");
            });
        }
    }

    @Test
    void aPlainTextTargetIsNamedInTheRequest() throws Exception {
        try (ConnectProxy proxy = ConnectProxy.start();
                OtlpSink sink = OtlpSink.start();
                ExporterHarness exporter =
                        start("endpoint: " + sink.httpEndpoint() + "/base", "user:p%40ss@" + proxy.authority())) {
            assertThat(send(exporter)).isEqualTo(SendOutcome.sent());
            assertThat(send(exporter)).isEqualTo(SendOutcome.sent());
            assertThat(proxy.heads())
                    .singleElement()
                    .asString()
                    .startsWith("POST " + sink.httpEndpoint() + "/base/v1/traces HTTP/1.1\r\n")
                    .contains(
                            "host: 127.0.0.1:" + sink.httpPort() + "\r\n",
                            "proxy-authorization: Basic dXNlcjpwQHNz\r\n");
            assertThat(sink.received().get(1).traces()).isEqualTo(traces);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https, HTTP/1.1 407 Proxy Authentication Required, RETRYABLE, "
                + "is not reachable (the proxy answered 407 Proxy Authentication Required)",
        "https, HTTP/1.1 204 No Content, RETRYABLE, is not reachable (the proxy answered 204 No Content)",
        "https, '', RETRYABLE, is not reachable (the proxy closed the connection before it had answered)",
        "http, HTTP/1.1 407 Proxy Authentication Required, PERMANENT, answered 407 Proxy Authentication Required",
        "http, HTTP/1.1 503 Service Unavailable, RETRYABLE, answered 503 Service Unavailable",
        "http, '', RETRYABLE, closed the connection before it had answered"
    })
    void whatAProxyRefusesNamesTheProxy(String scheme, String answer, SendOutcome.Kind kind, String message)
            throws Exception {
        try (ConnectProxy proxy = ConnectProxy.refusing(answer);
                ExporterHarness exporter =
                        start("endpoint: " + scheme + "://backend.example:4318", proxy.authority())) {
            SendOutcome outcome = send(exporter);
            assertThat(outcome.message())
                    .isEqualTo("backend.example:4318 through proxy " + proxy.authority() + " " + message);
            assertThat(outcome.kind()).isEqualTo(kind);
        }
    }

    @Test
    void aProxyThatIsNotThereIsRetryable() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        try (ExporterHarness exporter = start("endpoint: https://backend.example:4318", "localhost:" + port)) {
            assertThat(send(exporter))
                    .isEqualTo(SendOutcome.retryable(
                            "backend.example:4318 through proxy localhost:" + port
                                    + " is not reachable (the proxy is not: connection refused)",
                            0));
        }
    }

    @Test
    void aProxyThatSaysNothingTimesOut() throws Exception {
        try (ServerSocket silent = new ServerSocket(0);
                ExporterHarness exporter = start(
                        "endpoint: https://backend.example:4318\ntimeout: 200ms",
                        "localhost:" + silent.getLocalPort())) {
            assertThat(send(exporter))
                    .isEqualTo(SendOutcome.retryable(
                            "backend.example:4318 through proxy localhost:" + silent.getLocalPort()
                                    + " did not answer within 200ms",
                            0));
        }
    }
}
