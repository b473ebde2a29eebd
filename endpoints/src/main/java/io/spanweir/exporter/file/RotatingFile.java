package io.spanweir.exporter.file;

import io.spanweir.net.Sentences;
import io.spanweir.storage.Disk;
import io.spanweir.storage.DiskFile;
import io.spanweir.time.Clock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of records that is put away when it is large enough: {@code spans.json} becomes {@code
 * spans-2026-11-24T12-00-00.000.json}. A record is in the file whole or not at all: what a failed write left behind is cut
 * off before anything else is written, and what a crash of the machine left is when the file is opened the next time. Files that
 * were put away are not written to and stay as they are. Threading: one thread.
 */
final class RotatingFile {
    private static final Logger LOG = LoggerFactory.getLogger(RotatingFile.class);
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm-ss.SSS", Locale.ROOT);

    static final byte[] LINE_END = {'\n'};
    /** The tag of a request's only field. */
    private static final byte PROTO_BEGIN = 0x0A;
    /** Of the magic number of a frame. */
    private static final byte ZSTD_BEGIN = 0x28;

    private final FileConfig config;
    private final Clock clock;
    private final Disk disk;
    private @Nullable DiskFile file;
    private LocalDateTime lastPutAway = LocalDateTime.MIN;
    /** Where the last whole record ends, when a write has failed behind it; else -1. */
    private long tornAt = -1;

    private record Backup(Path path, LocalDateTime putAway) {}

    RotatingFile(FileConfig config, Clock clock, Disk disk) {
        this.config = config;
        this.clock = clock;
        this.disk = disk;
    }

    /** Opens the file for the first time. The message of a failure is for the user. */
    void open() throws IOException {
        Path directory = config.path().toAbsolutePath().getParent();
        if (directory != null && !disk.exists(directory)) {
            if (!config.createDirectory()) {
                throw new IOException("path: directory \"" + directory
                        + "\" does not exist; create it or set create_directory: true");
            }
            disk.createDirectories(directory, config.directoryPermissions());
        }
        try {
            DiskFile open = disk.open(config.path());
            file = open;
            if (!config.append() && config.rotation() == null) {
                open.truncate(0);
            } else {
                repairAfterCrash(open);
            }
        } catch (IOException e) {
            throw new IOException("path: \"" + config.path() + "\" cannot be written (" + Sentences.cause(e) + ")", e);
        }
    }

    /** Makes the file end with a whole record, when it was this exporter that has begun the one behind it. */
    private void repairAfterCrash(DiskFile open) throws IOException {
        long length = open.length();
        Remains remains;
        try {
            remains = config.lines()
                    ? Remains.ofLines(disk, config.path(), length)
                    : Remains.ofLengths(disk, config.path(), length, config.zstd() ? ZSTD_BEGIN : PROTO_BEGIN);
        } catch (IOException e) {
            LOG.warn(
                    "File cannot be read, whether its last record is whole is unknown. file={} problem={}",
                    config.path(),
                    Sentences.cause(e));
            return;
        }
        long bytes = length - remains.offset();
        if (bytes == 0) {
            return;
        }
        if (remains.torn()) {
            open.truncate(remains.offset());
            LOG.warn("Cut off a record that a crash has left half written. file={} bytes={}", config.path(), bytes);
        } else if (config.lines()) {
            open.appendAll(ByteBuffer.wrap(LINE_END));
            LOG.warn("Ended the last line of a file with other content. file={} bytes={}", config.path(), bytes);
        } else {
            LOG.warn(
                    "File has something else than records, new ones are written behind it. file={} offset={} bytes={}",
                    config.path(),
                    remains.offset(),
                    bytes);
        }
    }

    /** Appends one record, whole or not at all. */
    void write(ByteBuffer[] record) throws IOException {
        DiskFile open = usable();
        FileConfig.Rotation rotation = config.rotation();
        long before = open.length();
        if (rotation != null && before > 0 && before + length(record) > rotation.maxBytes()) {
            open = rotate(open, rotation);
            before = open.length();
        }
        try {
            open.appendAll(record);
        } catch (IOException e) {
            tornAt = before;
            try {
                repair(open);
            } catch (IOException later) {
                e.addSuppressed(later);
                close(open); // what it can still do is unknown; the next record gets the file opened anew
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

    private DiskFile usable() throws IOException {
        DiskFile open = file;
        if (open == null) {
            open = disk.open(config.path());
            file = open;
        }
        repair(open);
        return open;
    }

    private void repair(DiskFile open) throws IOException {
        if (tornAt >= 0) {
            open.truncate(tornAt);
            tornAt = -1;
        }
    }

    private DiskFile rotate(DiskFile open, FileConfig.Rotation rotation) throws IOException {
        file = null;
        open.close();
        Instant now = Instant.ofEpochSecond(0, clock.unixNanos());
        LocalDateTime local = LocalDateTime.ofInstant(now, zone(rotation)).truncatedTo(ChronoUnit.MILLIS);
        if (!local.isAfter(lastPutAway)) {
            local = lastPutAway.plus(Duration.ofMillis(1)); // a later file has the later name, whatever the clock does
        }
        Path target = backup(local);
        for (int attempt = 0; disk.exists(target) && attempt < 1000; attempt++) {
            local = local.plus(Duration.ofMillis(1)); // two in one millisecond
            target = backup(local);
        }
        try {
            if (disk.exists(target)) {
                LOG.warn("File could not be put away, all names of this second are taken. file={}", config.path());
            } else {
                disk.rename(config.path(), target);
                lastPutAway = local;
            }
        } catch (NoSuchFileException e) {
            LOG.warn("File could not be put away, somebody has removed it. file={}", config.path());
        }
        DiskFile fresh = disk.open(config.path());
        file = fresh;
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
            for (int index = backups.size() - 1; index >= 0; index--) { // when one cannot be removed there is no gap
                Backup backup = backups.get(index);
                boolean tooMany = rotation.maxBackups() > 0 && index >= rotation.maxBackups();
                boolean tooOld = rotation.maxDays() > 0 && backup.putAway.isBefore(now.minusDays(rotation.maxDays()));
                if (tooMany || tooOld) {
                    disk.delete(backup.path);
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
        for (Path path : disk.list(directory)) {
            String name = String.valueOf(path.getFileName());
            String begin = stem() + "-";
            if (name.startsWith(begin)
                    && name.endsWith(extension())
                    && name.length() > begin.length() + extension().length()) {
                LocalDateTime time = stamp(name.substring(
                        begin.length(), name.length() - extension().length()));
                if (time != null) {
                    backups.add(new Backup(path, time));
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

    /** Cuts off what a failed write has left behind, if that can be done now, and closes. */
    void close() {
        if (tornAt >= 0) {
            try {
                usable();
            } catch (IOException e) {
                LOG.warn("A part of a record stays in the file. file={} problem={}", config.path(), Sentences.cause(e));
            }
        }
        if (file != null) {
            close(file);
        }
    }

    private void close(DiskFile open) {
        file = null;
        try {
            open.close();
        } catch (IOException e) {
            LOG.warn("File could not be closed. file={} problem={}", config.path(), Sentences.cause(e));
        }
    }
}
