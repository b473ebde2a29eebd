package io.spanweir.perf.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** A connection of the generator. Threading: the generator's thread. */
abstract class LoadConnection {
    /** How calls end. */
    interface Ends {
        /** @param problem nothing when the request was accepted */
        void ended(LoadConnection connection, long sinceNanos, @Nullable String problem);
    }

    private static final int READ_BYTES = 64 << 10;

    final Ends ends;
    final RequestImages images;
    private final ByteBuffer in = ByteBuffer.allocateDirect(READ_BYTES);
    private final SocketChannel channel;
    private final SelectionKey key;
    private boolean open = true;

    LoadConnection(InetSocketAddress server, Selector selector, RequestImages images, Ends ends) throws IOException {
        this.images = images;
        this.ends = ends;
        channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        try {
            channel.connect(server);
            channel.configureBlocking(false);
            key = channel.register(selector, SelectionKey.OP_READ, this);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Whether another call may begin now. */
    abstract boolean ready();

    /** Calls that have begun and not ended. */
    abstract int underWay();

    /**
     * Begins a call.
     *
     * @param sinceNanos from when its latency counts, by {@link System#nanoTime}
     */
    abstract void start(long sinceNanos) throws IOException;

    /** Sends what can be sent; whether the system took it all. */
    abstract boolean flush() throws IOException;

    abstract void read(ByteBuffer from) throws IOException;

    /** Ends all calls under way. */
    abstract void abandon(String problem);

    final boolean open() {
        return open;
    }

    /** What the selector found. */
    final void onReady() {
        if (!open) {
            return;
        }
        try {
            if (key.isReadable()) {
                receive();
            }
            send();
        } catch (IOException | IllegalStateException e) {
            fail(String.valueOf(e.getMessage()));
        }
    }

    final void begin(long sinceNanos) {
        try {
            start(sinceNanos);
            send();
        } catch (IOException e) {
            fail(String.valueOf(e.getMessage()));
        }
    }

    final void close() {
        open = false;
        try {
            channel.close();
        } catch (IOException e) {
            throw new IllegalStateException("a socket that cannot be closed", e);
        }
    }

    /** Returns whether all of the buffer was taken. */
    final boolean write(ByteBuffer bytes) throws IOException {
        channel.write(bytes);
        return !bytes.hasRemaining();
    }

    private void send() throws IOException {
        int wanted = flush() ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE;
        if (key.interestOps() != wanted) {
            key.interestOps(wanted);
        }
    }

    private void receive() throws IOException {
        int length;
        do {
            in.clear();
            length = channel.read(in);
            if (length < 0) {
                throw new IOException("the server closed the connection");
            }
            in.flip();
            read(in);
        } while (length == READ_BYTES);
    }

    private void fail(String problem) {
        close();
        abandon(problem);
    }
}
