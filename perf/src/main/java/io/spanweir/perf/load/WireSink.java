package io.spanweir.perf.load;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;

/**
 * The end of the line: accepts every trace request over gRPC or HTTP/1.1 on a port of this machine and counts what it got.
 * Threading: a thread of its own; the counts from any thread.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // one writer
public final class WireSink implements AutoCloseable {
    private static final int READ_BYTES = 256 << 10;
    private static final int SAMPLE_EVERY = 1_000;

    private final LoadProtocol protocol;
    private final Selector selector;
    private final ServerSocketChannel listener;
    private final Thread thread;
    private final ByteBuffer in = ByteBuffer.allocateDirect(READ_BYTES);
    private final SpanCounter spans = new SpanCounter();
    private final Consumer<SelectionKey> onKey = this::onKey;
    private byte[] inflated = new byte[128 << 10];

    private volatile long requestCount;
    private volatile long spanCount;
    private volatile long byteCount;
    private volatile String problem = "";
    private volatile boolean closing;
    private volatile byte[] sample = {};

    /** Listens on a free port of the loopback address. */
    public WireSink(LoadProtocol protocol) throws IOException {
        this.protocol = protocol;
        selector = Selector.open();
        listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
        thread = new Thread(this::run, "sink");
        thread.setDaemon(true);
        thread.start();
    }

    public int port() {
        return listener.socket().getLocalPort();
    }

    public long requestCount() {
        return requestCount;
    }

    public long spanCount() {
        return spanCount;
    }

    /** Of messages as they came: compressed where they were, without heads and frames. */
    public long byteCount() {
        return byteCount;
    }

    /** Nanoseconds of CPU that the sink's thread has used. */
    public long cpuNanos() {
        return Cpu.ofThreadNanos(thread.getId());
    }

    /** The last thing that went wrong on a connection; empty when nothing did. */
    public String problem() {
        return problem;
    }

    /** One of the last thousand messages, not compressed; to look at what an engine made of it. */
    public byte[] sample() {
        return sample.clone();
    }

    /** Stops listening and cuts the connections. */
    @Override
    public void close() throws IOException {
        closing = true;
        selector.wakeup();
        try {
            thread.join(); // it closes the rest
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Counts a message. Threading: sink. */
    void take(byte[] bytes, int offset, int length, boolean gzip) throws IOException {
        byte[] message = bytes;
        int from = offset;
        int messageLength = length;
        if (gzip) {
            messageLength = inflate(bytes, offset, length);
            message = inflated;
            from = 0;
        }
        int count = spans.count(message, from, messageLength);
        if (requestCount % SAMPLE_EVERY == 0) {
            sample = Arrays.copyOfRange(message, from, from + messageLength);
        }
        requestCount++;
        byteCount += length;
        spanCount += count;
    }

    void problem(IOException e) {
        problem = String.valueOf(e.getMessage());
    }

    private int inflate(byte[] bytes, int offset, int length) throws IOException {
        int inflatedLength = 0;
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes, offset, length), 16 << 10)) {
            int part;
            while ((part = in.read(inflated, inflatedLength, inflated.length - inflatedLength)) >= 0) {
                inflatedLength += part;
                if (inflatedLength == inflated.length) {
                    inflated = Arrays.copyOf(inflated, 2 * inflatedLength);
                }
            }
        } catch (EOFException e) {
            throw new IOException("a gzip body that ends early", e);
        }
        return inflatedLength;
    }

    private void run() {
        try {
            while (!closing) {
                selector.select(onKey);
            }
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void onKey(SelectionKey key) {
        if (!key.isValid()) {
            return;
        }
        if (key.attachment() instanceof SinkConnection connection) {
            connection.onReady(in);
            return;
        }
        try {
            SocketChannel accepted = listener.accept();
            if (accepted == null) {
                return;
            }
            accepted.configureBlocking(false);
            accepted.setOption(StandardSocketOptions.TCP_NODELAY, true);
            SelectionKey its = accepted.register(selector, SelectionKey.OP_READ);
            its.attach(
                    protocol.grpc()
                            ? new GrpcSinkConnection(this, accepted, its)
                            : new HttpSinkConnection(this, accepted, its));
        } catch (IOException e) {
            problem(e);
        }
    }
}
