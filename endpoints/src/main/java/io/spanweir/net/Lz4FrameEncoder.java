package io.spanweir.net;

import io.airlift.compress.lz4.Lz4Compressor;
import java.io.IOException;
import java.io.OutputStream;

/**
 * The LZ4 frame format over a block compressor: independent blocks of at most 64 KiB, no checksums of content.
 *
 * <pre>
 * magic 04224D18 | FLG 60 | BD 40 | HC | ( size u32 LE, high bit: stored | block )* | 00000000
 * </pre>
 *
 * <p>Source: "LZ4 Frame Format Description", version 1.6.
 */
final class Lz4FrameEncoder implements ContentEncoder {
    private static final int BLOCK_LENGTH_MAX = 64 << 10;
    private static final int STORED = 0x8000_0000;
    private static final byte VERSION_1_INDEPENDENT = 0x60;
    private static final byte BLOCKS_OF_64_KIB = 0x40;

    @Override
    public String token() {
        return Compression.LZ4.token();
    }

    @Override
    public OutputStream stream(OutputStream target) throws IOException {
        byte[] descriptor = {VERSION_1_INDEPENDENT, BLOCKS_OF_64_KIB};
        target.write(new byte[] {0x04, 0x22, 0x4D, 0x18});
        target.write(descriptor);
        target.write(shortHash(descriptor) >>> 8);
        return new FrameStream(target);
    }

    /** XXH32 with seed 0 of fewer than four bytes. Source: xxHash specification, steps 1 (special case), 5 and 6. */
    static int shortHash(byte[] bytes) {
        assert bytes.length < 4 : bytes.length;
        int hash = 0x165667B1 + bytes.length;
        for (byte one : bytes) {
            hash = Integer.rotateLeft(hash + (one & 0xFF) * 0x165667B1, 11) * 0x9E3779B1;
        }
        hash = (hash ^ hash >>> 15) * 0x85EBCA77;
        hash = (hash ^ hash >>> 13) * 0xC2B2AE3D;
        return hash ^ hash >>> 16;
    }

    private static final class FrameStream extends OutputStream {
        private final OutputStream target;
        private final Lz4Compressor compressor = new Lz4Compressor();
        private final byte[] block = new byte[BLOCK_LENGTH_MAX];
        private final byte[] compressed = new byte[compressor.maxCompressedLength(BLOCK_LENGTH_MAX)];
        private int length;
        private boolean closed;

        FrameStream(OutputStream target) {
            this.target = target;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int count) throws IOException {
            int done = 0;
            while (done < count) {
                int some = Math.min(count - done, BLOCK_LENGTH_MAX - length);
                System.arraycopy(source, offset + done, block, length, some);
                length += some;
                done += some;
                if (length == BLOCK_LENGTH_MAX) {
                    writeBlock();
                }
            }
        }

        private void writeBlock() throws IOException {
            int size = compressor.compress(block, 0, length, compressed, 0, compressed.length);
            if (size < length) {
                littleEndian(size);
                target.write(compressed, 0, size);
            } else {
                littleEndian(length | STORED);
                target.write(block, 0, length);
            }
            length = 0;
        }

        private void littleEndian(int value) throws IOException {
            for (int shift = 0; shift < Integer.SIZE; shift += 8) {
                target.write(value >>> shift);
            }
        }

        @Override
        public void close() throws IOException {
            if (closed) {
                return;
            }
            closed = true;
            if (length > 0) {
                writeBlock();
            }
            littleEndian(0);
        }
    }
}
