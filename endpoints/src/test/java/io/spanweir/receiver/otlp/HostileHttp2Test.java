package io.spanweir.receiver.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.spanweir.testsink.RawHttp2;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Frames that no honest peer sends, against both servers that speak HTTP/2, while honest clients go on. */
class HostileHttp2Test {
    private static final int PROTOCOL_ERROR = 1;
    private static final int FLOW_CONTROL_ERROR = 3;
    private static final int FRAME_SIZE_ERROR = 6;
    private static final int REFUSED_STREAM = 7;
    private static final int COMPRESSION_ERROR = 9;
    private static final int ENHANCE_YOUR_CALM = 11;

    private static final int NO_GOAWAY = -1;

    private static final int BURSTS_MAX = 40;
    private static final int FRAMES_PER_BURST = 500;
    private static final int STREAMS_AT_ONCE = 50;
    private static final long END_MILLIS = 5_000;
    private static final long NETTY_BYTES_MAX = 24L << 20;

    /** Adds one more of what makes the flood; numbers run from 0. */
    interface Flood {
        void add(RawHttp2 connection, int number, boolean grpc) throws IOException;
    }

    private static int stream(int number) {
        return 2 * number + 1;
    }

    private static byte[] headerBlock(boolean grpc) {
        return RawHttp2.exportHeaders(grpc);
    }

    static Stream<Arguments> floods() {
        byte[] none = {};
        List<Arguments> rows = new ArrayList<>();
        for (boolean grpc : new boolean[] {true, false}) {
            String of = grpc ? "gRPC, " : "HTTP, ";
            rows.add(argumentSet(of + "rapid reset", grpc, ENHANCE_YOUR_CALM, (Flood) (raw, number, isGrpc) ->
                    raw.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, stream(number), headerBlock(isGrpc))
                            .frame(RawHttp2.RST_STREAM, 0, stream(number), 8)));
            rows.add(argumentSet(
                    of + "resets of ours provoked by a window update of 0", grpc, ENHANCE_YOUR_CALM, (Flood)
                            (raw, number, isGrpc) -> raw.frame(
                                            RawHttp2.HEADERS, RawHttp2.END_HEADERS, stream(number), headerBlock(isGrpc))
                                    .frame(RawHttp2.WINDOW_UPDATE, 0, stream(number), 0)));
            if (grpc) { // over HTTP the request is complete, and answered before the data comes
                rows.add(argumentSet(
                        of + "resets of ours provoked by data behind the end", grpc, ENHANCE_YOUR_CALM, (Flood)
                                HostileHttp2Test::dataBehindTheEnd));
            }
            rows.add(argumentSet(of + "settings", grpc, ENHANCE_YOUR_CALM, (Flood)
                    (raw, number, isGrpc) -> raw.frame(RawHttp2.SETTINGS, 0, 0, new byte[] {0, 4, 0, 1, 0, 0})));
            rows.add(argumentSet(of + "pings", grpc, ENHANCE_YOUR_CALM, (Flood)
                    (raw, number, isGrpc) -> raw.frame(RawHttp2.PING, 0, 0, new byte[8])));
            rows.add(argumentSet(of + "answers to pings", grpc, ENHANCE_YOUR_CALM, (Flood)
                    (raw, number, isGrpc) -> raw.frame(RawHttp2.PING, RawHttp2.ACK, 0, new byte[8])));
            rows.add(argumentSet(of + "priorities", grpc, ENHANCE_YOUR_CALM, (Flood) (raw, number, isGrpc) ->
                    raw.frame(RawHttp2.PRIORITY, 0, stream(number), new byte[] {0, 0, 0, 0, 16})));
            rows.add(argumentSet(of + "window updates", grpc, ENHANCE_YOUR_CALM, (Flood)
                    (raw, number, isGrpc) -> raw.frame(RawHttp2.WINDOW_UPDATE, 0, 0, 1)));
            rows.add(argumentSet(of + "window updates beyond 2^31", grpc, FLOW_CONTROL_ERROR, (Flood)
                    (raw, number, isGrpc) -> raw.frame(RawHttp2.WINDOW_UPDATE, 0, 0, Integer.MAX_VALUE)));
            rows.add(argumentSet(of + "frames of an unknown type", grpc, ENHANCE_YOUR_CALM, (Flood)
                    (raw, number, isGrpc) -> raw.frame(0xEE, 0, 0, new byte[8])));
            rows.add(argumentSet(of + "empty data", grpc, ENHANCE_YOUR_CALM, (Flood) (raw, number, isGrpc) -> {
                if (number == 0) {
                    raw.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 1, headerBlock(isGrpc));
                }
                raw.frame(RawHttp2.DATA, 0, 1, none);
            }));
            rows.add(argumentSet(of + "continuations", grpc, ENHANCE_YOUR_CALM, (Flood) (raw, number, isGrpc) -> {
                if (number == 0) {
                    raw.frame(RawHttp2.HEADERS, 0, 1, headerBlock(isGrpc));
                }
                raw.frame(RawHttp2.CONTINUATION, 0, 1, none);
            }));
            rows.add(argumentSet(of + "continuations of 1 KiB", grpc, ENHANCE_YOUR_CALM, (Flood)
                    (raw, number, isGrpc) -> {
                        if (number == 0) {
                            raw.frame(RawHttp2.HEADERS, 0, 1, headerBlock(isGrpc));
                        }
                        ByteArrayOutputStream more = new ByteArrayOutputStream();
                        RawHttp2.header(more, "x" + number, "v".repeat(1_000));
                        raw.frame(RawHttp2.CONTINUATION, 0, 1, more.toByteArray());
                    }));
            rows.add(argumentSet(of + "pushes", grpc, PROTOCOL_ERROR, (Flood)
                    (raw, number, isGrpc) -> raw.frame(5, RawHttp2.END_HEADERS, 1, new byte[] {0, 0, 0, 2})));
            rows.add(argumentSet(of + "a frame longer than allowed", grpc, FRAME_SIZE_ERROR, (Flood)
                    (raw, number, isGrpc) -> raw.frame(RawHttp2.DATA, 0, 1, new byte[100_000])));
            rows.add(argumentSet(of + "headers that are no HPACK", grpc, COMPRESSION_ERROR, (Flood)
                    (raw, number, isGrpc) -> raw.frame(
                            RawHttp2.HEADERS, RawHttp2.END_HEADERS, stream(number), new byte[] {-1, -1, -1, -1, 127})));
            rows.add(argumentSet(
                    of + "more streams than allowed", grpc, ENHANCE_YOUR_CALM, (Flood) (raw, number, isGrpc) ->
                            raw.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, stream(number), headerBlock(isGrpc))));
        }
        return rows.stream();
    }

    @ParameterizedTest
    @MethodSource("floods")
    void aFloodEndsItsConnectionAndNoOther(boolean grpc, int error, Flood flood) throws Exception {
        try (UnderAttack engine = new UnderAttack()) {
            Set<Integer> told = new HashSet<>();
            // A server that closes while bytes arrive resets the connection, and what it said last may be lost.
            for (int connection = 0; connection < 3 || (connection < 20 && told.isEmpty()); connection++) {
                try (RawHttp2 raw = RawHttp2.connect(engine.port(grpc))) {
                    send(raw, grpc, flood);
                    assertThat(raw.awaitEnd(END_MILLIS))
                            .as("end of the connection, answers %s", summary(raw))
                            .isTrue();
                    told.add(raw.goAway());
                    told.remove(NO_GOAWAY);
                }
            }
            assertThat(told).as("errors of the GOAWAY frames").containsExactly(error);
            assertThat(engine.nettyBytesMore()).isLessThan(NETTY_BYTES_MAX);
            engine.assertServed();
        }
    }

    /**
     * Within the streams that may be open at once: to the codec a stream that it refuses never was, and data for it is another
     * error, of protocol. A stream is open until its answer has left.
     */
    private static void dataBehindTheEnd(RawHttp2 raw, int number, boolean grpc) throws IOException {
        if (number % STREAMS_AT_ONCE == 0) {
            raw.flush();
            await().until(() -> raw.isEnded() || ended(raw) >= number);
        }
        raw.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS | RawHttp2.END_STREAM, stream(number), headerBlock(grpc))
                .frame(RawHttp2.DATA, 0, stream(number), new byte[10]);
    }

    static long ended(RawHttp2 raw) {
        return raw.frames().stream()
                .filter(frame -> frame.type() == RawHttp2.HEADERS || frame.type() == RawHttp2.RST_STREAM)
                .map(RawHttp2.Frame::stream)
                .distinct()
                .count();
    }

    /** How many frames of each type, with the errors of resets. */
    private static Map<String, Long> summary(RawHttp2 raw) {
        return raw.frames().stream()
                .collect(Collectors.groupingBy(
                        frame -> frame.type() == RawHttp2.RST_STREAM || frame.type() == RawHttp2.GOAWAY
                                ? frame.type() + "/" + frame.error()
                                : frame.type() + "",
                        TreeMap::new,
                        Collectors.counting()));
    }

    /** Until the server closes, within bounds. */
    static void send(RawHttp2 raw, boolean grpc, Flood flood) {
        try {
            for (int burst = 0; burst < BURSTS_MAX && !raw.isEnded(); burst++) {
                for (int i = 0; i < FRAMES_PER_BURST; i++) {
                    flood.add(raw, burst * FRAMES_PER_BURST + i, grpc);
                }
                raw.flush();
            }
        } catch (IOException closed) {
            return; // as it should be
        }
    }

    /** Sends something once and waits for what comes of it. */
    private interface Attack {
        void run(UnderAttack engine, boolean grpc) throws Exception;
    }

    static Stream<Arguments> attacks() {
        List<Arguments> rows = new ArrayList<>();
        for (boolean grpc : new boolean[] {true, false}) {
            String of = grpc ? "gRPC, " : "HTTP, ";
            rows.add(argumentSet(of + "headers longer than allowed", grpc, (Attack) HostileHttp2Test::longHeaders));
            rows.add(argumentSet(of + "ten thousand headers", grpc, (Attack) HostileHttp2Test::manyHeaders));
            rows.add(argumentSet(of + "one more stream than allowed", grpc, (Attack) HostileHttp2Test::manyStreams));
            rows.add(argumentSet(of + "no window for a hundred answers", grpc, (Attack) HostileHttp2Test::noWindow));
            rows.add(argumentSet(of + "answers that nobody reads", grpc, (Attack) HostileHttp2Test::deaf));
            rows.add(argumentSet(
                    of + "a hundred bodies that stop half way", grpc, (Attack) HostileHttp2Test::halfBodies));
            rows.add(argumentSet(
                    of + "a hundred connections that say nothing", grpc, (Attack) HostileHttp2Test::silence));
        }
        return rows.stream();
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void anAttackIsBoundedAndOthersAreServed(boolean grpc, Attack attack) throws Exception {
        try (UnderAttack engine = new UnderAttack()) {
            attack.run(engine, grpc);
            assertThat(engine.nettyBytesMore()).isLessThan(NETTY_BYTES_MAX);
            engine.assertServed();
        }
    }

    private static void longHeaders(UnderAttack engine, boolean grpc) throws Exception {
        try (RawHttp2 raw = RawHttp2.connect(engine.port(grpc))) {
            byte[] block = RawHttp2.exportHeaders(grpc, "x", "v".repeat(100_000));
            int at = 0;
            for (int type = RawHttp2.HEADERS; at < block.length; type = RawHttp2.CONTINUATION) {
                int end = Math.min(at + 16_000, block.length);
                raw.frame(type, end == block.length ? RawHttp2.END_HEADERS : 0, 1, Arrays.copyOfRange(block, at, end));
                at = end;
            }
            raw.flush();
            awaitRefused(raw);
            engine.awaitServed();
        }
    }

    private static void manyHeaders(UnderAttack engine, boolean grpc) throws Exception {
        try (RawHttp2 raw = RawHttp2.connect(engine.port(grpc))) {
            raw.frame(RawHttp2.HEADERS, 0, 1, RawHttp2.exportHeaders(grpc));
            for (int part = 0; part < 10; part++) {
                ByteArrayOutputStream block = new ByteArrayOutputStream();
                for (int i = 0; i < 1_000; i++) {
                    RawHttp2.header(block, "x" + part * 1_000 + i, "");
                }
                raw.frame(RawHttp2.CONTINUATION, part == 9 ? RawHttp2.END_HEADERS : 0, 1, block.toByteArray());
            }
            raw.flush();
            awaitRefused(raw);
            engine.awaitServed();
        }
    }

    /** 431, a reset or a GOAWAY. */
    private static void awaitRefused(RawHttp2 raw) {
        await().until(() -> raw.isEnded()
                || raw.frames().stream()
                        .anyMatch(frame -> frame.stream() == 1
                                && (frame.type() == RawHttp2.RST_STREAM || frame.type() == RawHttp2.HEADERS)));
        assertThat(raw.frames(RawHttp2.HEADERS).size()
                        + raw.frames(RawHttp2.RST_STREAM).size()
                        + raw.goAway())
                .as("answers %s", summary(raw))
                .isGreaterThanOrEqualTo(0);
    }

    private static void manyStreams(UnderAttack engine, boolean grpc) throws Exception {
        try (RawHttp2 raw = RawHttp2.connect(engine.port(grpc))) {
            for (int i = 0; i <= 100; i++) {
                raw.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, stream(i), headerBlock(grpc));
            }
            raw.flush();
            await().until(() -> !raw.frames(RawHttp2.RST_STREAM).isEmpty());
            assertThat(raw.frames(RawHttp2.RST_STREAM)).singleElement().satisfies(reset -> {
                assertThat(reset.stream()).isEqualTo(stream(100));
                assertThat(reset.error()).isEqualTo(REFUSED_STREAM);
            });
            engine.awaitServed();
        }
    }

    private static void noWindow(UnderAttack engine, boolean grpc) throws Exception {
        try (RawHttp2 raw = RawHttp2.connectWithoutWindow(engine.port(grpc))) {
            byte[] empty = grpc ? new byte[5] : new byte[0];
            for (int i = 0; i < 5_000; i++) {
                raw.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, stream(i), headerBlock(grpc))
                        .frame(RawHttp2.DATA, RawHttp2.END_STREAM, stream(i), empty);
            }
            flushUntilClosed(raw);
            engine.awaitServed();
        }
    }

    /** The server writes until its side is full; what it would write then is bounded, or the connection ends. */
    private static void deaf(UnderAttack engine, boolean grpc) throws Exception {
        try (RawHttp2 raw = RawHttp2.connectDeaf(engine.port(grpc))) {
            byte[] empty = grpc ? new byte[5] : new byte[0];
            for (int i = 0; i < 20_000; i++) {
                raw.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, stream(i), headerBlock(grpc))
                        .frame(RawHttp2.DATA, RawHttp2.END_STREAM, stream(i), empty);
            }
            Thread sender = new Thread(() -> flushUntilClosed(raw));
            sender.start();
            engine.awaitServed();
            sender.join(2_000);
            engine.awaitServed();
        }
    }

    private static void halfBodies(UnderAttack engine, boolean grpc) throws Exception {
        try (RawHttp2 raw = RawHttp2.connect(engine.port(grpc))) {
            byte[] half = new byte[9_000];
            half[3] = 0x40; // of a message of 16 KiB
            for (int i = 0; i < 100; i++) {
                raw.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, stream(i), headerBlock(grpc))
                        .frame(RawHttp2.DATA, 0, stream(i), half);
            }
            raw.flush();
            engine.awaitServed();
            assertThat(raw.isEnded()).isFalse();
        }
        engine.awaitServed();
    }

    private static void silence(UnderAttack engine, boolean grpc) throws Exception {
        List<RawHttp2> open = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                open.add(RawHttp2.silent(engine.port(grpc)));
            }
            engine.awaitServed();
        } finally {
            for (RawHttp2 one : open) {
                one.close();
            }
        }
    }

    private static void flushUntilClosed(RawHttp2 raw) {
        try {
            raw.flush();
        } catch (IOException closed) {
            return; // as it may be
        }
    }
}
