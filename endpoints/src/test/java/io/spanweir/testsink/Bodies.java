package io.spanweir.testsink;

import com.github.luben.zstd.ZstdInputStream;
import io.airlift.compress.lz4.Lz4Decompressor;
import io.airlift.compress.snappy.SnappyDecompressor;
import io.airlift.compress.snappy.SnappyFramedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

/** Decompresses bodies by libraries that the encoders do not use, where there are any. */
public final class Bodies {
    private static final int BLOCK_LENGTH_MAX = 64 << 10;

    private Bodies() {}

    public static byte[] decompress(String encoding, byte[] body) throws IOException {
        InputStream in = new ByteArrayInputStream(body);
        return switch (encoding) {
            case "", "identity" -> body;
            case "gzip" -> new GZIPInputStream(in).readAllBytes();
            case "zlib", "deflate" -> new InflaterInputStream(in).readAllBytes();
            case "zstd" -> new ZstdInputStream(in).readAllBytes();
            case "x-snappy-framed" -> new SnappyFramedInputStream(in, true).readAllBytes();
            case "snappy" -> snappyBlock(body);
            case "lz4" -> lz4Frame(body);
            default -> throw new IOException("encoding " + encoding);
        };
    }

    private static byte[] snappyBlock(byte[] body) {
        byte[] plain = new byte[SnappyDecompressor.getUncompressedLength(body, 0)];
        new SnappyDecompressor().decompress(body, 0, body.length, plain, 0, plain.length);
        return plain;
    }

    private static byte[] lz4Frame(byte[] body) throws IOException {
        ByteBuffer frame = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN);
        if (frame.getInt() != 0x184D2204 || frame.getShort() != 0x4060 || (frame.get() & 0xFF) != 0x82) {
            throw new IOException("not the header of an LZ4 frame with independent blocks of 64 KiB");
        }
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        byte[] block = new byte[BLOCK_LENGTH_MAX];
        for (int size = frame.getInt(); size != 0; size = frame.getInt()) {
            int length = size & Integer.MAX_VALUE;
            int at = frame.position();
            if (size < 0) {
                plain.write(body, at, length);
            } else {
                plain.write(block, 0, new Lz4Decompressor().decompress(body, at, length, block, 0, block.length));
            }
            frame.position(at + length);
        }
        if (frame.hasRemaining()) {
            throw new IOException(frame.remaining() + " bytes after the end mark");
        }
        return plain.toByteArray();
    }
}
