package io.spanweir.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.spanweir.Spanweir;
import io.spanweir.config.ConfigLoader;
import io.spanweir.config.Problems;
import io.spanweir.graph.Topology;
import io.spanweir.telemetry.Metric;
import io.spanweir.telemetry.MetricRegistry;
import io.spanweir.telemetry.PrometheusText;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code docs/metrics.md} and a scrape against a running engine with every component that counts. */
class MetricsPageTest {
    private static final String BEGIN = "<!-- begin: written by MetricsPageTest -->\n";
    private static final String END = "<!-- end -->\n";

    private static final String CONFIG = """
            receivers:
              otlp:
                protocols: {grpc: {endpoint: "127.0.0.1:0"}, http: {endpoint: "127.0.0.1:0"}}
            processors:
              memory_limiter: {check_interval: 1s, limit_percentage: 80}
              tail_sampling: {decision_wait: 1s, policies: [{name: all, type: always_sample}]}
              batch:
            exporters:
              nop:
              otlp_grpc: {endpoint: "127.0.0.1:9", tls: {insecure: true}, retry_on_failure: {enabled: false}}
              otlp_http: {endpoint: "http://127.0.0.1:9", retry_on_failure: {enabled: false}}
            extensions:
              health_check: {endpoint: "127.0.0.1:0"}
            service:
              extensions: [health_check]
              telemetry:
                metrics:
                  readers:
                    - pull: {exporter: {prometheus: {host: 127.0.0.1, port: 0}}}
                    - pull:
                        exporter:
                          prometheus: {host: 127.0.0.1, port: 0, without_units: true, without_type_suffix: true}
              pipelines:
                traces:
                  receivers: [otlp]
                  processors: [memory_limiter, tail_sampling, batch]
                  exporters: [nop, otlp_grpc, otlp_http]
                metrics: {receivers: [otlp], processors: [memory_limiter, batch], exporters: [nop, otlp_grpc, otlp_http]}
                logs: {receivers: [otlp], processors: [memory_limiter, batch], exporters: [nop, otlp_grpc, otlp_http]}
            engine: {memory: 32MiB}
            """;

    private final HttpClient client = HttpClient.newHttpClient();
    private Gateway gateway;

    @BeforeEach
    void start() throws Exception {
        Problems problems = new Problems();
        Topology topology =
                Topology.decode(ConfigLoader.system().loadText("test", CONFIG, problems), Spanweir.components());
        assertThat(problems.errors()).isEmpty();
        gateway = Gateway.start(topology);
        InetSocketAddress http = gateway.addresses().get("otlp/http");
        for (String signal : List.of("traces", "metrics", "logs")) {
            HttpRequest empty = HttpRequest.newBuilder(uri(http, "/v1/" + signal))
                    .header("content-type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{}"))
                    .build();
            assertThat(client.send(empty, HttpResponse.BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @AfterEach
    void stop() {
        gateway.close(Duration.ofSeconds(5));
    }

    private static URI uri(InetSocketAddress address, String path) {
        return URI.create("http://127.0.0.1:" + address.getPort() + path);
    }

    private HttpResponse<String> get(InetSocketAddress address, String path) throws Exception {
        return client.send(HttpRequest.newBuilder(uri(address, path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void pageListsExactlyTheMetricsOfARunningEngine() throws IOException {
        Path page = Path.of(System.getProperty("spanweir.root"), "docs", "metrics.md");
        String text = Files.readString(page);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        assertThat(begin).as("the page has a place for the list").isPositive();
        String expected = text.substring(0, begin + BEGIN.length()) + table() + text.substring(end);
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(page, expected);
        }
        assertThat(text)
                .as("docs/metrics.md; write it anew with: ./mvnw -am test -Dtest=MetricsPageTest"
                        + " -Dsurefire.failIfNoSpecifiedTests=false -Dgolden.update=true")
                .isEqualTo(expected);
    }

    private String table() {
        PrometheusText names = new PrometheusText(true, true);
        TreeMap<String, String> rows = new TreeMap<>();
        for (MetricRegistry.Family family : gateway.metrics().collect()) {
            Metric metric = family.metric();
            String name = names.exposedName(metric);
            rows.put(
                    name,
                    "| `" + name + "` | " + metric.type().name().toLowerCase(Locale.ROOT) + " | "
                            + metric.labels().stream()
                                    .map(label -> "`" + label + "`")
                                    .collect(Collectors.joining(", "))
                            + " | " + metric.help() + " |\n");
        }
        return "\n| name | type | labels | what |\n| --- | --- | --- | --- |\n" + String.join("", rows.values()) + "\n";
    }

    @Test
    void scrapeShowsEveryMetricOnceWithHelpAndType() throws Exception {
        HttpResponse<String> scrape = get(gateway.scrapeAddresses().get(0), "/metrics");
        assertThat(scrape.statusCode()).isEqualTo(200);
        assertThat(scrape.headers().firstValue("content-type")).contains(PrometheusText.CONTENT_TYPE);
        PrometheusText names = new PrometheusText(true, true);
        List<String> types = scrape.body()
                .lines()
                .filter(line -> line.startsWith("# TYPE "))
                .map(line -> line.split(" ")[2])
                .toList();
        assertThat(types)
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(gateway.metrics().collect().stream()
                        .map(family -> names.exposedName(family.metric()))
                        .toList());
    }

    @Test
    void processTellsUptimeProcessorAndMemory() throws Exception {
        String scrape = get(gateway.scrapeAddresses().get(0), "/metrics").body();
        for (ServerMetric metric : ServerMetric.values()) {
            String name = new PrometheusText(true, true).exposedName(metric);
            assertThat(scrape.lines().filter(line -> line.startsWith(name + " ")))
                    .singleElement()
                    .satisfies(line -> assertThat(Double.parseDouble(line.substring(name.length() + 1)))
                            .as(line)
                            .isPositive());
        }
    }

    @Test
    void suffixesCanBeLeftOutPerEndpoint() throws Exception {
        String scrape = get(gateway.scrapeAddresses().get(1), "/metrics").body();
        assertThat(scrape)
                .contains("# TYPE otelcol_process_uptime counter", "# TYPE otelcol_receiver_accepted_spans counter");
    }

    @Test
    void otherPathsAreNotFound() throws Exception {
        assertThat(get(gateway.scrapeAddresses().get(0), "/").statusCode()).isEqualTo(404);
    }
}
