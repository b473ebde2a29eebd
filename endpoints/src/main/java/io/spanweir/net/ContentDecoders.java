package io.spanweir.net;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Undoes compression within a limit: what would be longer is refused after at most limit + 1 bytes, whatever the compressed
 * bytes promise. The result stays in memory that the next call uses again. Threading: one thread at a time.
 */
public final class ContentDecoders implements AutoCloseable {
    /** How it went. */
    public enum Result {
        /** The content is {@link #bytes()} up to {@link #length()}. */
        DECODED,
        /** Longer than the limit. */
        TOO_LARGE,
        /** Not what the encoding says; {@link #problem()} says why. */
        BROKEN
    }

    /**
     * 2^25 = 32 MiB, the largest window that Go's encoder makes. A frame can ask for 2 GiB, and the decoder would take them
     * before it sees the first byte.
     */
    private static final int ZSTD_WINDOW_LOG_MAX = 25;

    private final BoundedOutput output;
    private final Inflating inflating;
    private @Nullable ZstdDecompressCtx zstd;
    private String problem = "";
    private long generation;

    public ContentDecoders() {
        this(BoundedOutput.KEPT_LENGTH_MAX);
    }

    /** @param keptBytesMax a longer array is let go with the next call */
    ContentDecoders(int keptBytesMax) {
        output = new BoundedOutput(keptBytesMax);
        inflating = new Inflating(output);
    }

    /** Decodes one body. */
    public Result decode(ContentEncoding encoding, byte[] source, int offset, int length, int limitBytes) {
        generation++;
        problem = "";
        output.begin(limitBytes);
        return switch (encoding) {
            case IDENTITY -> output.put(source, offset, length) ? Result.DECODED : Result.TOO_LARGE;
            case GZIP -> broken(inflating.gzip(source, offset, length), inflating.problem());
            case ZLIB -> broken(inflating.zlib(source, offset, length), inflating.problem());
            case DEFLATE -> broken(inflating.deflate(source, offset, length), inflating.problem());
            case SNAPPY -> broken(Snappy.block(source, offset, length, output), "the snappy block is damaged");
            case SNAPPY_FRAMED -> broken(Snappy.framed(source, offset, length, output), "the snappy stream is damaged");
            case LZ4 -> broken(Lz4.frames(source, offset, length, output), "the lz4 frame is damaged");
            case ZSTD -> zstd(source, offset, length, limitBytes);
        };
    }

    private Result broken(Result result, String why) {
        problem = result == Result.BROKEN ? why : "";
        return result;
    }

    private Result zstd(byte[] source, int offset, int length, int limitBytes) {
        if (length == 0) {
            return Result.DECODED; // no frames; the native code would look at the first byte
        }
        long size = Zstd.getFrameContentSize(source, offset, length);
        if (size > limitBytes) {
            return Result.TOO_LARGE;
        }
        try {
            boolean believable = size <= BoundedOutput.KEPT_LENGTH_MAX || size / 32 <= length;
            if (size > 0 && believable && output.ensure((int) size)) {
                ZstdDecompressCtx context = zstd == null ? new ZstdDecompressCtx() : zstd;
                zstd = context;
                int decoded;
                try {
                    decoded = context.decompressByteArray(output.bytes(), 0, (int) size, source, offset, length);
                } catch (ZstdException severalFrames) {
                    // The size is the first frame's; more may follow. Damage shows up again below.
                    context.reset();
                    return zstdStream(source, offset, length);
                }
                output.advance(decoded);
                return Result.DECODED;
            }
            return zstdStream(source, offset, length);
        } catch (ZstdException e) {
            return broken(Result.BROKEN, "the zstd frame is damaged (" + e.getMessage() + ")");
        }
    }

    private Result zstdStream(byte[] source, int offset, int length) {
        try (ZstdInputStreamNoFinalizer stream =
                new ZstdInputStreamNoFinalizer(new ByteArrayInputStream(source, offset, length))) {
            stream.setLongMax(ZSTD_WINDOW_LOG_MAX);
            while (true) {
                if (!output.ensure(1)) {
                    return stream.read() < 0 ? Result.DECODED : Result.TOO_LARGE;
                }
                int count = stream.read(output.bytes(), output.length(), output.room());
                if (count < 0) {
                    return Result.DECODED;
                }
                output.advance(count);
            }
        } catch (IOException e) {
            return broken(Result.BROKEN, "the zstd frame is damaged (" + e.getMessage() + ")");
        }
    }

    /** The content of the last success begins at 0. Valid until the next call. */
    public byte[] bytes() {
        return output.bytes();
    }

    public int length() {
        return output.length();
    }

    /** Why the last call found the bytes broken. */
    public String problem() {
        return problem;
    }

    /** Counts the calls: who kept a reference to {@link #bytes()} sees whether they are still the same. */
    long generation() {
        return generation;
    }

    /** Frees native memory. */
    @Override
    public void close() {
        inflating.close();
        if (zstd != null) {
            zstd.close();
            zstd = null;
        }
    }

    /** The three formats of DEFLATE. RFC 1950, 1951, 1952. */
    private static final class Inflating {
        private static final int GZIP_HEADER_LENGTH = 10;
        private static final int GZIP_TRAILER_LENGTH = 8;
        private static final int FLAG_HEADER_CRC = 2;
        private static final int FLAG_EXTRA = 4;
        private static final int FLAG_NAME = 8;
        private static final int FLAG_COMMENT = 16;

        private final BoundedOutput output;
        private @Nullable Inflater raw;
        private @Nullable Inflater wrapped;
        private String problem = "";

        Inflating(BoundedOutput output) {
            this.output = output;
        }

        String problem() {
            return problem;
        }

        Result zlib(byte[] source, int offset, int length) {
            Inflater inflater = wrapped == null ? new Inflater() : wrapped;
            wrapped = inflater;
            inflater.reset();
            return inflate(inflater, source, offset, length, "zlib");
        }

        Result deflate(byte[] source, int offset, int length) {
            boolean header = length >= 2
                    && (source[offset] & 0x0F) == 8
                    && ((source[offset] & 0xFF) << 8 | source[offset + 1] & 0xFF) % 31 == 0;
            return header ? zlib(source, offset, length) : inflate(raw(), source, offset, length, "deflate");
        }

        private Inflater raw() {
            Inflater inflater = raw == null ? new Inflater(true) : raw;
            raw = inflater;
            inflater.reset();
            return inflater;
        }

        /** One member after the other; what comes behind the last trailer must be another member. */
        Result gzip(byte[] source, int offset, int length) {
            int end = offset + length;
            int at = offset;
            do {
                int data = gzipDataOffset(source, at, end);
                if (data < 0) {
                    return broken("the gzip header is damaged or cut short");
                }
                Inflater inflater = raw();
                int before = output.length();
                Result result = inflate(inflater, source, data, end - data, "gzip");
                if (result != Result.DECODED) {
                    return result;
                }
                int trailer = end - inflater.getRemaining();
                if (end - trailer < GZIP_TRAILER_LENGTH) {
                    return broken("the gzip stream is cut short");
                }
                if (!trailerFits(source, trailer, before)) {
                    return broken("the gzip checksum does not fit");
                }
                at = trailer + GZIP_TRAILER_LENGTH;
            } while (at < end);
            return Result.DECODED;
        }

        private boolean trailerFits(byte[] source, int trailer, int begin) {
            java.util.zip.CRC32 crc = new java.util.zip.CRC32();
            crc.update(output.bytes(), begin, output.length() - begin);
            return (int) crc.getValue() == LittleEndian.intAt(source, trailer)
                    && output.length() - begin == LittleEndian.intAt(source, trailer + 4);
        }

        private static int gzipDataOffset(byte[] source, int at, int end) {
            if (end - at < GZIP_HEADER_LENGTH
                    || source[at] != 0x1F
                    || source[at + 1] != (byte) 0x8B
                    || source[at + 2] != 8) {
                return -1;
            }
            int flags = source[at + 3];
            int data = at + GZIP_HEADER_LENGTH;
            if ((flags & FLAG_EXTRA) != 0) {
                if (end - data < 2) {
                    return -1;
                }
                data += 2 + (source[data] & 0xFF) + ((source[data + 1] & 0xFF) << 8);
            }
            if ((flags & FLAG_NAME) != 0) {
                data = textEnd(source, data, end);
            }
            if ((flags & FLAG_COMMENT) != 0) {
                data = textEnd(source, data, end);
            }
            if ((flags & FLAG_HEADER_CRC) != 0) {
                data += 2;
            }
            return data <= end ? data : -1;
        }

        /** Behind the zero that ends a text; behind the end when there is none. */
        private static int textEnd(byte[] source, int from, int end) {
            int at = from;
            while (at < end && source[at] != 0) {
                at++;
            }
            return at + 1;
        }

        private Result inflate(Inflater inflater, byte[] source, int offset, int length, String name) {
            inflater.setInput(source, offset, length);
            try {
                while (!inflater.finished()) {
                    if (!output.ensure(1)) {
                        return atLimit(inflater, name);
                    }
                    int count = inflater.inflate(output.bytes(), output.length(), output.room());
                    output.advance(count);
                    if (count == 0 && !inflater.finished()) {
                        return broken(
                                inflater.needsDictionary()
                                        ? "the " + name + " stream needs a dictionary"
                                        : "the " + name + " stream is cut short");
                    }
                }
                return Result.DECODED;
            } catch (DataFormatException e) {
                String why = e.getMessage() == null ? "" : " (" + e.getMessage() + ")";
                return broken("the " + name + " stream is damaged" + why);
            }
        }

        /** The limit is reached; that is fine when the stream ends just here. */
        private Result atLimit(Inflater inflater, String name) throws DataFormatException {
            int more = inflater.inflate(new byte[1], 0, 1);
            if (more > 0) {
                return Result.TOO_LARGE;
            }
            return inflater.finished() ? Result.DECODED : broken("the " + name + " stream is cut short");
        }

        private Result broken(String why) {
            problem = why;
            return Result.BROKEN;
        }

        void close() {
            if (raw != null) {
                raw.end();
                raw = null;
            }
            if (wrapped != null) {
                wrapped.end();
                wrapped = null;
            }
        }
    }
}
