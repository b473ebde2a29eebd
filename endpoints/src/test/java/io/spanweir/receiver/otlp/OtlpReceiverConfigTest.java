package io.spanweir.receiver.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.spanweir.component.ReceiverFactory;
import io.spanweir.config.ConfigNode;
import io.spanweir.config.Endpoint;
import io.spanweir.config.Problems;
import io.spanweir.net.ContentEncoding;
import io.spanweir.receiver.nop.NopReceiverFactory;
import io.spanweir.wire.Signal;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OtlpReceiverConfigTest {
    private static OtlpReceiverConfig decode(String yaml, Problems problems) {
        return ConfigNode.parse("g.yaml", yaml, problems).decode(OtlpReceiverConfig::decode);
    }

    @Test
    void aKeyWithoutValueRunsItsProtocolWithDefaults() {
        Problems problems = new Problems();
        OtlpReceiverConfig config = decode("protocols:\n  grpc:\n  http:\n", problems);

        assertThat(problems.list()).isEmpty();
        assertThat(config.grpc())
                .isEqualTo(new GrpcServerConfig(
                        new Endpoint("localhost", 4317),
                        null,
                        4 << 20,
                        100,
                        false,
                        new GrpcServerConfig.ServerParameters(
                                Duration.ZERO,
                                Duration.ZERO,
                                Duration.ZERO,
                                Duration.ofHours(2),
                                Duration.ofSeconds(20)),
                        new GrpcServerConfig.EnforcementPolicy(Duration.ofMinutes(5), false)));
        assertThat(config.http().server().endpoint()).isEqualTo(new Endpoint("localhost", 4318));
        assertThat(config.http().server().maxRequestBodyBytes()).isEqualTo(20 << 20);
        assertThat(config.http().server().encodings()).isEqualTo(EnumSet.allOf(ContentEncoding.class));
        assertThat(config.http().server().timeouts().readHeader()).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.http().server().timeouts().idle()).isZero();
        assertThat(config.http().server().timeouts().keepAlive()).isTrue();
        assertThat(config.http().paths())
                .isEqualTo(Map.of(Signal.TRACES, "/v1/traces", Signal.METRICS, "/v1/metrics", Signal.LOGS, "/v1/logs"));
    }

    @Test
    void anAbsentKeyLeavesItsProtocolOut() {
        assertThat(decode("protocols: {http: }", new Problems()).grpc()).isNull();
        assertThat(decode("protocols: {grpc: }", new Problems()).http()).isNull();
    }

    @Test
    void everyOptionIsRead() {
        Problems problems = new Problems();
        OtlpReceiverConfig config = decode("""
                protocols:
                  grpc:
                    endpoint: 0.0.0.0:14317
                    transport: tcp
                    max_recv_msg_size_mib: 64
                    max_concurrent_streams: 9
                    include_metadata: true
                    keepalive:
                      server_parameters:
                        max_connection_idle: 11s
                        max_connection_age: 12s
                        max_connection_age_grace: 13s
                        time: 14s
                        timeout: 15s
                      enforcement_policy: {min_time: 16s, permit_without_stream: true}
                  http:
                    endpoint: "[::1]:14318"
                    traces_url_path: t
                    metrics_url_path: /m
                    logs_url_path: /l
                    max_request_body_size: 1MiB
                    include_metadata: true
                    response_headers: {a: b}
                    compression_algorithms: ["", gzip]
                    read_timeout: 1s
                    read_header_timeout: 2s
                    write_timeout: 3s
                    idle_timeout: 4s
                    keep_alives_enabled: false
                    cors: {allowed_origins: [https://a], allowed_headers: [b], exposed_headers: [c], max_age: 7}
                """, problems);

        assertThat(problems.list()).isEmpty();
        assertThat(config.grpc())
                .isEqualTo(new GrpcServerConfig(
                        new Endpoint("0.0.0.0", 14317),
                        null,
                        64 << 20,
                        9,
                        true,
                        new GrpcServerConfig.ServerParameters(
                                Duration.ofSeconds(11),
                                Duration.ofSeconds(12),
                                Duration.ofSeconds(13),
                                Duration.ofSeconds(14),
                                Duration.ofSeconds(15)),
                        new GrpcServerConfig.EnforcementPolicy(Duration.ofSeconds(16), true)));
        assertThat(config.http().server().toString())
                .isEqualTo(
                        "HttpServerConfig[endpoint=[::1]:14318, tls=null, cors=CorsConfig[allowedOrigins=[https://a],"
                                + " allowedHeaders=[b], exposedHeaders=[c], maxAge=PT7S], maxRequestBodyBytes=1048576,"
                                + " includeMetadata=true, responseHeaders={a=<masked>}, encodings="
                                + config.http().server().encodings()
                                + ", timeouts=Timeouts[read=PT1S, readHeader=PT2S, write=PT3S,"
                                + " idle=PT4S, keepAlive=false]]");
        assertThat(config.http().server().encodings())
                .containsExactlyInAnyOrder(ContentEncoding.IDENTITY, ContentEncoding.GZIP);
        assertThat(config.http().paths())
                .isEqualTo(Map.of(Signal.TRACES, "/t", Signal.METRICS, "/m", Signal.LOGS, "/l"));
    }

    static Stream<Arguments> problems() {
        return Stream.of(
                argumentSet("no protocols", "{}", "protocols: names no protocol; write \"grpc:\", \"http:\" or both"),
                argumentSet(
                        "an unknown protocol",
                        "protocols: {grcp: }",
                        "protocols.grcp: unknown option; did you mean \"grpc\"?"),
                argumentSet("an unknown option", "protocols: {grpc: {endpiont: a:1}}", "endpiont: unknown option"),
                argumentSet(
                        "a Unix socket",
                        "protocols: {grpc: {transport: unix}}",
                        "transport: only \"tcp\" is supported"),
                argumentSet(
                        "an authenticator",
                        "protocols: {http: {auth: {authenticator: oidc}}}",
                        "protocols.http.auth: there is no authenticator extension"),
                argumentSet(
                        "middlewares",
                        "protocols: {grpc: {middlewares: [{id: a}]}}",
                        "protocols.grpc.middlewares: there are no middleware extensions"),
                argumentSet(
                        "two signals with one path",
                        "protocols: {http: {traces_url_path: /v1/logs}}",
                        "\"/v1/logs\" is the path of"),
                argumentSet(
                        "an unknown compression",
                        "protocols: {http: {compression_algorithms: [br]}}",
                        "protocols.http.compression_algorithms[0]"),
                argumentSet("TLS without certificate", "protocols: {grpc: {tls: {}}}", "a server needs a certificate"),
                argumentSet(
                        "a buffer size",
                        "protocols: {grpc: {read_buffer_size: 524288}}",
                        "protocols.grpc.read_buffer_size: has no effect"),
                argumentSet(
                        "curves",
                        "protocols: {grpc: {tls: {cert_file: a, key_file: b, curve_preferences: [P256]}}}",
                        "curve_preferences: has no effect on servers"),
                argumentSet(
                        "CORS without origins",
                        "protocols: {http: {cors: {allowed_headers: [a]}}}",
                        "protocols.http.cors: has no effect without \"allowed_origins\""));
    }

    @ParameterizedTest
    @MethodSource("problems")
    void whatIsWrongIsSaid(String yaml, String expected) {
        Problems problems = new Problems();
        decode(yaml, problems);

        assertThat(problems.list())
                .anySatisfy(problem -> assertThat(problem.toString()).contains(expected));
    }

    @Test
    void theServiceLoaderFindsBothReceivers() {
        assertThat(ServiceLoader.load(ReceiverFactory.class))
                .extracting(ReceiverFactory::type)
                .contains("otlp", "nop");
    }

    @Test
    void theNopReceiverStartsAndStops() throws Exception {
        Problems problems = new Problems();
        var receiver = ConfigNode.parse("g.yaml", "", problems)
                .decode(new NopReceiverFactory()::decode)
                .build(new RecordingContext());
        receiver.start();
        receiver.stop();

        assertThat(problems.list()).isEmpty();
    }
}
