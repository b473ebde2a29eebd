package io.spanweir.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.spanweir.net.ContentDecoders.Result;
import org.jspecify.annotations.Nullable;

/** The body of one request while it arrives, as it was sent. Threading: I/O thread. */
final class RequestBody extends BodyBudget.Body {
    /** What is set aside before anything has arrived: a length can be announced and never come. */
    private static final int INITIAL_BYTES_MAX = 64 << 10;

    /** What became of a piece. */
    enum Appended {
        TAKEN,
        TOO_LARGE,
        /** All connections together receive as much as they may. */
        NO_ROOM
    }

    private final HttpServer server;
    private final long announcedBytes;
    private final Runnable giveUp;
    private @Nullable ByteBuf collected;
    private int length;

    /**
     * @param announcedBytes {@code Content-Length}, or negative when there is none
     * @param giveUp called from any thread when others need its room
     */
    RequestBody(HttpServer server, long announcedBytes, Runnable giveUp) {
        super(server.bodies());
        this.giveUp = giveUp;
        this.server = server;
        this.announcedBytes = announcedBytes;
    }

    /** Adds a piece. A body in one piece is not copied. */
    Appended append(ByteBufAllocator allocator, ByteBuf piece, boolean last) {
        int more = piece.readableBytes();
        if (more == 0) {
            return Appended.TAKEN;
        }
        if (more > server.config().maxRequestBodyBytes() - length) {
            return Appended.TOO_LARGE;
        }
        if (!tryTake(more)) {
            return Appended.NO_ROOM;
        }
        length += more;
        ByteBuf buffer = collected;
        if (buffer == null && last) {
            collected = piece.retain();
            return Appended.TAKEN;
        }
        if (!last) {
            incomplete();
        }
        if (buffer == null) {
            long wanted = announcedBytes < 0 ? INITIAL_BYTES_MAX : Math.min(announcedBytes, INITIAL_BYTES_MAX);
            buffer = allocator.buffer((int) Math.max(more, wanted));
            collected = buffer;
        }
        buffer.writeBytes(piece);
        return Appended.TAKEN;
    }

    int length() {
        return length;
    }

    /** Hands the body to the call as it is. What it hands over is valid until {@link #release}. */
    void plainInto(HttpCall call) {
        call.plainBody(collected == null ? Unpooled.EMPTY_BUFFER : collected);
    }

    /** Decompresses the body. Threading: one thread at a time, not after {@link #release}. */
    Result decode(ContentDecoders decoders, ContentEncoding encoding, int limitBytes) {
        ByteBuf buffer = collected == null ? Unpooled.EMPTY_BUFFER : collected;
        byte[] compressed;
        int offset = 0;
        if (buffer.hasArray()) {
            compressed = buffer.array();
            offset = buffer.arrayOffset() + buffer.readerIndex();
        } else {
            compressed = new byte[length];
            buffer.getBytes(buffer.readerIndex(), compressed);
        }
        return decoders.decode(encoding, compressed, offset, length, limitBytes);
    }

    void release() {
        if (collected != null) {
            collected.release();
            collected = null;
        }
        end();
        length = 0;
    }

    @Override
    protected void giveUp() {
        giveUp.run();
    }
}
