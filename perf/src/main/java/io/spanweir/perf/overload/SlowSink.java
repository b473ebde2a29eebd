package io.spanweir.perf.overload;

import io.spanweir.wire.OtlpLimits;
import io.spanweir.wire.OtlpScanner;
import io.spanweir.wire.Signal;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** A backend of OTLP/HTTP that takes so many bytes a second and no more, over all connections. Threading: any thread. */
final class SlowSink implements Closeable {
    private static final byte[] TAKEN =
            "HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final AtomicLong spans = new AtomicLong();
    private final AtomicLong freeAtNanos = new AtomicLong(System.nanoTime());
    private volatile long bytesPerSecond;

    /** @param bytesPerSecond 0 for as fast as it comes */
    SlowSink(long bytesPerSecond) throws IOException {
        this.bytesPerSecond = bytesPerSecond;
        Threads.start("sink", () -> {
            while (!server.isClosed()) {
                Socket socket = server.accept();
                Threads.start("sink-connection", () -> serve(socket));
            }
        });
    }

    int port() {
        return server.getLocalPort();
    }

    long spanCount() {
        return spans.get();
    }

    void bytesPerSecond(long rate) {
        bytesPerSecond = rate;
        freeAtNanos.set(System.nanoTime());
    }

    private void serve(Socket socket) throws IOException {
        OtlpScanner scanner = new OtlpScanner(OtlpLimits.DEFAULTS);
        try (socket;
                InputStream in = new BufferedInputStream(socket.getInputStream(), 64 << 10)) {
            for (int length = contentLength(in); length >= 0; length = contentLength(in)) {
                byte[] body = in.readNBytes(length);
                if (body.length < length) {
                    return;
                }
                waitFor(length);
                spans.addAndGet(Math.max(0, scanner.scan(Signal.TRACES, body, 0, length)));
                socket.getOutputStream().write(TAKEN);
            }
        }
    }

    private void waitFor(int length) {
        long rate = bytesPerSecond;
        if (rate == 0) {
            return;
        }
        long costNanos = length * 1_000_000_000L / rate;
        long untilNanos = freeAtNanos.updateAndGet(free -> Math.max(free, System.nanoTime()) + costNanos);
        for (long left = untilNanos - System.nanoTime(); left > 0; left = untilNanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** Reads a head; -1 at the end of the connection. */
    private static int contentLength(InputStream in) throws IOException {
        int length = 0;
        StringBuilder line = new StringBuilder();
        for (int one = in.read(); one >= 0; one = in.read()) {
            if (one != '\n') {
                line.append((char) one);
                continue;
            }
            String text = line.toString().strip().toLowerCase(Locale.ROOT);
            if (text.isEmpty()) {
                return length;
            }
            if (text.startsWith("content-length:")) {
                length = Integer.parseInt(text.substring(text.indexOf(':') + 1).strip());
            }
            line.setLength(0);
        }
        return -1;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
