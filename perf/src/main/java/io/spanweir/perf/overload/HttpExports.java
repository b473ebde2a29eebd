package io.spanweir.perf.overload;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Exports over one connection of HTTP/1.1, one after the other. Threading: one thread. */
final class HttpExports implements Closeable {
    private static final int ANSWER_MILLIS_MAX = 20_000;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private boolean retryTime;

    HttpExports(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(ANSWER_MILLIS_MAX);
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    static byte[] head(int bodyLength, String more) {
        return ("POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-protobuf\r\n" + more
                        + "Content-Length: " + bodyLength + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Sends a request and waits for its answer, of which the status is returned. */
    int export(byte[] body) throws IOException {
        byte[] head = head(body.length, "");
        byte[] request = new byte[head.length + body.length];
        System.arraycopy(head, 0, request, 0, head.length);
        System.arraycopy(body, 0, request, head.length, body.length);
        out.write(request);
        return answer();
    }

    int answer() throws IOException {
        int status = Integer.parseInt(line().split(" ", 3)[1]);
        int length = 0;
        retryTime = false;
        for (String header = line(); !header.isEmpty(); header = line()) {
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(lower.substring(15).strip());
            }
            retryTime |= lower.startsWith("retry-after:");
        }
        in.skipNBytes(length);
        return status;
    }

    /** Whether the last answer said when to come again. */
    boolean hasRetryTime() {
        return retryTime;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int one = in.read(); one != '\n'; one = in.read()) {
            if (one < 0) {
                throw new IOException("closed");
            }
            line.append((char) one);
        }
        return line.toString().strip();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
