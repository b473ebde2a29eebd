package io.spanweir.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes protobuf into an array that grows. For small messages such as answers, for rewrites and for tests; what leaves the
 * engine in bulk is copied in ranges instead. Threading: one thread.
 *
 * <p>A nested message is written before its length is known: four bytes are kept free for it and filled at the end with a
 * varint that may have padding (legal, every reader takes it); below 128 bytes the message is moved up to a one-byte length.
 */
public final class WireWriter {
    private static final int NESTED_LENGTH_BYTES = 4;
    private static final int NESTED_LENGTH_MAX = (1 << 28) - 1;
    private static final int ARRAY_LENGTH_MAX = Integer.MAX_VALUE - 16;

    private byte[] bytes;
    private int length;

    public WireWriter() {
        this(256);
    }

    public WireWriter(int capacity) {
        bytes = new byte[capacity];
    }

    /** Starts over; the array stays. */
    public WireWriter clear() {
        length = 0;
        return this;
    }

    /** What has been written is at 0 to {@link #length()}. Another array after the next write. */
    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    public WireWriter tag(int fieldNumber, int wireType) {
        return varint((long) fieldNumber << 3 | wireType);
    }

    public WireWriter varint(long value) {
        ensure(Bytes.VARINT_LENGTH_MAX);
        length = Bytes.putVarint(bytes, length, value);
        return this;
    }

    /** A field with a varint: bool, enum, int and uint of any width. */
    public WireWriter varint(int fieldNumber, long value) {
        return tag(fieldNumber, WireType.VARINT).varint(value);
    }

    public WireWriter fixed64(int fieldNumber, long value) {
        tag(fieldNumber, WireType.FIXED64);
        ensure(8);
        Bytes.putLong(bytes, length, value);
        length += 8;
        return this;
    }

    public WireWriter fixed32(int fieldNumber, int value) {
        tag(fieldNumber, WireType.FIXED32);
        ensure(4);
        Bytes.putInt(bytes, length, value);
        length += 4;
        return this;
    }

    public WireWriter doubleField(int fieldNumber, double value) {
        return fixed64(fieldNumber, Double.doubleToRawLongBits(value));
    }

    /** A field with a length: bytes, or UTF-8 text that is bytes already, or a finished message. */
    public WireWriter bytes(int fieldNumber, byte[] source, int offset, int sourceLength) {
        return tag(fieldNumber, WireType.LENGTH).varint(sourceLength).raw(source, offset, sourceLength);
    }

    public WireWriter bytes(int fieldNumber, byte[] source) {
        return bytes(fieldNumber, source, 0, source.length);
    }

    /** A string field; unpaired surrogates become '?'. */
    public WireWriter string(int fieldNumber, String text) {
        return bytes(fieldNumber, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Bytes as they are, without tag and length. */
    public WireWriter raw(byte[] source, int offset, int sourceLength) {
        ensure(sourceLength);
        System.arraycopy(source, offset, bytes, length, sourceLength);
        length += sourceLength;
        return this;
    }

    public WireWriter raw(byte value) {
        ensure(1);
        bytes[length++] = value;
        return this;
    }

    /** Opens a nested message; everything until {@link #end} with the returned mark is its content. */
    public int begin(int fieldNumber) {
        tag(fieldNumber, WireType.LENGTH);
        ensure(NESTED_LENGTH_BYTES);
        length += NESTED_LENGTH_BYTES;
        return length;
    }

    /** Closes the message that {@link #begin} opened. */
    public WireWriter end(int mark) {
        int size = length - mark;
        int lengthAt = mark - NESTED_LENGTH_BYTES;
        if (size < 0x80) {
            bytes[lengthAt] = (byte) size;
            System.arraycopy(bytes, mark, bytes, lengthAt + 1, size);
            length = lengthAt + 1 + size;
            return this;
        }
        if (size > NESTED_LENGTH_MAX) {
            throw new IllegalStateException("nested message of " + size + " bytes, at most " + NESTED_LENGTH_MAX);
        }
        bytes[lengthAt] = (byte) (size | 0x80);
        bytes[lengthAt + 1] = (byte) (size >>> 7 | 0x80);
        bytes[lengthAt + 2] = (byte) (size >>> 14 | 0x80);
        bytes[lengthAt + 3] = (byte) (size >>> 21);
        return this;
    }

    private void ensure(int more) {
        if (bytes.length - length >= more) {
            return;
        }
        long wanted = Math.max((long) length + more, Math.min(2L * bytes.length, ARRAY_LENGTH_MAX));
        if (wanted > ARRAY_LENGTH_MAX) {
            throw new IllegalStateException("message of more than " + ARRAY_LENGTH_MAX + " bytes");
        }
        bytes = Arrays.copyOf(bytes, (int) wanted);
    }
}
