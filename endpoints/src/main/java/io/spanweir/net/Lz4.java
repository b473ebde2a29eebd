package io.spanweir.net;

import io.spanweir.net.ContentDecoders.Result;

/**
 * Decoding of LZ4 frames with independent or linked blocks. Source: lz4, {@code lz4_Frame_format.md} and
 * {@code lz4_Block_format.md}. Checksums are stepped over: TCP has its own, and what comes out is scanned in full. Threading:
 * any thread.
 */
final class Lz4 {
    private static final int MAGIC = 0x184D2204;
    private static final int SKIPPABLE_MAGIC = 0x184D2A50;
    private static final int SKIPPABLE_MASK = 0xFFFFFFF0;
    private static final int VERSION_MASK = 0xC0;
    private static final int VERSION = 0x40;
    private static final int FLAG_INDEPENDENT = 0x20;
    private static final int FLAG_BLOCK_CHECKSUM = 0x10;
    private static final int FLAG_SIZE = 0x08;
    private static final int FLAG_CHECKSUM = 0x04;
    private static final int FLAG_DICTIONARY = 0x01;
    private static final int PLAIN_BLOCK = 0x80000000;
    private static final int MATCH_LENGTH_MIN = 4;

    /** No run is longer; without a bound a long row of 255 would overflow the sum. */
    private static final int LENGTH_MAX = 1 << 30;

    private static final int DAMAGED = -1;
    private static final int OVER_LIMIT = -2;

    private Lz4() {}

    /** One frame after the other; appended to the output. */
    static Result frames(byte[] source, int offset, int length, BoundedOutput output) {
        int end = offset + length;
        int at = offset;
        while (at < end) {
            if (end - at < 8) {
                return Result.BROKEN;
            }
            int magic = LittleEndian.intAt(source, at);
            if ((magic & SKIPPABLE_MASK) == SKIPPABLE_MAGIC) {
                int skipped = LittleEndian.intAt(source, at + 4);
                if (skipped < 0 || skipped > end - at - 8) {
                    return Result.BROKEN;
                }
                at += 8 + skipped;
                continue;
            }
            if (magic != MAGIC) {
                return Result.BROKEN;
            }
            at = frame(source, at + 4, end, output);
            if (at < 0) {
                return at == OVER_LIMIT ? Result.TOO_LARGE : Result.BROKEN;
            }
        }
        return Result.DECODED;
    }

    /** Returns where the frame ends, or why not. */
    private static int frame(byte[] source, int from, int end, BoundedOutput output) {
        int flags = source[from] & 0xFF;
        int unsupported = flags & FLAG_DICTIONARY;
        if ((flags & VERSION_MASK) != VERSION || unsupported != 0) {
            return DAMAGED;
        }
        int blockChecksumLength = (flags & FLAG_BLOCK_CHECKSUM) != 0 ? 4 : 0;
        int at = from + 3 + ((flags & FLAG_SIZE) != 0 ? 8 : 0);
        int frameBegin = output.length();
        while (true) {
            if (end - at < 4) {
                return DAMAGED;
            }
            int header = LittleEndian.intAt(source, at);
            at += 4;
            if (header == 0) {
                break;
            }
            int size = header & ~PLAIN_BLOCK;
            if (size > end - at - blockChecksumLength) {
                return DAMAGED;
            }
            int historyBegin = (flags & FLAG_INDEPENDENT) != 0 ? output.length() : frameBegin;
            if (header < 0) {
                if (!output.put(source, at, size)) {
                    return OVER_LIMIT;
                }
            } else {
                int result = block(source, at, at + size, output, historyBegin);
                if (result < 0) {
                    return result;
                }
            }
            at += size + blockChecksumLength;
        }
        at += (flags & FLAG_CHECKSUM) != 0 ? 4 : 0;
        return at <= end ? at : DAMAGED;
    }

    private static int block(byte[] source, int from, int end, BoundedOutput output, int historyBegin) {
        int at = from;
        while (at < end) {
            int token = source[at++] & 0xFF;
            int literals = token >>> 4;
            if (literals == 15) {
                int part;
                do {
                    if (at >= end || literals > LENGTH_MAX) {
                        return DAMAGED;
                    }
                    part = source[at++] & 0xFF;
                    literals += part;
                } while (part == 255);
            }
            if (literals > end - at) {
                return DAMAGED;
            }
            if (!output.put(source, at, literals)) {
                return OVER_LIMIT;
            }
            at += literals;
            if (at == end) {
                return 0;
            }
            if (end - at < 2) {
                return DAMAGED;
            }
            int distance = LittleEndian.shortAt(source, at);
            at += 2;
            int count = token & 15;
            if (count == 15) {
                int part;
                do {
                    if (at >= end || count > LENGTH_MAX) {
                        return DAMAGED;
                    }
                    part = source[at++] & 0xFF;
                    count += part;
                } while (part == 255);
            }
            if (distance == 0 || distance > output.length() - historyBegin) {
                return DAMAGED;
            }
            if (!output.repeat(distance, count + MATCH_LENGTH_MIN)) {
                return OVER_LIMIT;
            }
        }
        return DAMAGED;
    }
}
