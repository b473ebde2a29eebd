package io.spanweir.net;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * gzip and zlib by the JDK's deflater. A deflater holds about 256 KiB outside of the heap and is slow to make, so a few are
 * kept.
 */
final class DeflateEncoder implements ContentEncoder {
    private static final int KEPT_MAX = 4;
    private static final int BUFFER_LENGTH = 8192;
    /** Magic, method deflate, no flags, no time, no extra flags, unknown system. Source: RFC 1952, section 2.3. */
    private static final byte[] GZIP_HEADER = {0x1F, (byte) 0x8B, 8, 0, 0, 0, 0, 0, 0, (byte) 0xFF};

    private final String token;
    private final boolean gzip;
    private final int level;
    private final ArrayBlockingQueue<Engine> kept = new ArrayBlockingQueue<>(KEPT_MAX);

    DeflateEncoder(String token, boolean gzip, int level) {
        this.token = token;
        this.gzip = gzip;
        this.level = level;
    }

    @Override
    public String token() {
        return token;
    }

    @Override
    public OutputStream stream(OutputStream target) throws IOException {
        if (gzip) {
            target.write(GZIP_HEADER);
        }
        Engine engine = kept.poll();
        return new DeflateStream(target, engine == null ? new Engine(level, gzip) : engine);
    }

    private void giveBack(Engine engine) {
        engine.deflater.reset();
        engine.checksum.reset();
        if (!kept.offer(engine)) {
            engine.deflater.end();
        }
    }

    private static final class Engine {
        final Deflater deflater;
        final CRC32 checksum = new CRC32();
        final byte[] buffer = new byte[BUFFER_LENGTH];

        Engine(int level, boolean raw) {
            deflater = new Deflater(level, raw);
        }
    }

    private final class DeflateStream extends OutputStream {
        private final OutputStream target;
        private @Nullable Engine engine;

        DeflateStream(OutputStream target, Engine engine) {
            this.target = target;
            this.engine = engine;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            Engine open = engine;
            if (open == null) {
                throw new IOException("the stream is closed");
            }
            if (gzip) {
                open.checksum.update(source, offset, length);
            }
            open.deflater.setInput(source, offset, length);
            while (!open.deflater.needsInput()) {
                drain(open);
            }
        }

        private void drain(Engine open) throws IOException {
            int length = open.deflater.deflate(open.buffer);
            if (length > 0) {
                target.write(open.buffer, 0, length);
            }
        }

        @Override
        public void close() throws IOException {
            Engine open = engine;
            if (open == null) {
                return;
            }
            engine = null;
            try {
                open.deflater.finish();
                while (!open.deflater.finished()) {
                    drain(open);
                }
                if (gzip) {
                    littleEndian((int) open.checksum.getValue());
                    littleEndian((int) open.deflater.getBytesRead());
                }
            } finally {
                giveBack(open);
            }
        }

        private void littleEndian(int value) throws IOException {
            for (int shift = 0; shift < Integer.SIZE; shift += 8) {
                target.write(value >>> shift);
            }
        }
    }
}
