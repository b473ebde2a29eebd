package io.spanweir.exporter.otlpgrpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.spanweir.component.RetryConfig;
import io.spanweir.component.SendingQueueConfig;
import io.spanweir.config.Problems;
import io.spanweir.net.Compression;
import io.spanweir.testsink.ExporterHarness;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OtlpGrpcConfigTest {
    private static OtlpGrpcConfig decode(String yaml) {
        return (OtlpGrpcConfig) ExporterHarness.decode(new OtlpGrpcExporterFactory(), yaml, new Problems());
    }

    @Test
    void defaultsAreTheCollectors() {
        OtlpGrpcConfig config = decode("endpoint: tempo:4317");
        assertThat(config.tls()).isNotNull();
        assertThat(config.compression()).isEqualTo(Compression.GZIP);
        assertThat(config.timeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.keepalive()).isNull();
        assertThat(config.balancer().policy()).isEqualTo("round_robin");
        assertThat(config.userAgent()).startsWith("Spanweir/");
        assertThat(config.sendingQueue()).isEqualTo(SendingQueueConfig.DEFAULT);
        assertThat(config.retryOnFailure()).isEqualTo(RetryConfig.DEFAULT);
    }

    static Stream<Arguments> schemes() {
        return Stream.of(
                argumentSet("none", "endpoint: tempo:4317", true),
                argumentSet("none, insecure", "endpoint: tempo:4317\ntls: {insecure: true}", false),
                argumentSet("http", "endpoint: http://tempo:4317", false),
                argumentSet("https, insecure", "endpoint: https://tempo:4317\ntls: {insecure: true}", true),
                argumentSet("dns", "endpoint: dns:///tempo:4317", true),
                argumentSet("dns, insecure", "endpoint: dns:///tempo:4317\ntls: {insecure: true}", false));
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void theSchemeDecidesAboutTls(String yaml, boolean secure) {
        assertThat(decode(yaml).tls() != null).isEqualTo(secure);
    }

    static Stream<Arguments> problems() {
        return Stream.of(
                argumentSet("no endpoint", "timeout: 1s", "endpoint: is missing; it has no default"),
                argumentSet(
                        "a path",
                        "endpoint: http://tempo:4317/v1/traces",
                        "endpoint: \"http://tempo:4317/v1/traces\" has a path, which gRPC does not; write \"tempo:4317\", or use otlp_http"),
                argumentSet(
                        "an authenticator",
                        "endpoint: tempo:4317\nauth: {authenticator: oauth2client}",
                        "auth: is not supported for exporters; set \"headers\" with \"authorization\""),
                argumentSet(
                        "a reserved header",
                        "endpoint: tempo:4317\nheaders: {grpc-timeout: 1S}",
                        "headers: \"grpc-timeout\" is gRPC's own; remove it"),
                argumentSet(
                        "a header that gRPC cannot carry",
                        "endpoint: tempo:4317\nheaders: {team: größe}",
                        "headers: \"team\" has a value that is not printable ASCII"),
                argumentSet(
                        "two names",
                        "endpoint: tempo:4317\nauthority: a\ntls: {server_name_override: b}",
                        "authority: differs from \"tls.server_name_override\"; write the same or remove one of them"),
                argumentSet(
                        "a buffer size",
                        "endpoint: tempo:4317\nwrite_buffer_size: 524288",
                        "write_buffer_size: has no effect, buffers grow with the data; remove it"),
                argumentSet(
                        "curves",
                        "endpoint: tempo:4317\ntls: {curve_preferences: [P256]}",
                        "tls.curve_preferences: has no effect on clients; set the JVM's -Djdk.tls.namedGroups or remove it"),
                argumentSet(
                        "frequent pings",
                        "endpoint: tempo:4317\nkeepalive: {time: 1s}",
                        "keepalive.time: \"1s\" is too small; write 10s or more"));
    }

    @ParameterizedTest
    @MethodSource("problems")
    void aProblemNamesTheOptionAndWhatWouldBeRight(String yaml, String problem) {
        assertThat(ExporterHarness.problems(new OtlpGrpcExporterFactory(), yaml))
                .containsExactly(problem);
    }

    @Test
    void headersAreNeverPrinted() {
        assertThat(decode("endpoint: tempo:4317\nheaders: {authorization: Bearer s3cret}")
                        .toString())
                .doesNotContain("s3cret");
    }
}
