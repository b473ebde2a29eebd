package io.spanweir.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * Files that data is kept in: appended to, put away under other names, read again, removed. What a failure means is in the
 * message of its {@link IOException}, as the system says it.
 *
 * <p>What outlives a crash of the machine:
 *
 * <ul>
 *   <li>bytes that were appended or cut off before a {@link DiskFile#force()} of their file that returned;
 *   <li>names that were made, changed or removed before a {@link #forceNames} of their directory that returned;
 *   <li>of anything later: all, nothing, or any part, in no order. Bytes that were not forced may come back short, as zeros, or
 *       as anything, so that who reads them needs lengths and checksums of his own. A rename is there or not, never half.
 * </ul>
 *
 * A crash of the process alone loses nothing that a call has returned from. Threading: any thread; two of them need an
 * agreement of their own about one path.
 */
public interface Disk {
    /** Opens a file for appending; one that does not exist is made, its directory has to be there. */
    DiskFile open(Path path) throws IOException;

    /**
     * Reads what is at a position, as much as there is and the target has room for. Returns how many bytes, -1 at the end of
     * the file and behind it.
     *
     * @throws java.nio.file.NoSuchFileException when there is none
     */
    int read(Path path, long position, ByteBuffer target) throws IOException;

    /** Whether there is a file or a directory of that name. */
    boolean exists(Path path);

    /** The files and directories in a directory, in no order. */
    List<Path> list(Path directory) throws IOException;

    /**
     * Gives a file another name on the same disk, in one step for all who look. A file of that name is replaced.
     *
     * @throws java.nio.file.NoSuchFileException when there is none to rename
     */
    void rename(Path from, Path to) throws IOException;

    /** Removes a file. Returns whether there was one. */
    boolean delete(Path path) throws IOException;

    /**
     * Makes a directory and those above it.
     *
     * @param permissions the bits of {@code chmod}, where the system has them
     */
    void createDirectories(Path directory, int permissions) throws IOException;

    /** Returns when the names in a directory are as safe as the disk makes them. */
    void forceNames(Path directory) throws IOException;
}
