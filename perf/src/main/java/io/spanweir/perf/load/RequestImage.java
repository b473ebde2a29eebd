package io.spanweir.perf.load;

import io.spanweir.wire.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * A whole request as it goes over the wire, in memory that the system can send from: frames or head, and message. Trace ids,
 * times and the stream's number are written over the old ones in place; frames are cut so that none of these lies across a
 * border. Used by one call at a time. Threading: one thread.
 */
final class RequestImage {
    private static final int GRPC_PREFIX_LENGTH = 5;

    private final ByteBuffer bytes;
    private final int spanCount;
    private final int messageLength;
    /** Offsets of the ends of frames, HEADERS first; of HTTP/1.1: the end of all. */
    private final int[] frameEnds;

    private final int[] streamIdAt;
    private final int[] traceIdAt;
    private final boolean[] firstOfTrace;
    private final int[] timeAt;
    /** By time: nanoseconds from the earliest of the request. */
    private final long[] timeNanos;

    private final long lastNanos;

    private RequestImage(
            ByteBuffer bytes, byte[] message, Stamps stamps, int[] frameEnds, int[] streamIdAt, int[] movedBy) {
        this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
        this.messageLength = message.length;
        this.frameEnds = frameEnds;
        this.streamIdAt = streamIdAt;
        spanCount = stamps.spanCount();
        boolean stamped = movedBy.length > 0;
        traceIdAt = stamped ? stamps.traceIdAt() : new int[0];
        timeAt = stamped ? stamps.timeAt() : new int[0];
        firstOfTrace = stamps.firstOfTrace(message);
        timeNanos = new long[timeAt.length];
        long earliest = Long.MAX_VALUE;
        for (int at : timeAt) {
            earliest = Math.min(earliest, Bytes.longAt(message, at));
        }
        long last = 0;
        for (int i = 0; i < timeAt.length; i++) {
            timeNanos[i] = Bytes.longAt(message, timeAt[i]) - earliest;
            last = Math.max(last, timeNanos[i]);
        }
        lastNanos = last;
        move(traceIdAt, movedBy);
        move(timeAt, movedBy);
    }

    /** A unary call of {@code TraceService.Export}: HEADERS, and DATA of at most 16 KiB. */
    static RequestImage grpc(byte[] message, String authority) {
        Stamps stamps = Stamps.of(message);
        byte[] payload = new byte[GRPC_PREFIX_LENGTH + message.length];
        ByteBuffer.wrap(payload).put((byte) 0).putInt(message.length).put(message);
        boolean[] whole = inner(stamps, payload.length);
        int frameCount = 1;
        for (int at = 0; at < payload.length; at = cut(at, whole)) {
            frameCount++;
        }
        byte[] block = headerBlock(authority);
        int total = block.length + payload.length + frameCount * Http2.FRAME_HEADER_LENGTH;
        ByteBuffer image = ByteBuffer.allocateDirect(total);
        int[] ends = new int[frameCount];
        int[] streamIds = new int[frameCount];
        int[] movedBy = new int[message.length];
        Http2.putFrameHeader(image, block.length, Http2.HEADERS, Http2.END_HEADERS, 0);
        streamIds[0] = image.position() - Integer.BYTES;
        ends[0] = image.put(block).position();
        int from = 0;
        for (int frame = 1; frame < frameCount; frame++) {
            int to = cut(from, whole);
            int flags = to == payload.length ? Http2.END_STREAM : 0;
            Http2.putFrameHeader(image, to - from, Http2.DATA, flags, 0);
            streamIds[frame] = image.position() - Integer.BYTES;
            for (int i = Math.max(from, GRPC_PREFIX_LENGTH); i < to; i++) {
                movedBy[i - GRPC_PREFIX_LENGTH] = image.position() - from + GRPC_PREFIX_LENGTH;
            }
            ends[frame] = image.put(payload, from, to - from).position();
            from = to;
        }
        return new RequestImage(image, message, stamps, ends, streamIds, movedBy);
    }

    /** A {@code POST /v1/traces} of HTTP/1.1. */
    static RequestImage http(byte[] message, String authority) {
        byte[] head = head(authority, message.length, "");
        int[] movedBy = new int[message.length];
        java.util.Arrays.fill(movedBy, head.length);
        ByteBuffer image = ByteBuffer.allocateDirect(head.length + message.length)
                .put(head)
                .put(message);
        return new RequestImage(image, message, Stamps.of(message), new int[] {image.position()}, new int[0], movedBy);
    }

    /** As {@link #http}, in gzip: nothing of it changes from one sending to the next. */
    static RequestImage httpGzip(byte[] message, String authority, int level) {
        byte[] body = gzip(message, level);
        byte[] head = head(authority, body.length, "Content-Encoding: gzip\r\n");
        ByteBuffer image =
                ByteBuffer.allocateDirect(head.length + body.length).put(head).put(body);
        return new RequestImage(
                image, message, Stamps.of(message), new int[] {image.position()}, new int[0], new int[0]);
    }

    /** The bytes; position and limit are the sender's. */
    ByteBuffer bytes() {
        return bytes;
    }

    int spanCount() {
        return spanCount;
    }

    /** Of the message itself, before compression. */
    int messageLength() {
        return messageLength;
    }

    int frameCount() {
        return frameEnds.length;
    }

    /** The offset behind a frame. */
    int frameEnd(int frame) {
        return frameEnds[frame];
    }

    /** Bytes that a frame takes of the flow-control windows; not for the first, which is HEADERS. */
    int framePayloadLength(int frame) {
        return frameEnds[frame] - frameEnds[frame - 1] - Http2.FRAME_HEADER_LENGTH;
    }

    /** New trace ids, times that end now, and the number of a stream (0 for HTTP/1.1). */
    void stamp(SplittableRandom ids, long nowUnixNano, int streamId) {
        int bigEndian = Integer.reverseBytes(streamId);
        for (int at : streamIdAt) {
            bytes.putInt(at, bigEndian);
        }
        long high = 0;
        long low = 0;
        for (int span = 0; span < traceIdAt.length; span++) {
            if (firstOfTrace[span]) {
                high = ids.nextLong() | 1;
                low = ids.nextLong();
            }
            bytes.putLong(traceIdAt[span], high);
            bytes.putLong(traceIdAt[span] + Long.BYTES, low);
        }
        long earliest = nowUnixNano - lastNanos;
        for (int i = 0; i < timeAt.length; i++) {
            bytes.putLong(timeAt[i], earliest + timeNanos[i]);
        }
    }

    private static void move(int[] offsets, int[] movedBy) {
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] += movedBy[offsets[i]];
        }
    }

    /** By offset of the payload: whether a frame must not end just before it. */
    private static boolean[] inner(Stamps stamps, int payloadLength) {
        boolean[] inner = new boolean[payloadLength + 1];
        for (int at : stamps.traceIdAt()) {
            mark(inner, at, Stamps.TRACE_ID_LENGTH);
        }
        for (int at : stamps.timeAt()) {
            mark(inner, at, Stamps.TIME_LENGTH);
        }
        return inner;
    }

    private static void mark(boolean[] inner, int messageOffset, int length) {
        for (int i = 1; i < length; i++) {
            inner[GRPC_PREFIX_LENGTH + messageOffset + i] = true;
        }
    }

    private static int cut(int from, boolean[] inner) {
        int to = Math.min(from + Http2.FRAME_PAYLOAD_MAX, inner.length - 1);
        while (inner[to]) {
            to--;
        }
        return to;
    }

    private static byte[] headerBlock(String authority) {
        ByteBuffer block = ByteBuffer.allocate(512);
        block.put((byte) 0x83).put((byte) 0x86); // :method POST, :scheme http
        Http2.putLiteral(block, 4, ":path", "/opentelemetry.proto.collector.trace.v1.TraceService/Export");
        Http2.putLiteral(block, 1, ":authority", authority);
        Http2.putLiteral(block, 31, "content-type", "application/grpc");
        Http2.putLiteral(block, 0, "te", "trailers");
        byte[] bytes = new byte[block.flip().remaining()];
        block.get(bytes);
        return bytes;
    }

    private static byte[] head(String authority, int contentLength, String encoding) {
        return ("POST /v1/traces HTTP/1.1\r\nHost: " + authority
                        + "\r\nContent-Type: application/x-protobuf\r\n" + encoding + "Content-Length: "
                        + contentLength + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] gzip(byte[] message, int level) {
        ByteArrayOutputStream body = new ByteArrayOutputStream(message.length / 4);
        try (GZIPOutputStream out = new LevelGzip(body, level)) {
            out.write(message);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return body.toByteArray();
    }

    private static final class LevelGzip extends GZIPOutputStream {
        LevelGzip(ByteArrayOutputStream out, int level) throws IOException {
            super(out, 64 << 10);
            def.setLevel(level);
            assert level >= Deflater.BEST_SPEED && level <= Deflater.BEST_COMPRESSION : level;
        }
    }
}
