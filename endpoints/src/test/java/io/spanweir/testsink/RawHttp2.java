package io.spanweir.testsink;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * HTTP/2 by hand over one socket: frames that no client library would send, as many as the server stands. Frames are gathered
 * and leave at {@link #flush}; what the server sends is read by a thread of its own, or not at all. Source: RFC 9113, RFC 7541.
 */
public final class RawHttp2 implements Closeable {
    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int PRIORITY = 2;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;

    public static final int END_STREAM = 1;
    public static final int ACK = 1;
    public static final int END_HEADERS = 4;

    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int FRAMES_KEPT_MAX = 10_000;

    /** One frame that the server sent. */
    public record Frame(int type, int flags, int stream, byte[] payload) {
        /** The error of RST_STREAM or GOAWAY. */
        public int error() {
            int at = type == GOAWAY ? 4 : 0;
            return (payload[at] & 0xFF) << 24
                    | (payload[at + 1] & 0xFF) << 16
                    | (payload[at + 2] & 0xFF) << 8
                    | payload[at + 3] & 0xFF;
        }
    }

    private final Socket socket;
    private final OutputStream out;
    private final ByteArrayOutputStream gathered = new ByteArrayOutputStream();
    private final Queue<Frame> frames = new ConcurrentLinkedQueue<>();
    private final AtomicLong frameCount = new AtomicLong();
    private final CountDownLatch ended = new CountDownLatch(1);

    private RawHttp2(String from, int port) throws IOException {
        socket = new Socket(InetAddress.getByName("127.0.0.1"), port, InetAddress.getByName(from), 0);
        socket.setTcpNoDelay(true);
        out = socket.getOutputStream();
    }

    /** With preface and settings, and a thread that reads. */
    public static RawHttp2 connect(int port) throws IOException {
        return connect("127.0.0.1", port);
    }

    /** As {@link #connect(int)}, from another address of this machine. */
    public static RawHttp2 connect(String from, int port) throws IOException {
        RawHttp2 connection = new RawHttp2(from, port);
        connection.preface(new byte[0]);
        connection.read();
        return connection;
    }

    /** As {@link #connect}, with a window of zero for every answer. */
    public static RawHttp2 connectWithoutWindow(int port) throws IOException {
        RawHttp2 connection = silent(port);
        connection.preface(new byte[] {0, INITIAL_WINDOW_SIZE, 0, 0, 0, 0});
        connection.read();
        return connection;
    }

    /** With preface and settings; what the server sends stays in the buffers of the two sockets. */
    public static RawHttp2 connectDeaf(int port) throws IOException {
        RawHttp2 connection = silent(port);
        connection.socket.setReceiveBufferSize(4 << 10);
        connection.preface(new byte[0]);
        return connection;
    }

    /** Connected, and nothing is said. */
    public static RawHttp2 silent(int port) throws IOException {
        return new RawHttp2("127.0.0.1", port);
    }

    private void preface(byte[] settings) throws IOException {
        gathered.write(PREFACE);
        frame(SETTINGS, 0, 0, settings).flush();
    }

    /** Begins to read what the server sends, to its end. */
    public void read() {
        Thread reader = new Thread(this::readAll, "raw-http2");
        reader.setDaemon(true);
        reader.start();
    }

    private void readAll() {
        try (DataInputStream in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()))) {
            while (true) {
                int lengthAndType = in.readInt();
                int flags = in.readUnsignedByte();
                int stream = in.readInt() & Integer.MAX_VALUE;
                byte[] payload = in.readNBytes(lengthAndType >>> 8);
                frameCount.incrementAndGet();
                if (frames.size() < FRAMES_KEPT_MAX || (lengthAndType & 0xFF) == GOAWAY) {
                    frames.add(new Frame(lengthAndType & 0xFF, flags, stream, payload));
                }
            }
        } catch (IOException end) {
            ended.countDown();
        }
    }

    public RawHttp2 frame(int type, int flags, int stream, byte... payload) {
        gathered.write(payload.length >>> 16);
        gathered.write(payload.length >>> 8);
        gathered.write(payload.length);
        gathered.write(type);
        gathered.write(flags);
        number(gathered, stream);
        gathered.writeBytes(payload);
        return this;
    }

    /** Four bytes of payload. */
    public RawHttp2 frame(int type, int flags, int stream, int value) {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        number(payload, value);
        return frame(type, flags, stream, payload.toByteArray());
    }

    private static void number(ByteArrayOutputStream target, int value) {
        target.write(value >>> 24);
        target.write(value >>> 16);
        target.write(value >>> 8);
        target.write(value);
    }

    /** The headers of an export of traces, over gRPC or HTTP; more as name and value in turns. */
    public static byte[] exportHeaders(boolean grpc, String... more) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        header(block, ":method", "POST");
        header(block, ":scheme", "http");
        header(block, ":authority", "a");
        if (grpc) {
            header(block, ":path", "/opentelemetry.proto.collector.trace.v1.TraceService/Export");
            header(block, "content-type", "application/grpc");
            header(block, "te", "trailers");
        } else {
            header(block, ":path", "/v1/traces");
            header(block, "content-type", "application/x-protobuf");
        }
        for (int i = 0; i < more.length; i += 2) {
            header(block, more[i], more[i + 1]);
        }
        return block.toByteArray();
    }

    /** A literal without indexing: no table, no Huffman. */
    public static void header(ByteArrayOutputStream block, String name, String value) {
        block.write(0);
        text(block, name);
        text(block, value);
    }

    private static void text(ByteArrayOutputStream block, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length < 127) {
            block.write(bytes.length);
        } else {
            block.write(127);
            int rest = bytes.length - 127;
            for (; rest >= 128; rest >>>= 7) {
                block.write(rest & 127 | 128);
            }
            block.write(rest);
        }
        block.writeBytes(bytes);
    }

    /** Sends what was gathered. @throws IOException when the server has closed the connection */
    public RawHttp2 flush() throws IOException {
        try {
            gathered.writeTo(out);
            out.flush();
        } finally {
            gathered.reset();
        }
        return this;
    }

    /** Frames that have arrived so far; all of the first ten thousand, of later ones only GOAWAY. */
    public List<Frame> frames() {
        return List.copyOf(frames);
    }

    public List<Frame> frames(int type) {
        return frames.stream().filter(frame -> frame.type == type).toList();
    }

    /** The error of the last GOAWAY; -1 when there was none. */
    public int goAway() {
        List<Frame> all = frames(GOAWAY);
        return all.isEmpty() ? -1 : all.get(all.size() - 1).error();
    }

    /** Waits for the end of the connection by the server. */
    public boolean awaitEnd(long millis) throws InterruptedException {
        return ended.await(millis, TimeUnit.MILLISECONDS);
    }

    public boolean isEnded() {
        return ended.getCount() == 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
