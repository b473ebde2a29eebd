package io.spanweir.exporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.spanweir.Spanweir;
import io.spanweir.config.ConfigLoader;
import io.spanweir.config.Problems;
import io.spanweir.export.ExportMetric;
import io.spanweir.graph.Topology;
import io.spanweir.lane.LaneMetric;
import io.spanweir.memory.MemoryMetric;
import io.spanweir.testkit.OrderTraffic;
import io.spanweir.testkit.Seeds;
import io.spanweir.testsink.RawHttp2;
import io.spanweir.wire.Signal;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Backends that do everything but take data: the whole engine keeps its memory, refuses when it is full, counts what it gives
 * up, and stops within its time.
 */
class HostileBackendTest {
    private static final String CONFIG = """
            receivers:
              otlp: { protocols: { http: { endpoint: "127.0.0.1:0" } } }
            exporters:
              otlp_grpc:
                endpoint: "127.0.0.1:%1$d"
                tls: { insecure: true }
                timeout: 300ms
                compression: none
                retry_on_failure: { initial_interval: 20ms, max_interval: 50ms, max_elapsed_time: 10m }
              otlp_http:
                endpoint: "http://127.0.0.1:%1$d"
                timeout: 300ms
                compression: none
                retry_on_failure: { initial_interval: 20ms, max_interval: 50ms, max_elapsed_time: 10m }
            service:
              pipelines:
                traces: { receivers: [otlp], exporters: [%2$s] }
            engine: { memory: 8MiB, lanes: 1 }
            """;

    private static final int SPANS_PER_REQUEST = 200;
    private static final int REQUESTS_MAX = 300;
    private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(2);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(10);
    private static final int HEADERS_PER_ENDLESS = 100;

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final byte[] REQUEST =
            new OrderTraffic(Seeds.random(HostileBackendTest.class, "traces")).request(SPANS_PER_REQUEST);

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Something first, then the same thing again and again. */
    private static RawBackend.Conduct endless(byte[] first, byte[] again, long pauseNanos) {
        return connection -> {
            Thread reader = new Thread(() -> {
                try {
                    connection.swallow();
                } catch (java.io.IOException closed) {
                    return; // as it should be
                }
            });
            reader.setDaemon(true);
            reader.start();
            connection.send(first);
            while (true) {
                connection.send(again);
                java.util.concurrent.locks.LockSupport.parkNanos(pauseNanos);
            }
        };
    }

    private static byte[] frame(int type, int flags, int stream, byte... payload) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(payload.length >>> 16);
        frame.write(payload.length >>> 8);
        frame.write(payload.length);
        frame.write(type);
        frame.write(flags);
        frame.writeBytes(new byte[] {0, 0, 0, (byte) stream});
        frame.writeBytes(payload);
        return frame.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] repeat(byte[] part, int times) {
        byte[][] parts = new byte[times][];
        Arrays.fill(parts, part);
        return join(parts);
    }

    private static byte[] answerHeaders(String... more) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        RawHttp2.header(block, ":status", "200");
        RawHttp2.header(block, "content-type", "application/grpc");
        for (int i = 0; i < more.length; i += 2) {
            RawHttp2.header(block, more[i], more[i + 1]);
        }
        return block.toByteArray();
    }

    static Stream<Arguments> anyProtocol(String exporter) {
        return Stream.of(
                argumentSet(exporter + " accepts and says nothing", exporter, (RawBackend.Conduct) connection -> {
                    while (!connection.socket().isClosed()) {
                        java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
                    }
                }),
                argumentSet(exporter + " reads and never answers", exporter, (RawBackend.Conduct)
                        RawBackend.Connection::swallow),
                argumentSet(exporter + " closes at once", exporter, (RawBackend.Conduct) connection -> {}),
                argumentSet(exporter + " resets at once", exporter, (RawBackend.Conduct) RawBackend.Connection::reset),
                argumentSet(exporter + " resets within the request", exporter, (RawBackend.Conduct) connection -> {
                    connection.in().readNBytes(1_000);
                    connection.reset();
                }),
                argumentSet(
                        exporter + " answers with bytes of chance",
                        exporter,
                        endless(
                                new byte[0],
                                Seeds.random(HostileBackendTest.class, "garbage")
                                        .ints(4096)
                                        .collect(ByteArrayOutputStream::new, ByteArrayOutputStream::write, (a, b) -> {})
                                        .toByteArray(),
                                0)),
                argumentSet(exporter + " answers with zeroes", exporter, endless(new byte[0], new byte[4096], 0)));
    }

    static Stream<Arguments> http() {
        String ok = "HTTP/1.1 200 OK\r\n";
        return Stream.of(
                argumentSet("a byte in a while", "otlp_http", endless(ascii(ok), ascii("x"), 10_000_000)),
                argumentSet(
                        "a reason without end",
                        "otlp_http",
                        endless(ascii("HTTP/1.1 200 "), ascii("x".repeat(999)), 0)),
                argumentSet("headers without end", "otlp_http", endless(ascii(ok), ascii("a: b\r\n".repeat(99)), 0)),
                argumentSet(
                        "continue, without end",
                        "otlp_http",
                        endless(new byte[0], ascii("HTTP/1.1 100 Continue\r\n\r\n".repeat(99)), 0)),
                argumentSet(
                        "a refusal whose body has no end",
                        "otlp_http",
                        endless(
                                ascii("HTTP/1.1 503 Busy\r\nTransfer-Encoding: chunked\r\n\r\n"),
                                ascii("400\r\n" + "x".repeat(1024) + "\r\n"),
                                0)),
                argumentSet("busy for ever", "otlp_http", (RawBackend.Conduct) connection -> {
                    connection.in().readNBytes(10);
                    connection.send(ascii("HTTP/1.1 429 Busy\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n"));
                    connection.swallow();
                }),
                argumentSet("busy for a thousand years", "otlp_http", (RawBackend.Conduct) connection -> {
                    connection.in().readNBytes(10);
                    connection.send(
                            ascii("HTTP/1.1 503 Busy\r\nRetry-After: 31536000000\r\nContent-Length: 0\r\n\r\n"));
                    connection.swallow();
                }));
    }

    static Stream<Arguments> grpc() {
        byte[] settings = frame(RawHttp2.SETTINGS, 0, 0);
        byte[] goAway = frame(RawHttp2.GOAWAY, 0, 0, new byte[8]);
        byte[] headers = frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 3, answerHeaders());
        return Stream.of(
                argumentSet(
                        "no stream at once",
                        "otlp_grpc",
                        endless(frame(RawHttp2.SETTINGS, 0, 0, new byte[] {0, 3, 0, 0, 0, 0}), new byte[0], 1_000_000)),
                argumentSet(
                        "no window",
                        "otlp_grpc",
                        endless(frame(RawHttp2.SETTINGS, 0, 0, new byte[] {0, 4, 0, 0, 0, 0}), new byte[0], 1_000_000)),
                argumentSet("go away, all of them", "otlp_grpc", (RawBackend.Conduct) connection -> {
                    connection.send(join(settings, goAway));
                    connection.swallow();
                }),
                argumentSet("go away, without end", "otlp_grpc", endless(settings, repeat(goAway, 50), 100_000)),
                argumentSet(
                        "every stream is reset",
                        "otlp_grpc",
                        endless(
                                settings,
                                join(
                                        frame(RawHttp2.RST_STREAM, 0, 3, new byte[] {0, 0, 0, 7}),
                                        frame(RawHttp2.RST_STREAM, 0, 5, new byte[] {0, 0, 0, 11})),
                                5_000_000)),
                argumentSet(
                        "pings without end",
                        "otlp_grpc",
                        endless(settings, repeat(frame(RawHttp2.PING, 0, 0, new byte[8]), 50), 100_000)),
                argumentSet("settings without end", "otlp_grpc", endless(settings, repeat(settings, 50), 100_000)),
                argumentSet(
                        "a window beyond 2^31",
                        "otlp_grpc",
                        endless(
                                settings,
                                frame(RawHttp2.WINDOW_UPDATE, 0, 0, new byte[] {127, -1, -1, -1}),
                                1_000_000)),
                argumentSet(
                        "an answer of 2 GiB",
                        "otlp_grpc",
                        endless(
                                join(settings, headers),
                                join(
                                        frame(RawHttp2.DATA, 0, 3, new byte[] {0, 127, -1, -1, -1}),
                                        frame(RawHttp2.DATA, 0, 3, new byte[8_000])),
                                1_000_000)),
                argumentSet(
                        "headers without end",
                        "otlp_grpc",
                        endless(
                                join(settings, frame(RawHttp2.HEADERS, 0, 3, answerHeaders())),
                                repeat(
                                        frame(RawHttp2.CONTINUATION, 0, 3, answerHeaders("x", "y".repeat(900))),
                                        HEADERS_PER_ENDLESS),
                                1_000_000)));
    }

    static Stream<Arguments> backends() {
        return Stream.of(anyProtocol("otlp_grpc"), anyProtocol("otlp_http"), http(), grpc())
                .flatMap(rows -> rows);
    }

    @ParameterizedTest
    @MethodSource("backends")
    void memoryIsBoundedWhatIsGivenUpIsCountedAndTheEndComesInTime(String exporter, RawBackend.Conduct conduct)
            throws Exception {
        Problems problems = new Problems();
        try (RawBackend backend = new RawBackend(conduct)) {
            String yaml = CONFIG.formatted(backend.port(), exporter);
            Topology topology =
                    Topology.decode(ConfigLoader.system().loadText("test", yaml, problems), Spanweir.components());
            assertThat(problems.hasErrors()).as("%s", problems).isFalse();
            Spanweir spanweir = Spanweir.builder(topology).start();
            int accepted = sendUntilRefused(spanweir);
            await("attempts").until(() -> backend.connections.get() > 0);
            await("an end of the first attempt")
                    .until(() -> spanweir.metrics().sum(ExportMetric.RETRIES)
                                    + spanweir.metrics().sum(ExportMetric.sendFailed(Signal.TRACES))
                            > 0);
            assertThat(spanweir.metrics().sum(MemoryMetric.USED, "export"))
                    .isLessThanOrEqualTo(spanweir.metrics().sum(MemoryMetric.CAPACITY, "export"));

            long begin = System.nanoTime();
            spanweir.close(CLOSE_DEADLINE);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(CLOSE_MAX);
            assertThat(spanweir.metrics().sum(LaneMetric.accepted(Signal.TRACES)))
                    .isEqualTo((double) accepted * SPANS_PER_REQUEST);
            assertThat(spanweir.metrics().sum(ExportMetric.sendFailed(Signal.TRACES)))
                    .as("spans given up")
                    .isEqualTo((double) accepted * SPANS_PER_REQUEST);
            await("the thread of the exporter ends")
                    .until(() -> Thread.getAllStackTraces().keySet().stream()
                            .noneMatch(thread -> thread.getName().startsWith("exporter-" + exporter)));
        }
    }

    private static int sendUntilRefused(Spanweir spanweir) throws Exception {
        int port = spanweir.addresses().get("otlp/http").getPort();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/traces"))
                .header("Content-Type", "application/x-protobuf")
                .POST(BodyPublishers.ofByteArray(REQUEST))
                .build();
        for (int accepted = 0; accepted < REQUESTS_MAX; accepted++) {
            var answer = CLIENT.send(request, BodyHandlers.ofByteArray());
            if (answer.statusCode() == 503) {
                assertThat(answer.headers().firstValue("retry-after")).isPresent();
                assertThat(accepted).isPositive();
                return accepted;
            }
            assertThat(answer.statusCode()).isEqualTo(200);
        }
        assertThat(spanweir.metrics().sum(ExportMetric.sendFailed(Signal.TRACES)))
                .as("spans given up, when the engine takes more than it has memory for")
                .isPositive();
        return REQUESTS_MAX;
    }
}
