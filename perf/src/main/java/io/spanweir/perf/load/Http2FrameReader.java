package io.spanweir.perf.load;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Cuts what a socket gives into frames: payloads of DATA are handed on as they come, those of other frames whole. Threading:
 * one thread.
 */
final class Http2FrameReader {
    /** Takes the frames. */
    interface Listener {
        /**
         * A part of a DATA frame, which is the next {@code length} bytes of the buffer; they must be consumed.
         *
         * @param frameLength of the whole frame when this is its first part, else 0: what the frame takes of the windows
         */
        void onData(int streamId, ByteBuffer from, int length, int frameLength, boolean endOfStream) throws IOException;

        /** Any other frame. The payload is valid during the call. */
        void onFrame(int type, int flags, int streamId, byte[] payload, int length) throws IOException;
    }

    private final Listener listener;
    private final byte[] header = new byte[Http2.FRAME_HEADER_LENGTH];
    private final byte[] payload = new byte[Http2.FRAME_PAYLOAD_MAX];
    private int headerLength;
    private int length;
    private int left;
    private int type;
    private int flags;
    private int streamId;

    Http2FrameReader(Listener listener) {
        this.listener = listener;
    }

    /** Consumes all that remains in the buffer. */
    void read(ByteBuffer from) throws IOException {
        while (true) {
            if (headerLength < Http2.FRAME_HEADER_LENGTH) {
                if (!readHeader(from)) {
                    return;
                }
            }
            int part = Math.min(left, from.remaining());
            if (type == Http2.DATA) {
                boolean first = left == length;
                left -= part;
                if (part > 0 || length == 0) {
                    listener.onData(
                            streamId, from, part, first ? length : 0, left == 0 && (flags & Http2.END_STREAM) != 0);
                }
            } else {
                from.get(payload, length - left, part);
                left -= part;
                if (left == 0) {
                    listener.onFrame(type, flags, streamId, payload, length);
                }
            }
            if (left > 0) {
                return;
            }
            headerLength = 0;
        }
    }

    private boolean readHeader(ByteBuffer from) throws IOException {
        int part = Math.min(Http2.FRAME_HEADER_LENGTH - headerLength, from.remaining());
        from.get(header, headerLength, part);
        headerLength += part;
        if (headerLength < Http2.FRAME_HEADER_LENGTH) {
            return false;
        }
        length = (header[0] & 0xFF) << 16 | (header[1] & 0xFF) << 8 | header[2] & 0xFF;
        left = length;
        type = header[3];
        flags = header[4];
        streamId = Http2.intAt(header, 5) & Integer.MAX_VALUE;
        if (length > Http2.FRAME_PAYLOAD_MAX) {
            throw new IOException("a frame of " + length + " bytes, more than was allowed");
        }
        if (type == Http2.DATA && (flags & Http2.PADDED) != 0) {
            throw new IOException("padded DATA, which this reader does not know");
        }
        return true;
    }
}
