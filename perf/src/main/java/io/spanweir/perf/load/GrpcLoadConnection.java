package io.spanweir.perf.load;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/2 with unary gRPC calls. Sends frames that are ready-made, within the windows of the peer. The peer is told to keep no
 * header table, so that equal header blocks mean the same: the block that says status 0 is decoded once and then compared.
 */
final class GrpcLoadConnection extends LoadConnection implements Http2FrameReader.Listener {
    private static final int RECEIVE_WINDOW = 1 << 24;
    private static final int CANCEL = 8;
    private static final int STREAM_ID_MAX = 1 << 30;

    private final Http2FrameReader frames = new Http2FrameReader(this);
    private final List<Call> calls = new ArrayList<>();
    private final List<Call> spare = new ArrayList<>();
    private final ByteBuffer control = ByteBuffer.allocateDirect(16 << 10);
    private final int callsMax;
    private byte[] acceptedBlock = {};
    private boolean settled;
    private boolean leaving;
    private int peerCallsMax = Integer.MAX_VALUE;
    private int streamWindow = Http2.WINDOW_INITIAL;
    private long window = Http2.WINDOW_INITIAL;
    private int nextStreamId = 1;
    private int received;
    /** The call whose frames are half written; no other byte may go between them. */
    private @Nullable Call writing;

    /** @param callsMax under way at once */
    GrpcLoadConnection(InetSocketAddress server, Selector selector, RequestImages images, Ends ends, int callsMax)
            throws IOException {
        super(server, selector, images, ends);
        this.callsMax = callsMax;
        control.put(Http2.PREFACE);
        Http2.putFrameHeader(control, 18, Http2.SETTINGS, 0, 0);
        Http2.putSetting(control, Http2.SETTINGS_HEADER_TABLE_SIZE, 0);
        Http2.putSetting(control, Http2.SETTINGS_ENABLE_PUSH, 0);
        Http2.putSetting(control, Http2.SETTINGS_INITIAL_WINDOW_SIZE, RECEIVE_WINDOW);
        Http2.putWindowUpdate(control, 0, RECEIVE_WINDOW - Http2.WINDOW_INITIAL);
        control.flip();
        write(control);
        control.compact();
    }

    @Override
    boolean ready() {
        return settled
                && open()
                && !leaving
                && calls.size() < Math.min(callsMax, peerCallsMax)
                && images.available()
                && nextStreamId < STREAM_ID_MAX;
    }

    @Override
    int underWay() {
        return calls.size();
    }

    @Override
    void start(long sinceNanos) {
        Call call = spare.isEmpty() ? new Call() : spare.remove(spare.size() - 1);
        call.streamId = nextStreamId;
        call.sinceNanos = sinceNanos;
        call.image = images.take(nextStreamId);
        call.image.bytes().position(0).limit(0);
        call.frame = 0;
        call.window = streamWindow;
        nextStreamId += 2;
        calls.add(call);
    }

    @Override
    boolean flush() throws IOException {
        while (true) {
            Call call = writing;
            if (call != null) {
                RequestImage image = requireNonNull(call.image);
                if (!write(image.bytes())) {
                    return false;
                }
                writing = null;
                if (call.frame == image.frameCount()) {
                    images.giveBack(image);
                    call.image = null;
                    if (call.ended) {
                        spare.add(call);
                    }
                }
            }
            if (control.position() > 0) {
                control.flip();
                boolean all = write(control);
                control.compact();
                if (!all) {
                    return false;
                }
            }
            writing = next();
            if (writing == null) {
                return true;
            }
        }
    }

    /** The first call with frames that fit into the windows; they are taken from the windows. */
    private @Nullable Call next() {
        for (int i = 0; i < calls.size(); i++) {
            Call call = calls.get(i);
            RequestImage image = call.image;
            if (image == null) {
                continue;
            }
            int frame = call.frame;
            if (frame == 0) {
                frame = 1;
            }
            while (frame < image.frameCount()) {
                int length = image.framePayloadLength(frame);
                if (length > window || length > call.window) {
                    break;
                }
                window -= length;
                call.window -= length;
                frame++;
            }
            if (frame > call.frame) {
                call.frame = frame;
                image.bytes().limit(image.frameEnd(frame - 1));
                return call;
            }
        }
        return null;
    }

    @Override
    void read(ByteBuffer from) throws IOException {
        frames.read(from);
    }

    @Override
    void abandon(String problem) {
        for (Call call : List.copyOf(calls)) {
            end(call, problem);
        }
    }

    @Override
    public void onData(int streamId, ByteBuffer from, int length, int frameLength, boolean endOfStream) {
        from.position(from.position() + length);
        received += frameLength;
        if (received > RECEIVE_WINDOW / 2) {
            Http2.putWindowUpdate(control, 0, received);
            received = 0;
        }
    }

    @Override
    public void onFrame(int type, int flags, int streamId, byte[] payload, int length) throws IOException {
        switch (type) {
            case Http2.HEADERS -> onHeaders(flags, streamId, payload, length);
            case Http2.SETTINGS -> onSettings(flags, payload, length);
            case Http2.WINDOW_UPDATE -> onWindowUpdate(streamId, Http2.intAt(payload, 0));
            case Http2.RST_STREAM -> {
                Call call = find(streamId);
                if (call != null) {
                    end(call, "the stream was reset with code " + Http2.intAt(payload, 0));
                }
            }
            case Http2.PING -> {
                if ((flags & Http2.ACK) == 0) {
                    Http2.putFrameHeader(control, length, Http2.PING, Http2.ACK, 0);
                    control.put(payload, 0, length);
                }
            }
            case Http2.GOAWAY -> {
                leaving = true;
                if (calls.isEmpty()) {
                    throw new IOException("the server sent GOAWAY");
                }
            }
            case Http2.CONTINUATION -> throw new IOException("headers in more than one frame");
            default -> {}
        }
    }

    private void onHeaders(int flags, int streamId, byte[] payload, int length) throws IOException {
        Call call = find(streamId);
        if ((flags & Http2.END_STREAM) == 0 || call == null) {
            return;
        }
        int from = (flags & Http2.PADDED) == 0 ? 0 : 1;
        int to = from == 0 ? length : length - (payload[0] & 0xFF);
        if ((flags & Http2.PRIORITY) != 0) {
            from += 5;
        }
        String problem = Arrays.equals(payload, from, to, acceptedBlock, 0, acceptedBlock.length)
                ? null
                : status(Arrays.copyOfRange(payload, from, to));
        end(call, problem);
        if (leaving && calls.isEmpty()) {
            throw new IOException("the server sent GOAWAY");
        }
    }

    private @Nullable String status(byte[] block) throws IOException {
        Http2Headers headers;
        try {
            headers = new DefaultHttp2HeadersDecoder(false).decodeHeaders(1, Unpooled.wrappedBuffer(block));
        } catch (Http2Exception e) {
            throw new IOException("trailers that do not decode without a header table", e);
        }
        CharSequence status = headers.get("grpc-status");
        if (status != null && "0".contentEquals(status)) {
            acceptedBlock = block;
            return null;
        }
        return "gRPC status " + status + " " + headers.get("grpc-message");
    }

    private void onSettings(int flags, byte[] payload, int length) {
        if ((flags & Http2.ACK) != 0) {
            settled = true;
            return;
        }
        for (int at = 0; at + 6 <= length; at += 6) {
            int value = Http2.intAt(payload, at + 2);
            switch ((payload[at] & 0xFF) << 8 | payload[at + 1] & 0xFF) {
                case Http2.SETTINGS_INITIAL_WINDOW_SIZE -> {
                    for (Call call : calls) {
                        call.window += value - streamWindow;
                    }
                    streamWindow = value;
                }
                case Http2.SETTINGS_MAX_CONCURRENT_STREAMS -> peerCallsMax = value < 0 ? Integer.MAX_VALUE : value;
                default -> {}
            }
        }
        Http2.putFrameHeader(control, 0, Http2.SETTINGS, Http2.ACK, 0);
    }

    private void onWindowUpdate(int streamId, int increment) {
        if (streamId == 0) {
            window += increment;
            return;
        }
        Call call = find(streamId);
        if (call != null) {
            call.window += increment;
        }
    }

    private @Nullable Call find(int streamId) {
        for (int i = 0; i < calls.size(); i++) {
            if (calls.get(i).streamId == streamId) {
                return calls.get(i);
            }
        }
        return null;
    }

    private void end(Call call, @Nullable String problem) {
        calls.remove(call);
        RequestImage image = call.image;
        call.ended = call == writing && open();
        if (image != null && open() && call.frame < image.frameCount()) {
            Http2.putFrameHeader(control, 4, Http2.RST_STREAM, 0, call.streamId);
            Http2.putInt(control, CANCEL);
        }
        if (!call.ended) {
            if (image != null) {
                images.giveBack(image);
                call.image = null;
            }
            spare.add(call);
        } else if (image != null) {
            // Answered before it was sent: what is allowed by now still goes, the rest does not.
            call.frame = image.frameCount();
        }
        ends.ended(this, call.sinceNanos, problem);
    }

    private static final class Call {
        private int streamId;
        private long sinceNanos;
        private long window;
        private @Nullable RequestImage image;
        /** Frames that were sent or are in the buffer's limit. */
        private int frame;

        private boolean ended;
    }
}
