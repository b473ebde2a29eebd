package io.spanweir.net;

/** Numbers in the headers of compressed streams. Threading: any thread. */
final class LittleEndian {
    private LittleEndian() {}

    static int intAt(byte[] bytes, int offset) {
        return bytes[offset] & 0xFF
                | (bytes[offset + 1] & 0xFF) << 8
                | (bytes[offset + 2] & 0xFF) << 16
                | bytes[offset + 3] << 24;
    }

    static int shortAt(byte[] bytes, int offset) {
        return bytes[offset] & 0xFF | (bytes[offset + 1] & 0xFF) << 8;
    }
}
