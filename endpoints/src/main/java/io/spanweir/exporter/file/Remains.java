package io.spanweir.exporter.file;

import io.spanweir.storage.Disk;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * What a file has behind its last whole record. Records are not forced to the disk, so that a crash of the machine can leave
 * half of one, or zeros in its place.
 *
 * <p>The end of a line is searched from the end of the file. Records with a length have no mark to search for: they are walked
 * through from the beginning, a read of 64 KiB for a large record or for several small ones.
 *
 * @param offset where the last whole record ends; the length of the file: nothing is behind it
 * @param torn whether it can be the rest of a record; what cannot is somebody else's
 */
record Remains(long offset, boolean torn) {
    private static final int BLOCK_BYTES = 64 << 10;
    /** A record is made in one array. */
    private static final long RECORD_BYTES_MAX = Integer.MAX_VALUE;

    /** Of OTLP/JSON, one record a line. */
    static Remains ofLines(Disk disk, Path path, long length) throws IOException {
        Block block = new Block(disk, path, length);
        boolean ours = length == 0 || block.byteAt(0) == '{';
        long least = Math.max(0, length - RECORD_BYTES_MAX);
        for (long at = length; at > least; at--) {
            if (block.byteBefore(at) == '\n') {
                return new Remains(at, ours);
            }
        }
        return new Remains(least, ours && least == 0);
    }

    /**
     * Of records with a length before them.
     *
     * @param begin the first byte of every record, not 0
     */
    static Remains ofLengths(Disk disk, Path path, long length, byte begin) throws IOException {
        Block block = new Block(disk, path, length);
        long at = 0;
        while (length - at > Integer.BYTES) {
            int record = block.intAt(at);
            byte first = block.byteAt(at + Integer.BYTES);
            if (record <= 0 || record > length - at - Integer.BYTES || first == 0) {
                return new Remains(at, record == 0 || first == 0 || first == begin);
            }
            at += Integer.BYTES + (long) record;
        }
        return new Remains(at, true);
    }

    /** The part of a file that was read last. */
    private static final class Block {
        private final Disk disk;
        private final Path path;
        private final long length;
        private final ByteBuffer bytes = ByteBuffer.allocate(BLOCK_BYTES).limit(0);
        private long offset;

        Block(Disk disk, Path path, long length) {
            this.disk = disk;
            this.path = path;
            this.length = length;
        }

        byte byteAt(long at) throws IOException {
            if (at < offset || at >= offset + bytes.limit()) {
                read(at);
            }
            return bytes.get((int) (at - offset));
        }

        /** For reading from the end to the beginning. */
        byte byteBefore(long at) throws IOException {
            if (at <= offset || at > offset + bytes.limit()) {
                read(Math.max(0, at - BLOCK_BYTES));
            }
            return bytes.get((int) (at - 1 - offset));
        }

        int intAt(long at) throws IOException {
            if (at < offset || at + Integer.BYTES > offset + bytes.limit()) {
                read(at);
            }
            return bytes.getInt((int) (at - offset));
        }

        private void read(long from) throws IOException {
            int count = (int) Math.min(BLOCK_BYTES, length - from);
            bytes.clear().limit(count);
            offset = from;
            while (bytes.hasRemaining()) {
                if (disk.read(path, from + bytes.position(), bytes) < 0) {
                    bytes.limit(0);
                    throw new EOFException("it has become shorter");
                }
            }
        }
    }
}
