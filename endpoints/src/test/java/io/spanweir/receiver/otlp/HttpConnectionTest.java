package io.spanweir.receiver.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.spanweir.wire.Signal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What happens on one connection of HTTP/1.1, byte by byte. */
class HttpConnectionTest {
    private static final String HEAD =
            "POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-protobuf\r\n";

    private static byte[] request(String name, String... headers) throws IOException {
        byte[] body = Requests.traces(name).toByteArray();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        StringBuilder head = new StringBuilder(HEAD);
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
        bytes.write(head.toString().getBytes(StandardCharsets.US_ASCII));
        bytes.write(body);
        return bytes.toByteArray();
    }

    private static RawHttp open(Running running) throws IOException {
        return new RawHttp(running.context.port("http"));
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        try (Running running = Running.http("");
                RawHttp raw = open(running)) {
            running.context.waitsForResult = true;
            ByteArrayOutputStream three = new ByteArrayOutputStream();
            for (String name : new String[] {"first", "second", "third"}) {
                three.write(request(name));
            }
            raw.send(three.toByteArray());

            for (int answered = 0; answered < 3; answered++) {
                int expected = answered + 1;
                await().until(() -> running.context.unsettled.size() == expected);
                if (answered == 1) {
                    running.context.unsettled.get(answered).fail("not this one", false);
                } else {
                    running.context.unsettled.get(answered).settle();
                }
                assertThat(raw.reply().status()).isEqualTo(answered == 1 ? 500 : 200);
            }
            assertThat(running.context.taken)
                    .extracting(taken -> (Object) taken.message())
                    .containsExactly(Requests.traces("first"), Requests.traces("second"), Requests.traces("third"));
        }
    }

    @Test
    void thousandsOfPipelinedRequestsNeedNoDeeperStack() throws Exception {
        try (Running running = Running.http("");
                RawHttp raw = open(running)) {
            ByteArrayOutputStream many = new ByteArrayOutputStream();
            for (int i = 0; i < 2_000; i++) {
                many.write(request("x"));
            }
            Thread sender = new Thread(() -> {
                try {
                    raw.send(many.toByteArray());
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            sender.start();
            for (int i = 0; i < 2_000; i++) {
                assertThat(raw.reply().status()).isEqualTo(200);
            }
            sender.join();
        }
    }

    @Test
    void aBodyMayComeInChunksOfOneByte() throws Exception {
        byte[] body = Requests.tracesOfLength(5_000).toByteArray();
        try (Running running = Running.http("");
                RawHttp raw = open(running)) {
            ByteArrayOutputStream chunks = new ByteArrayOutputStream();
            chunks.write((HEAD + "Transfer-Encoding: chunked\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            for (byte one : body) {
                chunks.write("1\r\n".getBytes(StandardCharsets.US_ASCII));
                chunks.write(one);
                chunks.write("\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            chunks.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            raw.send(chunks.toByteArray());

            assertThat(raw.reply().status()).isEqualTo(200);
            assertThat(running.context.taken.get(0).message()).isEqualTo(Requests.tracesOfLength(5_000));
        }
    }

    @Test
    void aClientThatAsksFirstIsToldToContinue() throws Exception {
        byte[] request = request("x", "Expect: 100-continue");
        int bodyLength = Requests.traces("x").getSerializedSize();
        try (Running running = Running.http("");
                RawHttp raw = open(running)) {
            raw.send(java.util.Arrays.copyOf(request, request.length - bodyLength));
            assertThat(raw.reply().status()).isEqualTo(100);
            raw.send(java.util.Arrays.copyOfRange(request, request.length - bodyLength, request.length));
            assertThat(raw.reply().status()).isEqualTo(200);
        }
    }

    static Stream<Arguments> refusedHeads() {
        String protobuf = "Content-Type: application/x-protobuf\r\n";
        return Stream.of(
                argumentSet("a body that is too large", "/v1/traces", protobuf + "Content-Length: 99999999\r\n", 413),
                argumentSet("another type", "/v1/traces", "Content-Type: text/html\r\nContent-Length: 9\r\n", 415),
                argumentSet("another path", "/v2/traces", protobuf + "Content-Length: 9\r\n", 404),
                argumentSet(
                        "an encoding nobody knows",
                        "/v1/traces",
                        protobuf + "Content-Encoding: br\r\nContent-Length: 9\r\n",
                        400));
    }

    @ParameterizedTest
    @MethodSource("refusedHeads")
    void aClientThatAsksFirstIsToldNotToContinue(String path, String headers, int status) throws Exception {
        try (Running running = Running.http("");
                RawHttp raw = open(running)) {
            raw.send("POST " + path + " HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n" + headers + "\r\n");

            RawHttp.Reply reply = raw.reply();
            assertThat(reply.status()).isEqualTo(status);
            assertThat(reply.header("Connection")).isEqualTo("close");
        }
    }

    @Test
    void anUnknownExpectationFails() throws Exception {
        try (Running running = Running.http("");
                RawHttp raw = open(running)) {
            raw.send(request("x", "Expect: miracles"));

            assertThat(raw.reply().status()).isEqualTo(417);
        }
    }

    @Test
    void aSmallRefusedBodyIsReadAndTheConnectionLivesOn() throws Exception {
        try (Running running = Running.http("");
                RawHttp raw = open(running)) {
            raw.send("POST /elsewhere HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
            RawHttp.Reply reply = raw.reply();
            assertThat(reply.status()).isEqualTo(404);
            assertThat(reply.header("Connection")).isEmpty();

            raw.send(request("x"));
            assertThat(raw.reply().status()).isEqualTo(200);
        }
    }

    @Test
    void anEndlessBodyIsCutAtTheLimit() throws Exception {
        try (Running running = Running.http("max_request_body_size: 64KiB");
                RawHttp raw = open(running)) {
            raw.send(HEAD + "Transfer-Encoding: chunked\r\n\r\n");
            String chunk = "4000\r\n" + "x".repeat(0x4000) + "\r\n";
            for (int i = 0; i < 5; i++) {
                raw.send(chunk);
            }
            RawHttp.Reply reply = raw.reply();

            assertThat(reply.status()).isEqualTo(413);
            assertThat(reply.header("Connection")).isEqualTo("close");
            assertThat(raw.isClosed()).isTrue();
        }
    }

    static Stream<Arguments> unreadable() {
        return Stream.of(
                argumentSet("no HTTP", "hello\r\n\r\n", 400),
                argumentSet("a long line", "POST /" + "x".repeat(9_000) + " HTTP/1.1\r\n\r\n", 414),
                argumentSet("long headers", "POST / HTTP/1.1\r\nA: " + "x".repeat(40_000) + "\r\n\r\n", 431),
                argumentSet("a chunk without length", HEAD + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400));
    }

    @ParameterizedTest
    @MethodSource("unreadable")
    void whatIsNoHttpIsAnsweredAndClosed(String sent, int status) throws Exception {
        try (Running running = Running.http("");
                RawHttp raw = open(running)) {
            raw.send(sent);

            assertThat(raw.reply().status()).isEqualTo(status);
            assertThat(raw.isClosed()).isTrue();
        }
    }

    @Test
    void aSlowBodyIsGivenUp() throws Exception {
        try (Running running = Running.http("read_timeout: 300ms");
                RawHttp raw = open(running)) {
            raw.send(HEAD + "Content-Length: 100\r\n\r\nabc");

            assertThat(raw.reply().status()).isEqualTo(408);
            assertThat(raw.isClosed()).isTrue();
        }
    }

    static Stream<Arguments> heads() {
        return Stream.of(
                argumentSet("of a client that says nothing", ""),
                argumentSet("of a client that says little", "POST /v1/tra"),
                argumentSet("of a client that may speak HTTP/2", "PRI * HT"));
    }

    @ParameterizedTest
    @MethodSource("heads")
    void aSlowHeadIsGivenUp(String sent) throws Exception {
        try (Running running = Running.http("read_header_timeout: 300ms");
                RawHttp raw = open(running)) {
            long begin = System.nanoTime();
            raw.send(sent);

            assertThat(raw.isClosed()).isTrue();
            assertThat((System.nanoTime() - begin) / 1_000_000).isCloseTo(300L, within(5_000L));
        }
    }

    @Test
    void anIdleConnectionIsClosed() throws Exception {
        try (Running running = Running.http("idle_timeout: 300ms");
                RawHttp raw = open(running)) {
            raw.send(request("x"));
            assertThat(raw.reply().status()).isEqualTo(200);

            assertThat(raw.isClosed()).isTrue();
        }
    }

    @Test
    void anAnswerThatTakesTooLongIsGivenUp() throws Exception {
        try (Running running = Running.http("write_timeout: 300ms");
                RawHttp raw = open(running)) {
            running.context.waitsForResult = true;
            raw.send(request("x"));
            assertThat(raw.isClosed()).isTrue();

            running.context.unsettled.get(0).settle();
        }
    }

    static Stream<Arguments> closing() {
        return Stream.of(
                argumentSet("when the client says so", "", "HTTP/1.1", "Connection: close"),
                argumentSet("with HTTP/1.0", "", "HTTP/1.0", "A: b"),
                argumentSet("when it is configured", "keep_alives_enabled: false", "HTTP/1.1", "A: b"));
    }

    @ParameterizedTest
    @MethodSource("closing")
    void theConnectionIsClosedAfterTheAnswer(String options, String version, String header) throws Exception {
        try (Running running = Running.http(options);
                RawHttp raw = open(running)) {
            String request = new String(request("x", header), StandardCharsets.ISO_8859_1);
            raw.send(request.replace("HTTP/1.1", version));

            assertThat(raw.reply().header("Connection")).isEqualTo("close");
            assertThat(raw.isClosed()).isTrue();
        }
    }

    @Test
    void aClientThatLeavesWithinItsBodyLeavesNothingBehind() throws Exception {
        try (Running running = Running.http("")) {
            try (RawHttp raw = open(running)) {
                raw.send(HEAD + "Content-Length: 100000\r\n\r\n" + "x".repeat(50_000));
            }
            try (RawHttp raw = open(running)) {
                raw.send(request("next"));
                assertThat(raw.reply().status()).isEqualTo(200);
            }
            assertThat(running.context.taken).hasSize(1);
            assertThat(running.context.taken.get(0).signal()).isEqualTo(Signal.TRACES);
        }
    }

    @Test
    void aConnectionThatBeginsWithThePrefaceOfHttp2SpeaksHttp2() throws Exception {
        try (Running running = Running.http("");
                RawHttp raw = open(running)) {
            raw.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
            raw.send(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});

            byte[] frameHeader = raw.readBytes(9);
            assertThat(frameHeader[3]).as("type of the first frame: SETTINGS").isEqualTo((byte) 4);
        }
    }
}
