package io.spanweir.exporter.otlphttp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.spanweir.config.Problems;
import io.spanweir.net.Compression;
import io.spanweir.net.HttpClient;
import io.spanweir.net.HttpProxy;
import io.spanweir.testsink.ExporterHarness;
import java.time.Duration;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OtlpHttpConfigTest {
    @Test
    void defaultsAreTheCollectors() {
        OtlpHttpConfig config = (OtlpHttpConfig)
                ExporterHarness.decode(new OtlpHttpExporterFactory(), "endpoint: https://tempo:4318", new Problems());
        assertThat(config.compression()).isEqualTo(Compression.GZIP);
        assertThat(config.encoding()).isEqualTo(OtlpHttpConfig.Encoding.PROTO);
        assertThat(config.timeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.limits().idleTimeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(config.limits().connectionsMax()).isZero();
        assertThat(config.limits().idleConnectionsMax()).isEqualTo(100);
        assertThat(config.limits().keepAlive()).isTrue();
        assertThat(config.limits().pings()).isEqualTo(new HttpClient.Pings(Duration.ZERO, Duration.ofSeconds(15)));
        assertThat(config.http2()).isTrue();
        assertThat(config.proxy()).isNull();
    }

    static Stream<Arguments> proxies() {
        return Stream.of(
                argumentSet("port named", "http://proxy.example.com:8080", "proxy.example.com:8080", null),
                argumentSet("usual port", "http://proxy/", "proxy:80", null),
                argumentSet("IPv6", "http://[::1]:3128", "[::1]:3128", null),
                argumentSet("user and password", "http://user:p%40ss+1@proxy:3128", "proxy:3128", "user:p@ss+1"),
                argumentSet("user", "http://user@proxy:3128", "proxy:3128", "user:"));
    }

    @ParameterizedTest
    @MethodSource("proxies")
    void aProxyIsReadFromItsUrl(String url, String authority, String credentials) {
        Problems problems = new Problems();
        HttpProxy proxy = ((OtlpHttpConfig) ExporterHarness.decode(
                        new OtlpHttpExporterFactory(), "endpoint: http://tempo:4318\nproxy_url: " + url, problems))
                .proxy();
        assertThat(problems.list()).isEmpty();
        assertThat(proxy.authority()).isEqualTo(authority);
        assertThat(proxy.toString()).doesNotContain("ss+1");
        if (credentials == null) {
            assertThat(proxy.authorization()).isNull();
        } else {
            assertThat(proxy.authorization().reveal())
                    .isEqualTo("Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8)));
        }
    }

    static Stream<Arguments> problems() {
        return Stream.of(
                argumentSet(
                        "no endpoint",
                        "timeout: 1s",
                        "endpoint: is missing; write \"http://host:4318\", or an endpoint of each signal"),
                argumentSet(
                        "no scheme",
                        "endpoint: tempo:4318",
                        "endpoint: \"tempo:4318\" has no scheme, \"https://tempo:4318\" is assumed; write that, or \"http://tempo:4318\""),
                argumentSet(
                        "no scheme and plain text",
                        "endpoint: tempo:4318\ntls: {insecure: true}",
                        "endpoint: \"tempo:4318\" has no scheme, \"http://tempo:4318\" is assumed; write that"),
                argumentSet(
                        "no scheme for one signal",
                        "logs_endpoint: loki:3100",
                        "logs_endpoint: \"loki:3100\" has no scheme, \"https://loki:3100\" is assumed; write that, or \"http://loki:3100\""),
                argumentSet(
                        "a scheme of gRPC",
                        "endpoint: dns:///tempo:4318",
                        "endpoint: \"dns:///tempo:4318\" has no scheme of HTTP; write \"http://tempo:4318\" or \"https://tempo:4318\""),
                argumentSet(
                        "a proxy without scheme",
                        "endpoint: http://tempo:4318\nproxy_url: //proxy:3128",
                        "proxy_url: has no \"http://\" before the host; write \"http://host:port\" or"),
                argumentSet(
                        "a proxy of another kind",
                        "endpoint: http://tempo:4318\nproxy_url: socks5://user:pass@proxy:3128",
                        "proxy_url: has scheme \"socks5\", only \"http\" is supported; write"),
                argumentSet(
                        "a proxy with a port beyond the last",
                        "endpoint: http://tempo:4318\nproxy_url: http://proxy:70000",
                        "proxy_url: names no host and port; write"),
                argumentSet(
                        "curves",
                        "endpoint: https://tempo:4318\ntls: {curve_preferences: [P256]}",
                        "tls.curve_preferences: has no effect on clients; set the JVM's -Djdk.tls.namedGroups or remove it"),
                argumentSet(
                        "a level without meaning",
                        "endpoint: http://tempo:4318\ncompression: snappy\ncompression_params: {level: 3}",
                        "compression_params.level: has no effect with compression \"snappy\"; remove it"),
                argumentSet(
                        "a level too high",
                        "endpoint: http://tempo:4318\ncompression_params: {level: 10}",
                        "compression_params.level: \"10\" is too large; write 9 or less"),
                argumentSet(
                        "an unknown compression",
                        "endpoint: http://tempo:4318\ncompression: brotli",
                        "compression: \"brotli\" is not known; known: none, gzip, zstd, snappy, x-snappy-framed, zlib, deflate, lz4"));
    }

    @ParameterizedTest
    @MethodSource("problems")
    void aProblemNamesTheOptionAndWhatWouldBeRight(String yaml, String problem) {
        assertThat(ExporterHarness.problems(new OtlpHttpExporterFactory(), yaml))
                .singleElement()
                .asString()
                .startsWith(problem);
    }
}
