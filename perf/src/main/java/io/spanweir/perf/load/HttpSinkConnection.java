package io.spanweir.perf.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** HTTP/1.1: every request is answered with status 200 and no body. Bodies must have a length. */
final class HttpSinkConnection extends SinkConnection {
    private static final byte[] ANSWER =
            "HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LENGTH_REQUIRED =
            "HTTP/1.1 411 Length Required\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int HEAD_MAX = 16 << 10;
    private static final int BODY_MAX = 16 << 20;

    private final byte[] head = new byte[HEAD_MAX];
    private int headLength;
    private byte[] body = new byte[128 << 10];
    private int bodyLength;
    private int bodyLeft = -1;
    private boolean gzip;

    HttpSinkConnection(WireSink sink, SocketChannel channel, SelectionKey key) {
        super(sink, channel, key);
    }

    @Override
    void read(ByteBuffer from) throws IOException {
        while (from.hasRemaining()) {
            if (bodyLeft < 0) {
                readHead(from);
            }
            int part = Math.min(Math.max(0, bodyLeft), from.remaining());
            from.get(body, bodyLength, part);
            bodyLength += part;
            bodyLeft -= part;
            if (bodyLeft == 0) {
                sink.take(body, 0, bodyLength, gzip);
                out(ANSWER.length).put(ANSWER);
                headLength = 0;
                bodyLeft = -1;
            }
        }
    }

    private void readHead(ByteBuffer from) throws IOException {
        while (from.hasRemaining()) {
            if (headLength == HEAD_MAX) {
                throw new IOException("a head of more than " + HEAD_MAX + " bytes");
            }
            byte next = from.get();
            head[headLength++] = next;
            if (next == '\n' && headLength > 3 && head[headLength - 3] == '\n') {
                onHead(new String(head, 0, headLength, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT));
                return;
            }
        }
    }

    private void onHead(String text) throws IOException {
        String length = field(text, "content-length");
        if (length.isEmpty()) {
            out(LENGTH_REQUIRED.length).put(LENGTH_REQUIRED);
            flush();
            throw new IOException("a request without Content-Length: " + text);
        }
        bodyLeft = Integer.parseInt(length);
        if (bodyLeft > BODY_MAX) {
            throw new IOException("a body of " + bodyLeft + " bytes");
        }
        bodyLength = 0;
        if (body.length < bodyLeft) {
            body = Arrays.copyOf(body, bodyLeft);
        }
        String encoding = field(text, "content-encoding");
        gzip = encoding.equals("gzip");
        if (!gzip && !encoding.isEmpty() && !encoding.equals("identity")) {
            throw new IOException("a body in " + encoding);
        }
    }

    /**
     * The value of a field, empty when there is none.
     *
     * @param head in small letters
     */
    static String field(String head, String name) {
        int at = head.indexOf("\n" + name + ":");
        return at < 0
                ? ""
                : head.substring(at + name.length() + 2, head.indexOf("\r\n", at + 1))
                        .strip();
    }
}
