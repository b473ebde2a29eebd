package io.spanweir.exporter.file;

import io.spanweir.net.Sentences;
import io.spanweir.time.Clock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of records that is put away when it is large enough: {@code spans.json} becomes {@code
 * spans-2026-11-24T12-00-00.000.json}. A record is in the file whole or not at all: what a failed write left behind is cut
 * off before anything else is written. Threading: one thread.
 */
final class RotatingFile {
    /** Opens a file for appending. */
    interface Opener {
        FileChannel open(Path path, boolean truncate) throws IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(RotatingFile.class);
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm-ss.SSS", Locale.ROOT);

    private final FileConfig config;
    private final Clock clock;
    private final Opener opener;
    private @Nullable FileChannel channel;
    /** Where the last whole record ends, when a write has failed behind it; else -1. */
    private long tornAt = -1;

    private record Backup(Path path, LocalDateTime putAway) {}

    RotatingFile(FileConfig config, Clock clock, Opener opener) {
        this.config = config;
        this.clock = clock;
        this.opener = opener;
    }

    static FileChannel openChannel(Path path, boolean truncate) throws IOException {
        if (truncate) {
            FileChannel.open(
                            path,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE,
                            StandardOpenOption.TRUNCATE_EXISTING)
                    .close();
        }
        return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Opens the file for the first time. The message of a failure is for the user. */
    void open() throws IOException {
        Path directory = config.path().toAbsolutePath().getParent();
        if (directory != null && !Files.isDirectory(directory)) {
            if (!config.createDirectory()) {
                throw new IOException("path: directory \"" + directory
                        + "\" does not exist; create it or set create_directory: true");
            }
            createDirectories(directory);
        }
        try {
            channel = opener.open(config.path(), !config.append() && config.rotation() == null);
        } catch (IOException e) {
            throw new IOException("path: \"" + config.path() + "\" cannot be written (" + Sentences.cause(e) + ")", e);
        }
    }

    private void createDirectories(Path directory) throws IOException {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] bits = PosixFilePermission.values(); // owner read first, others execute last
        for (int bit = 0; bit < bits.length; bit++) {
            if ((config.directoryPermissions() >> (bits.length - 1 - bit) & 1) != 0) {
                permissions.add(bits[bit]);
            }
        }
        boolean posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
        if (posix) {
            Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(permissions));
        } else {
            Files.createDirectories(directory);
        }
    }

    /** Appends one record, whole or not at all. */
    void write(ByteBuffer[] record) throws IOException {
        FileChannel open = usable();
        FileConfig.Rotation rotation = config.rotation();
        long before = open.size();
        if (rotation != null && before > 0 && before + length(record) > rotation.maxBytes()) {
            open = rotate(open, rotation);
            before = 0;
        }
        try {
            while (record[record.length - 1].hasRemaining()) {
                open.write(record);
            }
        } catch (IOException e) {
            tornAt = before;
            try {
                repair(open);
            } catch (IOException later) {
                e.addSuppressed(later);
            }
            throw e;
        }
    }

    private static long length(ByteBuffer[] record) {
        long length = 0;
        for (ByteBuffer part : record) {
            length += part.remaining();
        }
        return length;
    }

    private FileChannel usable() throws IOException {
        FileChannel open = channel;
        if (open == null || !open.isOpen()) {
            open = opener.open(config.path(), false);
            channel = open;
        }
        repair(open);
        return open;
    }

    private void repair(FileChannel open) throws IOException {
        if (tornAt >= 0) {
            if (open.size() > tornAt) {
                open.truncate(tornAt);
            }
            tornAt = -1;
        }
    }

    private FileChannel rotate(FileChannel open, FileConfig.Rotation rotation) throws IOException {
        open.close();
        channel = null;
        Instant now = Instant.ofEpochSecond(0, clock.unixNanos());
        LocalDateTime local = LocalDateTime.ofInstant(now, zone(rotation));
        Path target = backup(local);
        for (int attempt = 0; Files.exists(target) && attempt < 1000; attempt++) {
            local = local.plus(Duration.ofMillis(1)); // two in one millisecond
            target = backup(local);
        }
        try {
            Files.move(config.path(), target);
        } catch (NoSuchFileException | FileAlreadyExistsException e) {
            LOG.warn("File could not be put away, it goes on. file={} problem={}", config.path(), Sentences.cause(e));
        }
        FileChannel fresh = opener.open(config.path(), false);
        channel = fresh;
        removeOld(rotation, LocalDateTime.ofInstant(now, zone(rotation)));
        return fresh;
    }

    private static ZoneId zone(FileConfig.Rotation rotation) {
        return rotation.localTime() ? ZoneId.systemDefault() : ZoneOffset.UTC;
    }

    private Path backup(LocalDateTime time) {
        return config.path().resolveSibling(stem() + "-" + STAMP.format(time) + extension());
    }

    private String fileName() {
        return String.valueOf(config.path().getFileName());
    }

    private String stem() {
        int dot = fileName().lastIndexOf('.');
        return dot > 0 ? fileName().substring(0, dot) : fileName();
    }

    private String extension() {
        int dot = fileName().lastIndexOf('.');
        return dot > 0 ? fileName().substring(dot) : "";
    }

    private void removeOld(FileConfig.Rotation rotation, LocalDateTime now) {
        try {
            List<Backup> backups = backups();
            backups.sort(Comparator.comparing(Backup::putAway).reversed());
            for (int index = 0; index < backups.size(); index++) {
                Backup backup = backups.get(index);
                boolean tooMany = rotation.maxBackups() > 0 && index >= rotation.maxBackups();
                boolean tooOld = rotation.maxDays() > 0 && backup.putAway.isBefore(now.minusDays(rotation.maxDays()));
                if (tooMany || tooOld) {
                    Files.deleteIfExists(backup.path);
                }
            }
        } catch (IOException e) {
            LOG.warn("Old files could not be removed. file={} problem={}", config.path(), Sentences.cause(e));
        }
    }

    private List<Backup> backups() throws IOException {
        List<Backup> backups = new ArrayList<>();
        Path directory = config.path().toAbsolutePath().getParent();
        if (directory == null) {
            return backups;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                String begin = stem() + "-";
                if (name.startsWith(begin)
                        && name.endsWith(extension())
                        && name.length() > begin.length() + extension().length()) {
                    LocalDateTime time = stamp(name.substring(
                            begin.length(), name.length() - extension().length()));
                    if (time != null) {
                        backups.add(new Backup(file, time));
                    }
                }
            }
        }
        return backups;
    }

    private static @Nullable LocalDateTime stamp(String text) {
        try {
            return LocalDateTime.parse(text, STAMP);
        } catch (DateTimeException notOurs) {
            return null;
        }
    }

    void close() {
        FileChannel open = channel;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.warn("File could not be closed. file={} problem={}", config.path(), Sentences.cause(e));
            }
        }
    }
}
