package io.spanweir.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file that grows at its end. {@link Disk} says what outlives a crash. Threading: one thread. */
public interface DiskFile extends Closeable {
    /** Bytes in the file. */
    long length() throws IOException;

    /**
     * Appends what the parts have left, in their order, and moves their positions. The system may take less than all, at least
     * one byte; the rest is for another call. Readers see the bytes in the order of the calls.
     *
     * @return how many bytes were taken; 0 only when nothing was left
     * @throws IOException when nothing, or an unknown number of the bytes was taken: {@link #length} tells
     */
    long append(ByteBuffer... parts) throws IOException;

    /**
     * Appends all that the parts have left.
     *
     * @throws IOException when an unknown number of the bytes was taken: {@link #length} tells
     */
    default void appendAll(ByteBuffer... parts) throws IOException {
        long left = 0;
        for (ByteBuffer part : parts) {
            left += part.remaining();
        }
        while (left > 0) {
            left -= append(parts);
        }
    }

    /** Cuts off what is behind that length; a file that is not longer stays as it is. */
    void truncate(long length) throws IOException;

    /**
     * Returns when all bytes and the length are as safe as the disk makes them; the name is not meant, see {@link
     * Disk#forceNames}. After a failure nothing that was not forced before can be relied on, even if a later call succeeds.
     */
    void force() throws IOException;

    /** Closes it, whether or not that throws. A second call does nothing. */
    @Override
    void close() throws IOException;
}
