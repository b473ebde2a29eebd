package io.spanweir.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The machine's disk. Threading: any thread. */
public final class SystemDisk implements Disk {
    @Override
    public DiskFile open(Path path) throws IOException {
        return new Appended(FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
    }

    @Override
    public int read(Path path, long position, ByteBuffer target) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            int total = 0;
            while (target.hasRemaining()) {
                int length = channel.read(target, position + total);
                if (length < 0) {
                    return total == 0 ? -1 : total;
                }
                total += length;
            }
            return total;
        }
    }

    @Override
    public boolean exists(Path path) {
        return Files.exists(path);
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
        List<Path> paths = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            entries.forEach(paths::add);
        } catch (java.nio.file.DirectoryIteratorException e) {
            throw e.getCause();
        }
        return paths;
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public boolean delete(Path path) throws IOException {
        return Files.deleteIfExists(path);
    }

    @Override
    public void createDirectories(Path directory, int permissions) throws IOException {
        if (!directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectories(directory);
            return;
        }
        Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] bits = PosixFilePermission.values(); // owner read first, others execute last
        for (int bit = 0; bit < bits.length; bit++) {
            if ((permissions >> (bits.length - 1 - bit) & 1) != 0) {
                set.add(bits[bit]);
            }
        }
        Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(set));
    }

    @Override
    public void forceNames(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static final class Appended implements DiskFile {
        private final FileChannel channel;

        Appended(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public long length() throws IOException {
            return channel.size();
        }

        @Override
        public long append(ByteBuffer... parts) throws IOException {
            return channel.write(parts);
        }

        @Override
        public void truncate(long length) throws IOException {
            if (channel.size() > length) { // a device has no length, and none that could be set
                channel.truncate(length);
            }
        }

        @Override
        public void force() throws IOException {
            channel.force(true);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
