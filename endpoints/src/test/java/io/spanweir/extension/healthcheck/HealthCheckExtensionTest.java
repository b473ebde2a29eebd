package io.spanweir.extension.healthcheck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spanweir.component.ComponentId;
import io.spanweir.component.EngineStatus;
import io.spanweir.component.Extension;
import io.spanweir.component.ExtensionContext;
import io.spanweir.config.ConfigNode;
import io.spanweir.config.Problems;
import io.spanweir.telemetry.MetricRegistry;
import io.spanweir.time.Clock;
import io.spanweir.time.ManualClock;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthCheckExtensionTest {
    private final ManualClock clock = new ManualClock();
    private final Context context = new Context();
    private Extension extension;

    private final class Context implements ExtensionContext, EngineStatus {
        private volatile boolean healthy = true;
        private volatile String reason = "";
        private volatile InetSocketAddress address;
        private final long upSinceUnixNanos = clock.unixNanos();

        @Override
        public ComponentId id() {
            return new ComponentId("health_check", "");
        }

        @Override
        public Clock clock() {
            return clock;
        }

        @Override
        public MetricRegistry metrics() {
            return new MetricRegistry();
        }

        @Override
        public EngineStatus status() {
            return this;
        }

        @Override
        public void listening(String what, InetSocketAddress where) {
            address = where;
        }

        @Override
        public State state() {
            return healthy ? State.RUNNING : State.STARTING;
        }

        @Override
        public boolean healthy() {
            return healthy;
        }

        @Override
        public String reason() {
            return reason;
        }

        @Override
        public long upSinceUnixNanos() {
            return healthy ? upSinceUnixNanos : 0;
        }
    }

    private void start(String yaml) throws Exception {
        Problems problems = new Problems();
        var config = ConfigNode.parse("test.yaml", yaml, problems).decode(new HealthCheckExtensionFactory()::decode);
        assertThat(problems.list()).isEmpty();
        extension = config.build(context);
        extension.start();
    }

    @AfterEach
    void stop() {
        if (extension != null) {
            extension.stop();
        }
    }

    private HttpResponse<String> request(String method, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + context.address.getPort() + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .timeout(Duration.ofSeconds(10))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void theAnswerFollowsTheEngine() throws Exception {
        start("endpoint: 127.0.0.1:0");
        clock.advance(Duration.ofMillis(3_723_250));
        HttpResponse<String> up = request("GET", "/");
        assertThat(up.statusCode()).isEqualTo(200);
        assertThat(up.headers().firstValue("content-type")).contains("application/json");
        assertThat(up.body())
                .isEqualTo(
                        "{\"status\":\"Server available\",\"upSince\":\"2023-11-14T22:13:20Z\",\"uptime\":\"1h2m3.25s\"}");

        context.reason = "lane 1 has \"not\" moved for 12 s";
        context.healthy = false;
        HttpResponse<String> down = request("GET", "/");
        assertThat(down.statusCode()).isEqualTo(503);
        assertThat(down.body())
                .isEqualTo("{\"status\":\"Server not available\",\"upSince\":\"\",\"uptime\":\"\","
                        + "\"reason\":\"lane 1 has \\\"not\\\" moved for 12 s\"}");
    }

    @Test
    void theBodyCanBeChosen() throws Exception {
        start("endpoint: 127.0.0.1:0\npath: /health\nresponse_body: {healthy: fine, unhealthy: ill}");
        assertThat(request("GET", "/health").body()).isEqualTo("fine");
        context.healthy = false;
        assertThat(request("GET", "/health").body()).isEqualTo("ill");
        assertThat(request("GET", "/health").statusCode()).isEqualTo(503);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /health, 200",
        "HEAD, /health, 200",
        "GET, /health?verbose, 200",
        "GET, /, 404",
        "POST, /health, 405"
    })
    void onlyThePathIsAnswered(String method, String path, int status) throws Exception {
        start("endpoint: 127.0.0.1:0\npath: /health");
        assertThat(request(method, path).statusCode()).isEqualTo(status);
    }

    @Test
    void aTakenPortStopsTheStart() throws Exception {
        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress("127.0.0.1", 0));
            assertThatThrownBy(() -> start("endpoint: 127.0.0.1:" + taken.getLocalPort()))
                    .hasMessage("cannot listen on 127.0.0.1:" + taken.getLocalPort() + " (address already in use)");
        }
    }

    @Test
    void anOptionWithoutMeaningIsTold() {
        Problems problems = new Problems();
        var config = ConfigNode.parse("test.yaml", "check_collector_pipeline: {enabled: true}\npath: health", problems)
                .decode(HealthCheckConfig::decode);
        assertThat(problems.toString())
                .contains("check_collector_pipeline: has no effect")
                .contains("path: \"health\" does not begin with \"/\"");
        assertThat(config.server().endpoint()).hasToString("localhost:13133");
    }

    @ParameterizedTest
    @CsvSource({"0, 0s", "250, 0.25s", "59999, 59.999s", "60000, 1m0s", "3600000, 1h0m0s", "-5, 0s"})
    void uptimeIsWrittenAsGoWritesIt(long millis, String text) {
        assertThat(HealthCheckExtension.uptime(Duration.ofMillis(millis))).isEqualTo(text);
    }
}
