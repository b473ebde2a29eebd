package io.spanweir.perf.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** HTTP/2: every call is answered with an empty message and status 0; its headers are not looked at. */
final class GrpcSinkConnection extends SinkConnection implements Http2FrameReader.Listener {
    private static final int GRPC_PREFIX_LENGTH = 5;
    private static final int STREAM_WINDOW = 16 << 20;
    private static final int WINDOW = 1 << 30;
    private static final int CALLS_MAX = 1_000;
    private static final byte[] ANSWER_HEADERS = block(":status");
    private static final byte[] ANSWER_TRAILERS = block("grpc-status");
    private static final int ANSWER_LENGTH =
            3 * Http2.FRAME_HEADER_LENGTH + ANSWER_HEADERS.length + GRPC_PREFIX_LENGTH + ANSWER_TRAILERS.length;

    private final Http2FrameReader frames = new Http2FrameReader(this);
    private final List<Message> underWay = new ArrayList<>();
    private final List<Message> spare = new ArrayList<>();
    private int prefaceLeft = Http2.PREFACE.length;
    private int received;

    GrpcSinkConnection(WireSink sink, SocketChannel channel, SelectionKey key) throws IOException {
        super(sink, channel, key);
        ByteBuffer out = out(64);
        Http2.putFrameHeader(out, 18, Http2.SETTINGS, 0, 0);
        Http2.putSetting(out, Http2.SETTINGS_HEADER_TABLE_SIZE, 0);
        Http2.putSetting(out, Http2.SETTINGS_MAX_CONCURRENT_STREAMS, CALLS_MAX);
        Http2.putSetting(out, Http2.SETTINGS_INITIAL_WINDOW_SIZE, STREAM_WINDOW);
        Http2.putWindowUpdate(out, 0, WINDOW - Http2.WINDOW_INITIAL);
        flush();
    }

    @Override
    void read(ByteBuffer from) throws IOException {
        int skipped = Math.min(prefaceLeft, from.remaining());
        prefaceLeft -= skipped;
        from.position(from.position() + skipped);
        frames.read(from);
    }

    @Override
    public void onData(int streamId, ByteBuffer from, int length, int frameLength, boolean endOfStream)
            throws IOException {
        Message message = find(streamId);
        if (message == null) {
            message = spare.isEmpty() ? new Message() : spare.remove(spare.size() - 1);
            message.streamId = streamId;
            message.length = 0;
            underWay.add(message);
        }
        if (message.length + length > STREAM_WINDOW) {
            throw new IOException("a message of more than " + STREAM_WINDOW + " bytes");
        }
        message.append(from, length);
        received += frameLength;
        if (received > WINDOW / 2) {
            Http2.putWindowUpdate(out(Http2.FRAME_HEADER_LENGTH + 4), 0, received);
            received = 0;
        }
        if (endOfStream) {
            underWay.remove(message);
            spare.add(message);
            take(message);
            answer(streamId);
        }
    }

    @Override
    public void onFrame(int type, int flags, int streamId, byte[] payload, int length) throws IOException {
        if (type == Http2.SETTINGS && (flags & Http2.ACK) == 0) {
            Http2.putFrameHeader(out(Http2.FRAME_HEADER_LENGTH), 0, Http2.SETTINGS, Http2.ACK, 0);
        } else if (type == Http2.PING && (flags & Http2.ACK) == 0) {
            ByteBuffer out = out(Http2.FRAME_HEADER_LENGTH + length);
            Http2.putFrameHeader(out, length, Http2.PING, Http2.ACK, 0);
            out.put(payload, 0, length);
        } else if (type == Http2.RST_STREAM) {
            Message message = find(streamId);
            if (message != null) {
                underWay.remove(message);
                spare.add(message);
            }
        }
    }

    private void take(Message message) throws IOException {
        if (message.length < GRPC_PREFIX_LENGTH) {
            throw new IOException("a call without a message");
        }
        sink.take(message.bytes, GRPC_PREFIX_LENGTH, message.length - GRPC_PREFIX_LENGTH, message.bytes[0] != 0);
    }

    private void answer(int streamId) {
        ByteBuffer out = out(ANSWER_LENGTH);
        Http2.putFrameHeader(out, ANSWER_HEADERS.length, Http2.HEADERS, Http2.END_HEADERS, streamId);
        out.put(ANSWER_HEADERS);
        Http2.putFrameHeader(out, GRPC_PREFIX_LENGTH, Http2.DATA, 0, streamId);
        out.put((byte) 0).putInt(0);
        Http2.putFrameHeader(
                out, ANSWER_TRAILERS.length, Http2.HEADERS, Http2.END_HEADERS | Http2.END_STREAM, streamId);
        out.put(ANSWER_TRAILERS);
    }

    private @Nullable Message find(int streamId) {
        for (int i = 0; i < underWay.size(); i++) {
            if (underWay.get(i).streamId == streamId) {
                return underWay.get(i);
            }
        }
        return null;
    }

    private static byte[] block(String first) {
        ByteBuffer block = ByteBuffer.allocate(64);
        if (first.equals(":status")) {
            block.put((byte) 0x88); // :status 200
            Http2.putLiteral(block, 31, "content-type", "application/grpc");
        } else {
            Http2.putLiteral(block, 0, first, "0");
        }
        return Arrays.copyOf(block.array(), block.position());
    }

    private static final class Message {
        private int streamId;
        private byte[] bytes = new byte[128 << 10];
        private int length;

        void append(ByteBuffer from, int count) {
            if (length + count > bytes.length) {
                bytes = Arrays.copyOf(bytes, 2 * (length + count));
            }
            from.get(bytes, length, count);
            length += count;
        }
    }
}
