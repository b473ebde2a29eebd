package io.spanweir.net;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import io.airlift.compress.Compressor;
import io.airlift.compress.lz4.Lz4Compressor;
import io.airlift.compress.snappy.SnappyCompressor;
import io.airlift.compress.snappy.SnappyFramedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/** Compresses with encoders that share no code with the decoders. */
public final class Compressed {
    private Compressed() {}

    public static byte[] with(ContentEncoding encoding, byte[] content) throws IOException {
        return switch (encoding) {
            case IDENTITY -> content;
            case GZIP -> through(content, GZIPOutputStream::new);
            case ZLIB, DEFLATE -> through(content, DeflaterOutputStream::new);
            case ZSTD -> Zstd.compress(content);
            case SNAPPY -> block(new SnappyCompressor(), content);
            case SNAPPY_FRAMED -> through(content, SnappyFramedOutputStream::new);
            case LZ4 -> lz4(content, 64 << 10);
        };
    }

    interface Opened {
        OutputStream on(OutputStream target) throws IOException;
    }

    static byte[] through(byte[] content, Opened encoder) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream stream = encoder.on(out)) {
            stream.write(content);
        }
        return out.toByteArray();
    }

    static byte[] rawDeflate(byte[] content) throws IOException {
        return through(content, out -> new DeflaterOutputStream(out, new Deflater(6, true)));
    }

    /** A frame that does not say how long its content is. */
    static byte[] zstdStream(byte[] content) throws IOException {
        return through(content, ZstdOutputStreamNoFinalizer::new);
    }

    static byte[] block(Compressor compressor, byte[] content) {
        byte[] out = new byte[compressor.maxCompressedLength(content.length)];
        int length = compressor.compress(content, 0, content.length, out, 0, out.length);
        return Arrays.copyOf(out, length);
    }

    /** Independent blocks without checksums, as the format's reference describes them. */
    static byte[] lz4(byte[] content, int blockLength) {
        ByteBuffer out = ByteBuffer.allocate(content.length * 2 + 64).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(0x184D2204).put((byte) 0x60).put((byte) 0x40).put((byte) 0x82);
        for (int at = 0; at < content.length; at += blockLength) {
            byte[] part = Arrays.copyOfRange(content, at, Math.min(content.length, at + blockLength));
            byte[] block = block(new Lz4Compressor(), part);
            if (block.length < part.length) {
                out.putInt(block.length).put(block);
            } else {
                out.putInt(part.length | 0x80000000).put(part);
            }
        }
        out.putInt(0);
        return Arrays.copyOf(out.array(), out.position());
    }
}
