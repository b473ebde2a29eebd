package io.spanweir.net;

import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import io.airlift.compress.snappy.SnappyCompressor;
import io.airlift.compress.snappy.SnappyFramedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** The encoders by {@link Compression}. */
public final class ContentEncoders {
    /** The level that each format regards as its own default. */
    public static final int LEVEL_DEFAULT = -1;

    private static final int ZSTD_LEVEL_DEFAULT = 3;

    private ContentEncoders() {}

    /**
     * The encoder for HTTP; null for {@link Compression#NONE}.
     *
     * @param level {@link #LEVEL_DEFAULT}, or 1 to 9 for gzip, zlib and deflate, 1 to 22 for zstd; others have none
     */
    public static @Nullable ContentEncoder of(Compression compression, int level) {
        return switch (compression) {
            case NONE -> null;
            case GZIP -> new DeflateEncoder(compression.token(), true, level);
            case ZLIB, DEFLATE -> new DeflateEncoder(compression.token(), false, level);
            case ZSTD -> new ZstdEncoder(level == LEVEL_DEFAULT ? ZSTD_LEVEL_DEFAULT : level);
            case SNAPPY -> new SnappyBlockEncoder();
            case SNAPPY_FRAMED -> new SnappyFramedEncoder(compression.token());
            case LZ4 -> new Lz4FrameEncoder();
        };
    }

    /** The encoder for gRPC, where {@code snappy} means the framed format; null for {@link Compression#NONE}. */
    public static @Nullable ContentEncoder ofGrpc(Compression compression) {
        return compression == Compression.SNAPPY
                ? new SnappyFramedEncoder(compression.token())
                : of(compression, LEVEL_DEFAULT);
    }

    private record ZstdEncoder(int level) implements ContentEncoder {
        @Override
        public String token() {
            return Compression.ZSTD.token();
        }

        @Override
        public OutputStream stream(OutputStream target) throws IOException {
            return new ZstdOutputStreamNoFinalizer(target, RecyclingBufferPool.INSTANCE, level);
        }
    }

    private record SnappyFramedEncoder(String token) implements ContentEncoder {
        @Override
        public OutputStream stream(OutputStream target) throws IOException {
            return new SnappyFramedOutputStream(target);
        }
    }

    /** A block begins with its length, so the body is gathered first. */
    private static final class SnappyBlockEncoder implements ContentEncoder {
        @Override
        public String token() {
            return Compression.SNAPPY.token();
        }

        @Override
        public OutputStream stream(OutputStream target) {
            return new ByteArrayOutputStream(8192) {
                @Override
                public void close() throws IOException {
                    SnappyCompressor compressor = new SnappyCompressor();
                    byte[] block = new byte[compressor.maxCompressedLength(count)];
                    int length = compressor.compress(buf, 0, count, block, 0, block.length);
                    target.write(block, 0, length);
                }
            };
        }
    }
}
