package io.spanweir.receiver.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContext;
import io.spanweir.testsink.TestCertificates;
import io.spanweir.wire.Signal;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OtlpReceiverTlsTest {
    @TempDir
    private Path directory;

    @TempDir
    private Path strangers;

    private TestCertificates authority;
    private TestCertificates.Identity server;

    @BeforeEach
    void issue() throws Exception {
        authority = new TestCertificates(directory);
        server = authority.issue("server", "EC", "127.0.0.1", "localhost");
    }

    private static String tls(TestCertificates.Identity identity, String more) {
        return "tls: {cert_file: \"" + identity.certificateFile() + "\", key_file: \"" + identity.keyFile() + "\""
                + more + "}";
    }

    private String clientsOf(TestCertificates authority) {
        return ", client_ca_file: \"" + authority.authorityFile() + "\"";
    }

    private SSLContext client(TestCertificates.@Nullable Identity identity) throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("authority", authority.authority());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        KeyStore own = KeyStore.getInstance(KeyStore.getDefaultType());
        own.load(null, null);
        if (identity != null) {
            own.setKeyEntry("own", identity.key(), new char[0], new X509Certificate[] {identity.certificate()});
        }
        keys.init(own, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static HttpResponse<byte[]> post(Running running, HttpClient client) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + running.context.port("http") + "/v1/traces"))
                        .header("Content-Type", "application/x-protobuf")
                        .timeout(Duration.ofSeconds(20))
                        .POST(BodyPublishers.ofByteArray(
                                Requests.tracesOfLength(300_000).toByteArray()))
                        .build(),
                BodyHandlers.ofByteArray());
    }

    private GrpcClient grpc(Running running, TestCertificates.@Nullable Identity identity) throws Exception {
        var builder = GrpcSslContexts.forClient().trustManager(authority.authority());
        if (identity != null) {
            builder.keyManager(identity.key(), identity.certificate());
        }
        SslContext context = builder.build();
        return new GrpcClient(NettyChannelBuilder.forAddress("127.0.0.1", running.context.port("grpc"))
                .sslContext(context));
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void bothVersionsOfHttpAreSpoken(HttpClient.Version version) throws Exception {
        HttpClient client = HttpClient.newBuilder()
                .sslContext(client(null))
                .version(version)
                .build();
        try (Running running = Running.http(tls(server, ""))) {
            for (int round = 0; round < 3; round++) {
                HttpResponse<byte[]> response = post(running, client);
                assertThat(response.statusCode()).isEqualTo(200);
                assertThat(response.version()).isEqualTo(version);
                assertThat(response.headers().firstValue("Content-Type")).contains("application/x-protobuf");
            }
            assertThat(running.context.taken)
                    .hasSize(3)
                    .allSatisfy(taken -> assertThat(taken.message()).isEqualTo(Requests.tracesOfLength(300_000)));
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"/v1/traces, text/plain, 415", "/v2/traces, application/json, 404", "/v1/traces, application/json, 413"
    })
    void refusalsOverHttp2AreAnsweredToo(String path, String type, int status) throws Exception {
        HttpClient client = HttpClient.newBuilder().sslContext(client(null)).build();
        try (Running running = Running.http("max_request_body_size: 1MiB, " + tls(server, ""))) {
            HttpResponse<byte[]> response = client.send(
                    HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + running.context.port("http") + path))
                            .header("Content-Type", type)
                            .timeout(Duration.ofSeconds(20))
                            .POST(BodyPublishers.ofByteArray(new byte[(1 << 20) + 1]))
                            .build(),
                    BodyHandlers.ofByteArray());

            assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(response.statusCode()).isEqualTo(status);
        }
    }

    @Test
    void grpcIsSpokenUnderTls() throws Exception {
        try (Running running = Running.grpc(tls(server, ""));
                GrpcClient client = grpc(running, null)) {
            assertThat(client.export(Signal.TRACES, Requests.TRACES.toByteArray()))
                    .isEmpty();
        }
    }

    @Test
    void anRsaKeyServesAsWell() throws Exception {
        TestCertificates.Identity rsa = authority.issue("rsa", "RSA", "127.0.0.1");
        HttpClient client = HttpClient.newBuilder().sslContext(client(null)).build();
        try (Running running = Running.http(tls(rsa, ""))) {
            assertThat(post(running, client).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void clientsMustShowACertificateOfTheAuthority() throws Exception {
        TestCertificates.Identity known = authority.issue("client", "EC");
        TestCertificates.Identity stranger = new TestCertificates(strangers).issue("client", "EC");
        try (Running running = Running.http(tls(server, clientsOf(authority)))) {
            assertThat(post(
                                    running,
                                    HttpClient.newBuilder()
                                            .sslContext(client(known))
                                            .build())
                            .statusCode())
                    .isEqualTo(200);
            assertThatThrownBy(() -> post(
                            running,
                            HttpClient.newBuilder().sslContext(client(stranger)).build()))
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> post(
                            running,
                            HttpClient.newBuilder().sslContext(client(null)).build()))
                    .isInstanceOf(IOException.class);
            assertThat(running.context.taken).hasSize(1);
        }
    }

    @Test
    void grpcClientsMustShowACertificateOfTheAuthority() throws Exception {
        TestCertificates.Identity known = authority.issue("client", "EC");
        try (Running running = Running.grpc(tls(server, clientsOf(authority)));
                GrpcClient withCertificate = grpc(running, known);
                GrpcClient without = grpc(running, null)) {
            assertThat(withCertificate.export(Signal.TRACES, Requests.TRACES.toByteArray()))
                    .isEmpty();
            assertThat(GrpcClient.code(without.failure(Signal.TRACES, Requests.TRACES.toByteArray())))
                    .isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(running.context.taken).hasSize(1);
        }
    }

    @Test
    void anOlderVersionThanTheLowestIsRefused() throws Exception {
        SSLParameters old = new SSLParameters();
        old.setProtocols(new String[] {"TLSv1.2"});
        HttpClient client = HttpClient.newBuilder()
                .sslContext(client(null))
                .sslParameters(old)
                .build();
        try (Running strict = Running.http(tls(server, ", min_version: \"1.3\""));
                Running tolerant = Running.http(tls(server, ""))) {
            assertThat(post(tolerant, client).statusCode()).isEqualTo(200);
            assertThatThrownBy(() -> post(strict, client)).isInstanceOf(SSLHandshakeException.class);
        }
    }

    @Test
    void aNewCertificateIsShownAfterTheInterval() throws Exception {
        TestCertificates.Identity second = authority.issue("second", "EC", "127.0.0.1");
        try (Running running = Running.http(tls(server, ", reload_interval: 50ms"))) {
            assertThat(shownName(running)).isEqualTo("CN=server");
            Files.copy(second.keyFile(), server.keyFile(), StandardCopyOption.REPLACE_EXISTING);
            Files.copy(second.certificateFile(), server.certificateFile(), StandardCopyOption.REPLACE_EXISTING);

            await().until(() -> shownName(running).equals("CN=second"));
        }
    }

    /** The subject of the server's certificate; a new client does not resume a session. */
    private String shownName(Running running) throws Exception {
        HttpClient client = HttpClient.newBuilder().sslContext(client(null)).build();
        X509Certificate shown = (X509Certificate)
                post(running, client).sslSession().orElseThrow().getPeerCertificates()[0];
        return shown.getSubjectX500Principal().getName();
    }

    @Test
    void plainTextOnATlsPortIsClosed() throws Exception {
        try (Running running = Running.http(tls(server, ""));
                RawHttp raw = new RawHttp(running.context.port("http"))) {
            raw.send("POST /v1/traces HTTP/1.1\r\n\r\n");

            while (!raw.isClosed()) {
                // An alert may come first.
            }
            assertThat(running.context.taken).isEmpty();
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "a missing file | cert_file: /nowhere/cert.pem, key_file: /nowhere/key.pem | \"/nowhere/cert.pem\" does not exist",
                "no certificate | cert_pem: hello, key_pem: hello | the PEM text holds no",
            })
    void whatCannotBeReadIsNamedAtTheStart(String name, String options, String expected) {
        assertThatThrownBy(() -> Running.http("tls: {" + options + "}"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("receiver otlp: protocols.http: ")
                .hasMessageContaining(expected);
    }

    @Test
    void aCipherSuiteThatTheJdkDoesNotKnowIsNamed() {
        assertThatThrownBy(() -> Running.grpc(tls(server, ", cipher_suites: [TLS_NONSENSE]")))
                .hasMessageContaining("tls.cipher_suites: \"TLS_NONSENSE\" is not known to this JDK; remove it");
    }
}
