package io.spanweir.testengine;

import io.spanweir.storage.Disk;
import io.spanweir.storage.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A disk in memory that fails when told, or by chance: no space, short writes, calls that fail, and the crash of its machine.
 * Threading: one thread.
 */
public final class MemoryDisk implements Disk {
    /** What can fail. */
    public enum Call {
        OPEN,
        READ,
        LIST,
        RENAME,
        DELETE,
        CREATE_DIRECTORIES,
        FORCE_NAMES,
        LENGTH,
        APPEND,
        TRUNCATE,
        FORCE,
        CLOSE
    }

    private static final int GROWTH_BYTES_MAX = 64 << 10;

    private final SplittableRandom random;
    private final TreeMap<Path, Content> files = new TreeMap<>();
    private final Set<Path> directories = new HashSet<>();
    /** The names that a crash cannot change. */
    private final TreeMap<Path, Content> forcedNames = new TreeMap<>();

    private final Set<Call> failing = EnumSet.noneOf(Call.class);
    private int failsOneIn;
    private int shortOneIn;
    private long capacityBytes = Long.MAX_VALUE;
    private long failures;
    /** A crash ends what is open. */
    private int crashes;

    /** A file's bytes, whatever it is called. */
    private static final class Content {
        private byte[] bytes = new byte[256];
        private int length;
        private byte[] forced = new byte[0];

        void append(ByteBuffer part, int count) {
            if (length + count > bytes.length) {
                bytes = Arrays.copyOf(bytes, length + Math.max(count, Math.min(length, GROWTH_BYTES_MAX)));
            }
            part.get(bytes, length, count);
            length += count;
        }

        void become(byte[] content) {
            bytes = content;
            length = content.length;
            forced = content; // what is forced is not written to: a cut makes a copy, growth does anyway
        }

        void truncate(long to) {
            if (to < length) {
                bytes = bytes == forced ? bytes.clone() : bytes;
                length = (int) to;
            }
        }
    }

    /**
     * An empty disk with endless room.
     *
     * @param random for short writes, failures by chance and crashes
     */
    public MemoryDisk(SplittableRandom random) {
        this.random = random;
    }

    /** All files together have so much room from now on; what is there stays. */
    public void capacityBytes(long bytes) {
        capacityBytes = bytes;
    }

    /** These calls fail from now on, all others do not. */
    public void fail(Call... calls) {
        failing.clear();
        failing.addAll(List.of(calls));
    }

    /**
     * Each call fails with this chance, an append after it has taken a part.
     *
     * @param oneIn 0: never
     */
    public void failOneIn(int oneIn) {
        failsOneIn = oneIn;
    }

    /**
     * An append takes only a part with this chance.
     *
     * @param oneIn 0: never
     */
    public void shortenOneIn(int oneIn) {
        shortOneIn = oneIn;
    }

    /** How many calls have failed for a reason that was set here. */
    public long failures() {
        return failures;
    }

    /** Bytes in all files. */
    public long usedBytes() {
        return files.values().stream().mapToLong(content -> content.length).sum();
    }

    /**
     * All that a file has, whatever fails.
     *
     * @throws IllegalArgumentException when there is none
     */
    public byte[] bytes(Path path) {
        return bytes(path, 0);
    }

    /**
     * All that a file has from a position on, whatever fails.
     *
     * @throws IllegalArgumentException when there is none
     */
    public byte[] bytes(Path path, int position) {
        return Arrays.copyOfRange(known(path).bytes, position, known(path).length);
    }

    /**
     * Bytes in a file, whatever fails.
     *
     * @throws IllegalArgumentException when there is none
     */
    public int length(Path path) {
        return known(path).length;
    }

    private Content known(Path path) {
        Content content = files.get(key(path));
        if (content == null) {
            throw new IllegalArgumentException("no file " + path);
        }
        return content;
    }

    /** Puts a file there, forced, whatever fails; its directories are made. */
    public void put(Path path, byte[] bytes) {
        Path key = key(path);
        Content content = new Content();
        content.become(bytes.clone());
        files.put(key, content);
        forcedNames.put(key, content);
        for (Path above = key.getParent(); above != null; above = above.getParent()) {
            directories.add(above);
        }
    }

    /** Paths of all files in their order, whatever fails. */
    public Set<Path> paths() {
        return new TreeSet<>(files.keySet());
    }

    /** The machine stops and comes back: what was not forced is there, gone, or torn, by chance. Open files are closed. */
    public void crash() {
        crashes++;
        Map<Path, Content> later = new TreeMap<>(files);
        files.clear();
        files.putAll(forcedNames);
        if (random.nextBoolean()) { // changes of names reach the disk in their order, or not yet
            files.clear();
            files.putAll(later);
        }
        Set<Content> contents = new HashSet<>(files.values());
        contents.forEach(content -> content.become(afterCrash(content)));
        forcedNames.clear();
        forcedNames.putAll(files);
    }

    private byte[] afterCrash(Content content) {
        byte[] live = Arrays.copyOf(content.bytes, content.length);
        byte[] forced = content.forced;
        boolean grown = live.length >= forced.length && Arrays.equals(live, 0, forced.length, forced, 0, forced.length);
        if (!grown) {
            return random.nextBoolean() ? forced : live; // it was cut off below what was forced
        }
        byte[] left = Arrays.copyOf(live, forced.length + random.nextInt(live.length - forced.length + 1));
        int unforced = left.length - forced.length;
        if (unforced > 0 && random.nextBoolean()) {
            int from = forced.length + random.nextInt(unforced);
            Arrays.fill(left, from, from + random.nextInt(left.length - from) + 1, (byte) 0);
        }
        return left;
    }

    private static Path key(Path path) {
        return path.toAbsolutePath().normalize();
    }

    private void mayFail(Call call, Path path) throws IOException {
        if (failing.contains(call) || failsByChance()) {
            failures++;
            throw new FileSystemException(path.toString(), null, "Input/output error");
        }
    }

    private boolean failsByChance() {
        return failsOneIn > 0 && random.nextInt(failsOneIn) == 0;
    }

    private Content content(Path path) throws NoSuchFileException {
        Content content = files.get(key(path));
        if (content == null) {
            throw new NoSuchFileException(path.toString());
        }
        return content;
    }

    @Override
    public DiskFile open(Path path) throws IOException {
        mayFail(Call.OPEN, path);
        Path key = key(path);
        Path parent = key.getParent();
        if (parent == null || !isDirectory(parent)) {
            throw new NoSuchFileException(path.toString());
        }
        return new Opened(path, files.computeIfAbsent(key, one -> new Content()), crashes);
    }

    private boolean isDirectory(Path key) {
        return directories.contains(key) || key.getParent() == null;
    }

    @Override
    public int read(Path path, long position, ByteBuffer target) throws IOException {
        mayFail(Call.READ, path);
        Content content = content(path);
        if (position >= content.length) {
            return target.hasRemaining() ? -1 : 0;
        }
        int count = Math.min(target.remaining(), content.length - (int) position);
        target.put(content.bytes, (int) position, count);
        return count;
    }

    @Override
    public boolean exists(Path path) {
        Path key = key(path);
        return files.containsKey(key) || isDirectory(key);
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
        mayFail(Call.LIST, directory);
        Path key = key(directory);
        if (!isDirectory(key)) {
            throw new NoSuchFileException(directory.toString());
        }
        List<Path> paths = new ArrayList<>();
        for (Set<Path> names : List.of(files.keySet(), directories)) {
            for (Path path : names) {
                if (key.equals(path.getParent())) {
                    paths.add(directory.resolve(path.getFileName()));
                }
            }
        }
        return paths;
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        mayFail(Call.RENAME, from);
        Content content = content(from);
        files.remove(key(from));
        files.put(key(to), content);
    }

    @Override
    public boolean delete(Path path) throws IOException {
        mayFail(Call.DELETE, path);
        return files.remove(key(path)) != null;
    }

    @Override
    public void createDirectories(Path directory, int permissions) throws IOException {
        mayFail(Call.CREATE_DIRECTORIES, directory);
        for (Path above = key(directory); above != null; above = above.getParent()) {
            directories.add(above);
        }
    }

    @Override
    public void forceNames(Path directory) throws IOException {
        mayFail(Call.FORCE_NAMES, directory);
        Path key = key(directory);
        forcedNames.keySet().removeIf(path -> key.equals(path.getParent()));
        files.forEach((path, content) -> {
            if (key.equals(path.getParent())) {
                forcedNames.put(path, content);
            }
        });
    }

    private final class Opened implements DiskFile {
        private final Path path;
        private final Content content;
        private final int openedAfter;
        private boolean closed;

        Opened(Path path, Content content, int openedAfter) {
            this.path = path;
            this.content = content;
            this.openedAfter = openedAfter;
        }

        private void begin(Call call) throws IOException {
            if (closed || openedAfter != crashes) {
                throw new ClosedChannelException();
            }
            if (call != Call.APPEND) {
                mayFail(call, path);
            }
        }

        @Override
        public long length() throws IOException {
            begin(Call.LENGTH);
            return content.length;
        }

        @Override
        public long append(ByteBuffer... parts) throws IOException {
            begin(Call.APPEND);
            long asked = Arrays.stream(parts).mapToLong(ByteBuffer::remaining).sum();
            if (asked == 0) {
                return 0;
            }
            boolean fails = failing.contains(Call.APPEND) || failsByChance();
            long room = Math.max(0, capacityBytes - usedBytes());
            boolean shorter = shortOneIn > 0 && random.nextInt(shortOneIn) == 0;
            long wanted = fails ? random.nextLong(asked) : shorter ? 1 + random.nextLong(asked) : asked;
            long taken = take(parts, Math.min(wanted, room));
            if (fails) {
                failures++;
                throw new IOException("Input/output error");
            }
            if (taken == 0) {
                failures++;
                throw new IOException("No space left on device");
            }
            return taken;
        }

        private long take(ByteBuffer[] parts, long most) {
            long taken = 0;
            for (ByteBuffer part : parts) {
                int count = (int) Math.min(part.remaining(), most - taken);
                content.append(part, count);
                taken += count;
            }
            return taken;
        }

        @Override
        public void truncate(long length) throws IOException {
            begin(Call.TRUNCATE);
            content.truncate(length);
        }

        @Override
        public void force() throws IOException {
            begin(Call.FORCE);
            content.forced = Arrays.copyOf(content.bytes, content.length);
        }

        @Override
        public void close() throws IOException {
            boolean first = !closed;
            closed = true;
            if (first && openedAfter == crashes) {
                mayFail(Call.CLOSE, path);
            }
        }
    }
}
