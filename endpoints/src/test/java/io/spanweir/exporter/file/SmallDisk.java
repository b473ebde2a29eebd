package io.spanweir.exporter.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/** A disk with room for so many bytes in one file: it takes what fits, then says what the system says. */
final class SmallDisk {
    private long capacity;
    private boolean refuseTruncate;

    SmallDisk(long capacity) {
        this.capacity = capacity;
    }

    void capacity(long bytes) {
        capacity = bytes;
    }

    void refuseTruncate(boolean refuse) {
        refuseTruncate = refuse;
    }

    FileChannel open(Path path, boolean truncate) throws IOException {
        return new Limited(RotatingFile.openChannel(path, truncate));
    }

    private final class Limited extends FileChannel {
        private final FileChannel real;

        Limited(FileChannel real) {
            this.real = real;
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            long room = capacity - real.size();
            if (room <= 0 && source.hasRemaining()) {
                throw new IOException("No space left on device");
            }
            int length = (int) Math.min(room, source.remaining());
            ByteBuffer part = source.duplicate().limit(source.position() + length);
            int written = real.write(part);
            source.position(source.position() + written);
            return written;
        }

        @Override
        public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
            long written = 0;
            for (int index = offset; index < offset + length; index++) {
                if (sources[index].hasRemaining()) {
                    return written + write(sources[index]);
                }
            }
            return written;
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            if (refuseTruncate) {
                throw new IOException("Input/output error");
            }
            real.truncate(size);
            return this;
        }

        @Override
        public long size() throws IOException {
            return real.size();
        }

        @Override
        protected void implCloseChannel() throws IOException {
            real.close();
        }

        @Override
        public void force(boolean metadata) throws IOException {
            real.force(metadata);
        }

        @Override
        public int read(ByteBuffer target) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long read(ByteBuffer[] targets, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int read(ByteBuffer target, long position) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int write(ByteBuffer source, long position) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long position() {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileChannel position(long position) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel target) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferFrom(ReadableByteChannel source, long position, long count) {
            throw new UnsupportedOperationException();
        }

        @Override
        public MappedByteBuffer map(MapMode mode, long position, long size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock lock(long position, long size, boolean shared) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) {
            throw new UnsupportedOperationException();
        }
    }
}
