package io.spanweir.perf.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The little of HTTP/2 (RFC 9113) and HPACK (RFC 7541) that a generator and a sink need. */
final class Http2 {
    static final int FRAME_HEADER_LENGTH = 9;
    /** The smallest that a peer may allow; grpc-go and grpc-java send frames of this length. */
    static final int FRAME_PAYLOAD_MAX = 16_384;

    static final int WINDOW_INITIAL = 65_535;

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int END_STREAM = 1;
    static final int ACK = 1;
    static final int END_HEADERS = 4;
    static final int PADDED = 8;
    static final int PRIORITY = 0x20;

    static final int SETTINGS_HEADER_TABLE_SIZE = 1;
    static final int SETTINGS_ENABLE_PUSH = 2;
    static final int SETTINGS_MAX_CONCURRENT_STREAMS = 3;
    static final int SETTINGS_INITIAL_WINDOW_SIZE = 4;

    static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private Http2() {}

    static void putFrameHeader(ByteBuffer into, int length, int type, int flags, int streamId) {
        into.put((byte) (length >>> 16)).put((byte) (length >>> 8)).put((byte) length);
        into.put((byte) type).put((byte) flags);
        putInt(into, streamId);
    }

    /** Big endian whatever the order of the buffer. */
    static void putInt(ByteBuffer into, int value) {
        into.put((byte) (value >>> 24))
                .put((byte) (value >>> 16))
                .put((byte) (value >>> 8))
                .put((byte) value);
    }

    static void putSetting(ByteBuffer into, int id, int value) {
        into.put((byte) (id >>> 8)).put((byte) id);
        putInt(into, value);
    }

    static void putWindowUpdate(ByteBuffer into, int streamId, int increment) {
        putFrameHeader(into, 4, WINDOW_UPDATE, 0, streamId);
        putInt(into, increment);
    }

    static int intAt(byte[] bytes, int offset) {
        return (bytes[offset] & 0xFF) << 24
                | (bytes[offset + 1] & 0xFF) << 16
                | (bytes[offset + 2] & 0xFF) << 8
                | bytes[offset + 3] & 0xFF;
    }

    /** A literal that nobody may index, its name by number of the static table or, with 0, spelled. */
    static void putLiteral(ByteBuffer into, int nameIndex, String name, String value) {
        if (nameIndex < 15) {
            into.put((byte) (0x10 | nameIndex));
        } else {
            into.put((byte) 0x1F).put((byte) (nameIndex - 15));
        }
        if (nameIndex == 0) {
            putText(into, name);
        }
        putText(into, value);
    }

    private static void putText(ByteBuffer into, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        if (bytes.length > 126) {
            throw new IllegalArgumentException("longer than one byte can say: " + text);
        }
        into.put((byte) bytes.length).put(bytes);
    }
}
