package io.spanweir.receiver.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.spanweir.testsink.RawHttp2;
import io.spanweir.testsink.TestCertificates;
import io.spanweir.wire.Signal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whoever can connect decides how often he is refused, but not how often that is logged: by us or by a library. Libraries have
 * the levels that the program gives them.
 */
class LogFloodTest {
    private static final int LINES_MAX = 10;
    private static final int CONNECTIONS_OF_A_KIND = 20;
    private static final int REQUESTS_OF_A_KIND = 100;
    private static final int STREAMS_AT_ONCE = 50;
    private static final long END_MILLIS = 5_000;

    private static final List<byte[]> OPENINGS = List.of(
            ascii(""),
            ascii("GET / HTTP/1.1\r\n\r\n"),
            ascii("PRI * HTTP/2.0\r\n\r\n"),
            ascii("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\1\7\0\0\0\0\0\0"),
            ascii("\0\1\2\r\n\r\n"),
            new byte[] {22, 3, 1, 0, 5, 1, 0, 0, 1, 3}, // a handshake of TLS that is none
            new byte[] {22, 3, 1, -1, -1, 1, 0, -1, -1, 3});

    private final Queue<LogRecord> lines = new ConcurrentLinkedQueue<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord record) {
            lines.add(record);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private final Logger grpc = Logger.getLogger("io.grpc");
    private final Logger netty = Logger.getLogger("io.netty");
    private int peers;

    @TempDir
    private Path directory;

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @BeforeEach
    void listen() {
        grpc.setLevel(Level.SEVERE);
        netty.setLevel(Level.WARNING);
        Logger.getLogger("").addHandler(handler);
    }

    @AfterEach
    void leave() {
        Logger.getLogger("").removeHandler(handler);
        grpc.setLevel(null);
        netty.setLevel(null);
    }

    /** Another one each time: who comes again after a flood would have to wait. */
    private String nextAddress() {
        peers++;
        return "127.1." + peers / 250 + "." + (1 + peers % 250);
    }

    private void assertFewLines() {
        assertThat(lines.size())
                .as(
                        "lines, the first: %s",
                        lines.stream().limit(3).map(LogFloodTest::text).toList())
                .isLessThanOrEqualTo(LINES_MAX);
    }

    private static String text(LogRecord line) {
        return line.getLevel() + " " + line.getLoggerName() + ": " + line.getMessage() + " " + line.getThrown();
    }

    @Test
    void floodsOfFramesFromManyAddresses() throws Exception {
        try (UnderAttack engine = new UnderAttack()) {
            lines.clear();
            List<Object[]> floods =
                    HostileHttp2Test.floods().map(row -> row.get()).toList();
            for (Object[] flood : floods) {
                boolean grpc = (boolean) flood[0];
                try (RawHttp2 raw = RawHttp2.connect(nextAddress(), engine.port(grpc))) {
                    HostileHttp2Test.send(raw, grpc, (HostileHttp2Test.Flood) flood[2]);
                    assertThat(raw.awaitEnd(END_MILLIS)).as("ended").isTrue();
                }
            }
            assertThat(floods).as("more than the lines allowed").hasSizeGreaterThan(LINES_MAX);
            assertFewLines();
            engine.assertServed();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void connectionsThatBeginBadly(boolean reset) throws Exception {
        try (UnderAttack engine = new UnderAttack()) {
            lines.clear();
            open(engine.grpcPort, reset);
            open(engine.httpPort, reset);
            engine.awaitServed();
            assertFewLines();
            engine.assertServed();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void connectionsThatBeginBadlyUnderTls(boolean reset) throws Exception {
        TestCertificates.Identity server = new TestCertificates(directory).issue("server", "EC", "127.0.0.1");
        String endpoint = "{endpoint: \"127.0.0.1:0\", tls: {cert_file: \"" + server.certificateFile()
                + "\", key_file: \"" + server.keyFile() + "\"}}";
        try (Running running =
                Running.start(new RecordingContext(), "protocols: {grpc: " + endpoint + ", http: " + endpoint + "}")) {
            lines.clear();
            open(running.context.port("grpc"), reset);
            open(running.context.port("http"), reset);
            assertFewLines();
        }
        assertFewLines();
    }

    private void open(int port, boolean reset) throws IOException {
        for (byte[] opening : OPENINGS) {
            for (int i = 0; i < CONNECTIONS_OF_A_KIND; i++) {
                try (Socket socket =
                        new Socket(InetAddress.getByName("127.0.0.1"), port, InetAddress.getByName(nextAddress()), 0)) {
                    socket.getOutputStream().write(opening);
                    if (reset) {
                        socket.setSoLinger(true, 0);
                    } else {
                        socket.shutdownOutput();
                        readToEnd(socket);
                    }
                }
            }
        }
    }

    private static void readToEnd(Socket socket) {
        try {
            socket.getInputStream().readAllBytes();
        } catch (IOException reset) {
            return; // as it may be
        }
    }

    @Test
    void requestsThatAreRefusedOverHttp() throws Exception {
        try (UnderAttack engine = new UnderAttack();
                RawHttp client = new RawHttp(engine.httpPort)) {
            lines.clear();
            for (int i = 0; i < REQUESTS_OF_A_KIND; i++) {
                assertThat(status(client, "GET", "/v1/traces", "application/x-protobuf", ""))
                        .isEqualTo(405);
                assertThat(status(client, "POST", "/v2", "application/x-protobuf", "x"))
                        .isEqualTo(404);
                assertThat(status(client, "POST", "/v1/traces", "text/xml", "x"))
                        .isEqualTo(415);
                assertThat(status(client, "POST", "/v1/traces", "application/x-protobuf", "no message"))
                        .isEqualTo(400);
                assertThat(status(client, "POST", "/v1/traces", "application/json", "{"))
                        .isEqualTo(400);
                assertThat(status(
                                client, "POST", "/v1/traces", "application/json\r\nContent-Encoding: gzip", "no gzip"))
                        .isEqualTo(400);
            }
            assertFewLines();
            engine.assertServed();
        }
    }

    private static int status(RawHttp client, String method, String path, String type, String body) throws IOException {
        client.send(method + " " + path + " HTTP/1.1\r\nHost: a\r\nContent-Type: " + type + "\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body);
        return client.reply().status();
    }

    @Test
    void requestsThatAreRefusedOverGrpc() throws Exception {
        byte[] good = RawHttp2.exportHeaders(true);
        List<Bad> kinds = List.of(
                new Bad(good, new byte[] {0, 0, 0, 0, 2, -1, -1}), // no message of protobuf
                new Bad(good, new byte[] {0, 0, 0, 0, 9, 1}), // shorter than it says
                new Bad(good, new byte[] {0, 127, 0, 0, 0, 1}), // longer than allowed
                new Bad(good, new byte[] {9, 0, 0, 0, 0}), // a flag that is none
                new Bad(good, new byte[] {1, 0, 0, 0, 2, 1, 1}), // compressed, and not said how
                new Bad(RawHttp2.exportHeaders(true, "grpc-encoding", "gzip"), new byte[] {1, 0, 0, 0, 2, 1, 1}),
                new Bad(RawHttp2.exportHeaders(true, "grpc-encoding", "nothing"), new byte[] {0, 0, 0, 0, 0}),
                new Bad(RawHttp2.exportHeaders(true, "grpc-timeout", "soon"), new byte[] {0, 0, 0, 0, 0}),
                new Bad(RawHttp2.exportHeaders(true, "x-bin", "?"), new byte[] {0, 0, 0, 0, 0}),
                new Bad(RawHttp2.exportHeaders(true, "content-length", "7"), new byte[] {0, 0, 0, 0, 0}),
                new Bad(RawHttp2.exportHeaders(true, "connection", "close"), new byte[] {0, 0, 0, 0, 0}),
                new Bad(RawHttp2.exportHeaders(true, "host", "b"), new byte[] {0, 0, 0, 0, 0}),
                new Bad(RawHttp2.exportHeaders(false), new byte[] {0, 0, 0, 0, 0}), // not gRPC
                new Bad(good, new byte[10]), // two messages
                new Bad(good, new byte[0])); // none
        try (UnderAttack engine = new UnderAttack()) {
            lines.clear();
            for (Bad kind : kinds) {
                try (RawHttp2 raw = RawHttp2.connect(nextAddress(), engine.grpcPort)) {
                    refuse(raw, kind);
                }
            }
            assertFewLines();
            engine.assertServed();
        }
    }

    @Test
    void requestsThatMeetADefectOfOurs() throws Exception {
        RecordingContext context = new RecordingContext();
        context.broken = true;
        String body = new String(Requests.TRACES.toByteArray(), StandardCharsets.ISO_8859_1);
        String endpoint = "{endpoint: \"127.0.0.1:0\"}";
        try (Running running = Running.start(context, "protocols: {grpc: " + endpoint + ", http: " + endpoint + "}");
                RawHttp http = new RawHttp(context.port("http"));
                GrpcClient rpc = new GrpcClient(running)) {
            lines.clear();
            for (int i = 0; i < REQUESTS_OF_A_KIND; i++) {
                assertThat(status(http, "POST", "/v1/traces", "application/x-protobuf", body))
                        .isEqualTo(500);
                assertThat(GrpcClient.code(rpc.failure(Signal.TRACES, Requests.TRACES.toByteArray())))
                        .isEqualTo(Status.Code.INTERNAL);
            }
            assertFewLines();
        }
    }

    private record Bad(byte[] headers, byte[] data) {}

    private static void refuse(RawHttp2 raw, Bad kind) throws IOException {
        for (int number = 0; number < REQUESTS_OF_A_KIND && !raw.isEnded(); number++) {
            int stream = 2 * number + 1;
            raw.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, stream, kind.headers)
                    .frame(RawHttp2.DATA, RawHttp2.END_STREAM, stream, kind.data);
            if (number % STREAMS_AT_ONCE == STREAMS_AT_ONCE - 1) {
                int sent = number + 1;
                raw.flush();
                await().until(() -> raw.isEnded() || HostileHttp2Test.ended(raw) >= sent);
            }
        }
    }
}
