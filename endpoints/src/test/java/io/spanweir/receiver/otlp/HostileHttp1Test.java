package io.spanweir.receiver.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.spanweir.net.Compressed;
import io.spanweir.net.ContentEncoding;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes that no honest client sends over HTTP/1.1, while honest clients go on. */
class HostileHttp1Test {
    private static final String HEAD =
            "POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-protobuf\r\n";
    private static final String TIMEOUTS = "receivers.otlp.protocols.http.";
    private static final long NETTY_BYTES_MAX = 24L << 20;
    private static final int CLOSED = 0;

    /** What is sent over one connection, piece by piece, until the server answers or closes. */
    private interface Pieces {
        byte[] piece(int number);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static Stream<Arguments> attacks() {
        String chunked = HEAD + "Transfer-Encoding: chunked\r\n\r\n";
        return Stream.of(
                argumentSet("a request line without end", 414, (Pieces)
                        number -> ascii(number == 0 ? "GET /" : "a".repeat(1_000))),
                argumentSet("a header without end", 431, (Pieces)
                        number -> ascii(number == 0 ? HEAD + "X: " : "a".repeat(1_000))),
                argumentSet("headers without end", 431, (Pieces)
                        number -> ascii(number == 0 ? HEAD : ("x" + number + ": y\r\n").repeat(50))),
                argumentSet("a chunk extension without end", 414, (Pieces)
                        number -> ascii(number == 0 ? chunked + "1;" : "a".repeat(1_000))),
                argumentSet("a chunk size without end", 414, (Pieces)
                        number -> ascii(number == 0 ? chunked : "0".repeat(1_000))),
                argumentSet("a chunk size beyond 2^63", 400, (Pieces)
                        number -> ascii(number == 0 ? chunked + "ffffffffffffffffff\r\n" : "x")),
                argumentSet(
                        "a negative chunk size", 400, (Pieces) number -> ascii(number == 0 ? chunked + "-1\r\n" : "x")),
                argumentSet("trailers without end", 431, (Pieces)
                        number -> ascii(number == 0 ? chunked + "0\r\n" : ("x" + number + ": y\r\n").repeat(50))),
                argumentSet("chunks without end", 413, (Pieces)
                        number -> ascii(number == 0 ? chunked : "8000\r\n" + "a".repeat(0x8000) + "\r\n")),
                argumentSet("a length beyond the limit", 413, (Pieces)
                        number -> ascii(number == 0 ? HEAD + "Content-Length: 999999999999\r\n\r\n" : "x")),
                argumentSet("a negative length", 400, (Pieces)
                        number -> ascii(number == 0 ? HEAD + "Content-Length: -5\r\n\r\n" : "x")),
                argumentSet("two lengths", 400, (Pieces)
                        number -> ascii(number == 0 ? HEAD + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n" : "x")),
                argumentSet("a length and chunks", 400, (Pieces) number ->
                        ascii(number == 0 ? HEAD + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" : "x")),
                argumentSet("bytes of something else", 400, (Pieces) number -> ascii("\u0000\u0001\u0002\r\n\r\n")));
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void anAttackIsRefusedAndItsConnectionEnded(int status, Pieces pieces) throws Exception {
        try (UnderAttack engine = new UnderAttack()) {
            for (int connection = 0; connection < 3; connection++) {
                try (RawHttp raw = new RawHttp(engine.httpPort)) {
                    Thread sender = new Thread(() -> sendUntilClosed(raw, pieces));
                    sender.start();
                    assertThat(status(raw)).as("answer").isIn(status, CLOSED);
                    assertThat(raw.isClosed()).as("closed").isTrue();
                    sender.join(5_000);
                    assertThat(sender.isAlive())
                            .as("the sender is still sending")
                            .isFalse();
                }
            }
            assertThat(engine.nettyBytesMore()).isLessThan(NETTY_BYTES_MAX);
            engine.assertServed();
        }
    }

    private static void sendUntilClosed(RawHttp raw, Pieces pieces) {
        try {
            for (int number = 0; number < 20_000; number++) {
                raw.send(pieces.piece(number));
            }
        } catch (IOException closed) {
            return; // as it should be
        }
    }

    /** A connection that is reset while bytes arrive can lose the answer. */
    private static int status(RawHttp raw) {
        try {
            return raw.reply().status();
        } catch (IOException closed) {
            return CLOSED;
        }
    }

    static Stream<Arguments> slow() {
        return Stream.of(
                argumentSet("nothing at all", TIMEOUTS + "read_header_timeout=500ms", "", ""),
                argumentSet("a head, byte by byte", TIMEOUTS + "read_header_timeout=500ms", HEAD, "x"),
                argumentSet(
                        "a body, byte by byte",
                        TIMEOUTS + "read_timeout=500ms",
                        HEAD + "Content-Length: 1000\r\n\r\n",
                        "x"),
                argumentSet(
                        "no second request", TIMEOUTS + "idle_timeout=500ms", HEAD + "Content-Length: 0\r\n\r\n", ""));
    }

    @ParameterizedTest
    @MethodSource("slow")
    void whoIsTooSlowIsDisconnected(String option, String first, String drip) throws Exception {
        try (UnderAttack engine = new UnderAttack(option)) {
            List<RawHttp> all = new ArrayList<>();
            try {
                for (int i = 0; i < 50; i++) {
                    RawHttp raw = new RawHttp(engine.httpPort);
                    all.add(raw);
                    raw.send(first);
                }
                Thread dripping = new Thread(() -> drip(all, drip));
                dripping.start();
                for (RawHttp raw : all) {
                    status(raw);
                    assertThat(raw.isClosed()).as("closed").isTrue();
                }
                dripping.join(5_000);
                engine.assertServed();
            } finally {
                for (RawHttp raw : all) {
                    raw.close();
                }
            }
        }
    }

    private static void drip(List<RawHttp> all, String drip) {
        List<RawHttp> open = new ArrayList<>(all);
        for (int round = 0; round < 100 && !open.isEmpty() && !drip.isEmpty(); round++) {
            open.removeIf(raw -> {
                try {
                    raw.send(drip);
                    return false;
                } catch (IOException closed) {
                    return true;
                }
            });
            java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
        }
    }

    @ParameterizedTest
    @EnumSource(value = ContentEncoding.class, names = "IDENTITY", mode = EnumSource.Mode.EXCLUDE)
    void bombsAreRefusedOneAfterTheOther(ContentEncoding encoding) throws Exception {
        byte[] bomb = Compressed.with(encoding, new byte[64 << 20]);
        try (UnderAttack engine = new UnderAttack()) {
            try (RawHttp raw = new RawHttp(engine.httpPort)) {
                ByteArrayOutputStream request = new ByteArrayOutputStream();
                request.writeBytes(ascii(HEAD + "Content-Encoding: " + encoding.token() + "\r\nContent-Length: "
                        + bomb.length + "\r\n\r\n"));
                request.writeBytes(bomb);
                for (int i = 0; i < 5; i++) {
                    raw.send(request.toByteArray());
                    assertThat(raw.reply().status()).isEqualTo(413);
                }
            }
            assertThat(engine.nettyBytesMore()).isLessThan(NETTY_BYTES_MAX);
            engine.assertServed();
        }
    }

    /** Answers that are not read: the server stops to read what is asked, or ends a connection with 128 requests too many. */
    @Test
    void whoReadsNoAnswerIsNotServedForEver() throws Exception {
        byte[] body = Requests.traces("x").toByteArray();
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(ascii(HEAD + "Content-Length: " + body.length + "\r\n\r\n"));
        request.writeBytes(body);
        ByteArrayOutputStream thousand = new ByteArrayOutputStream();
        for (int i = 0; i < 1_000; i++) {
            thousand.writeBytes(request.toByteArray());
        }
        try (UnderAttack engine = new UnderAttack();
                RawHttp deaf = new RawHttp(engine.httpPort)) {
            AtomicInteger sent = new AtomicInteger();
            Thread sender = new Thread(() -> sendUntilClosed(deaf, number -> {
                sent.set(number);
                return thousand.toByteArray();
            }));
            sender.setDaemon(true);
            sender.start();
            sender.join(2_000);
            // What the buffers of the two sockets hold.
            assertThat(sent.get()).as("thousands of requests that were sent").isLessThan(200);
            engine.awaitServed();
            assertThat(engine.nettyBytesMore()).isLessThan(NETTY_BYTES_MAX);
            deaf.close();
            sender.join(5_000);
            engine.assertServed();
        }
    }
}
