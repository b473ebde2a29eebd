package io.spanweir.perf.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Locale;

/** Posts trace requests over one connection of HTTP/1.1, one after the other. Threading: one thread. */
public final class RawHttpClient implements AutoCloseable {
    private static final String CONTENT_LENGTH = "content-length:";

    private final Socket socket;
    private final OutputStream out;
    private final InputStream in;

    public RawHttpClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        out = socket.getOutputStream();
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** Sends a request and reads its answer; false when it is refused for now, thrown when for another reason. */
    public boolean post(byte[] body) throws IOException {
        String head = "POST /v1/traces HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-protobuf\r\n"
                + "content-length: " + body.length + "\r\n\r\n";
        out.write(head.getBytes(US_ASCII));
        out.write(body);
        String status = line(in);
        int length = contentLength(in);
        in.skipNBytes(length);
        boolean accepted = status.contains(" 200 ");
        if (!accepted && !status.contains(" 503 ")) {
            throw new IOException("answered " + status);
        }
        return accepted;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** A line without its end; empty at the end of a head or of the stream. */
    static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        int next = in.read();
        while (next >= 0 && next != '\n') {
            if (next != '\r') {
                line.append((char) next);
            }
            next = in.read();
        }
        return line.toString();
    }

    /** Reads the headers of a message; 0 when its length is not given. */
    static int contentLength(InputStream in) throws IOException {
        int length = 0;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            if (header.toLowerCase(Locale.ROOT).startsWith(CONTENT_LENGTH)) {
                length = Integer.parseInt(
                        header.substring(CONTENT_LENGTH.length()).trim());
            }
        }
        return length;
    }
}
