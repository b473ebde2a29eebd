package io.spanweir.perf.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** A connection of the sink. Threading: the sink's thread. */
abstract class SinkConnection {
    final WireSink sink;
    private final SocketChannel channel;
    private final SelectionKey key;
    private ByteBuffer out = ByteBuffer.allocateDirect(16 << 10);

    SinkConnection(WireSink sink, SocketChannel channel, SelectionKey key) {
        this.sink = sink;
        this.channel = channel;
        this.key = key;
    }

    /** Consumes all that remains in the buffer. */
    abstract void read(ByteBuffer from) throws IOException;

    /** Room for what is to be sent; sent behind what was read. */
    final ByteBuffer out(int length) {
        if (out.remaining() < length) {
            out = ByteBuffer.allocateDirect(2 * (out.position() + length)).put(out.flip());
        }
        return out;
    }

    /** @param in what the thread reads into; empty before and after */
    final void onReady(ByteBuffer in) {
        try {
            if (key.isReadable()) {
                int length;
                do {
                    in.clear();
                    length = channel.read(in);
                    if (length < 0) {
                        channel.close();
                        return;
                    }
                    in.flip();
                    read(in);
                } while (length == in.capacity());
            }
            flush();
        } catch (IOException e) {
            sink.problem(e);
            close();
        }
    }

    final void flush() throws IOException {
        out.flip();
        if (out.hasRemaining()) {
            channel.write(out);
        }
        int wanted = out.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
        out.compact();
        if (key.interestOps() != wanted) {
            key.interestOps(wanted);
        }
    }

    private void close() {
        try {
            channel.close();
        } catch (IOException e) {
            sink.problem(e);
        }
    }
}
