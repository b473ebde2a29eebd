package io.spanweir.net;

import io.spanweir.net.ContentDecoders.Result;
import java.util.zip.CRC32C;

/**
 * Decoding of snappy blocks and streams. Source: google/snappy, {@code format_description.txt} and
 * {@code framing_format.txt}. Threading: any thread.
 */
final class Snappy {
    private static final int LITERAL = 0;
    private static final int COPY_1_BYTE = 1;
    private static final int COPY_2_BYTES = 2;

    /** A copy of 64 bytes takes 3: no block promises more and keeps it. */
    private static final int EXPANSION_MAX = 22;

    private static final int CHUNK_COMPRESSED = 0x00;
    private static final int CHUNK_PLAIN = 0x01;
    private static final int CHUNK_UNSKIPPABLE_LAST = 0x7F;
    private static final int CHUNK_STREAM_BEGIN = 0xFF;
    private static final int CHUNK_HEADER_LENGTH = 4;
    private static final int CRC_LENGTH = 4;
    private static final int CHUNK_CONTENT_MAX = 65_536;
    private static final byte[] STREAM_BEGIN = {'s', 'N', 'a', 'P', 'p', 'Y'};

    private Snappy() {}

    /** One block; appended to the output. */
    static Result block(byte[] source, int offset, int length, BoundedOutput output) {
        int end = offset + length;
        int at = offset;
        long size = 0;
        for (int shift = 0; ; shift += 7) {
            if (at >= end || shift > 28) {
                return Result.BROKEN;
            }
            int part = source[at++];
            size |= (long) (part & 0x7F) << shift;
            if (part >= 0) {
                break;
            }
        }
        if (size > output.left()) {
            return Result.TOO_LARGE;
        }
        if (size > (long) EXPANSION_MAX * length) {
            return Result.BROKEN;
        }
        output.ensure((int) size);
        return elements(source, at, end, output, output.length(), output.length() + (int) size);
    }

    private static Result elements(
            byte[] source, int from, int end, BoundedOutput output, int begin, int wantedLength) {
        int at = from;
        while (at < end) {
            int tag = source[at++] & 0xFF;
            int kind = tag & 3;
            int count;
            if (kind == LITERAL) {
                count = (tag >>> 2) + 1;
                int extra = count - 60;
                if (extra > 0) {
                    if (end - at < extra) {
                        return Result.BROKEN;
                    }
                    count = number(source, at, extra) + 1;
                    at += extra;
                }
                if (count <= 0 || count > end - at || count > wantedLength - output.length()) {
                    return Result.BROKEN;
                }
                output.put(source, at, count);
                at += count;
                continue;
            }
            int extra = kind == COPY_1_BYTE ? 1 : kind == COPY_2_BYTES ? 2 : 4;
            if (end - at < extra) {
                return Result.BROKEN;
            }
            int distance = number(source, at, extra);
            at += extra;
            if (kind == COPY_1_BYTE) {
                count = (tag >>> 2 & 7) + 4;
                distance |= (tag >>> 5) << 8;
            } else {
                count = (tag >>> 2) + 1;
            }
            if (distance <= 0 || distance > output.length() - begin || count > wantedLength - output.length()) {
                return Result.BROKEN;
            }
            output.repeat(distance, count);
        }
        return output.length() == wantedLength ? Result.DECODED : Result.BROKEN;
    }

    private static int number(byte[] source, int at, int bytes) {
        int value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (source[at + i] & 0xFF) << (8 * i);
        }
        return value;
    }

    /** A stream of chunks; appended to the output. */
    static Result framed(byte[] source, int offset, int length, BoundedOutput output) {
        int end = offset + length;
        int at = offset;
        boolean begun = false;
        while (at < end) {
            if (end - at < CHUNK_HEADER_LENGTH) {
                return Result.BROKEN;
            }
            int kind = source[at] & 0xFF;
            int size = number(source, at + 1, 3);
            at += CHUNK_HEADER_LENGTH;
            if (size > end - at || (!begun && kind != CHUNK_STREAM_BEGIN)) {
                return Result.BROKEN;
            }
            Result result = Result.DECODED;
            if (kind == CHUNK_STREAM_BEGIN) {
                begun = true;
                result = java.util.Arrays.equals(source, at, at + size, STREAM_BEGIN, 0, STREAM_BEGIN.length)
                        ? Result.DECODED
                        : Result.BROKEN;
            } else if (kind == CHUNK_COMPRESSED || kind == CHUNK_PLAIN) {
                result = chunk(kind, source, at, size, output);
            } else if (kind <= CHUNK_UNSKIPPABLE_LAST) {
                result = Result.BROKEN;
            }
            if (result != Result.DECODED) {
                return result;
            }
            at += size;
        }
        return begun || length == 0 ? Result.DECODED : Result.BROKEN;
    }

    private static Result chunk(int kind, byte[] source, int at, int size, BoundedOutput output) {
        if (size < CRC_LENGTH) {
            return Result.BROKEN;
        }
        int begin = output.length();
        if (kind == CHUNK_COMPRESSED) {
            Result result = block(source, at + CRC_LENGTH, size - CRC_LENGTH, output);
            if (result != Result.DECODED) {
                return result;
            }
        } else if (!output.put(source, at + CRC_LENGTH, size - CRC_LENGTH)) {
            return Result.TOO_LARGE;
        }
        if (output.length() - begin > CHUNK_CONTENT_MAX) {
            return Result.BROKEN;
        }
        CRC32C crc = new CRC32C();
        crc.update(output.bytes(), begin, output.length() - begin);
        int value = (int) crc.getValue();
        int masked = (value >>> 15 | value << 17) + 0xA282EAD8;
        return masked == LittleEndian.intAt(source, at) ? Result.DECODED : Result.BROKEN;
    }
}
