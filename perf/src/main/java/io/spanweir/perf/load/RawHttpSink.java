package io.spanweir.perf.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Answers every request of HTTP/1.1 with 200 and counts its bytes. A thread a connection. Threading: any thread. */
public final class RawHttpSink implements AutoCloseable {
    private static final byte[] ANSWER =
            "HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\n\r\n".getBytes(US_ASCII);

    private final ServerSocket server;
    private long bodyBytes;

    public RawHttpSink() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon(this::acceptAll);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Bytes of all bodies so far. */
    public synchronized long bodyBytes() {
        return bodyBytes;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void acceptAll() {
        while (!server.isClosed()) {
            try {
                Socket accepted = server.accept();
                accepted.setTcpNoDelay(true);
                daemon(() -> answerAll(accepted));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void answerAll(Socket accepted) {
        try (accepted) {
            InputStream in = new BufferedInputStream(accepted.getInputStream(), 1 << 16);
            byte[] body = new byte[1 << 20];
            while (!RawHttpClient.line(in).isEmpty()) {
                int length = RawHttpClient.contentLength(in);
                for (int left = length; left > 0; ) {
                    int read = in.read(body, 0, Math.min(left, body.length));
                    if (read < 0) {
                        return;
                    }
                    left -= read;
                }
                accepted.getOutputStream().write(ANSWER);
                synchronized (this) {
                    bodyBytes += length;
                }
            }
        } catch (IOException closed) {
            return;
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "sink");
        thread.setDaemon(true);
        thread.start();
    }
}
