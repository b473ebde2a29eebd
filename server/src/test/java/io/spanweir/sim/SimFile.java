package io.spanweir.sim;

import io.spanweir.testengine.MemoryDisk;
import io.spanweir.wire.Signal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The files of one file exporter, and what they have to contain: what was there before and every record that was said to be
 * written, whole, once, in order, the oldest less when files are removed.
 */
final class SimFile {
    static final Path DIRECTORY = Path.of("/sim");
    private static final long ROTATION_BYTES = 1 << 20;
    /** What an item is told by in JSON: the id of a span or log record, the name of a metric. */
    private static final String ITEM = "\"spanId\":\"";

    private static final String METRIC = "\"name\":\"metric ";

    /**
     * How a file is set up.
     *
     * @param rotationRoom bytes until the file is put away, in the beginning; -1: never
     * @param oldCount files that were put away before
     */
    record Shape(Signal signal, boolean json, int rotationRoom, int maxBackups, int oldCount) {
        boolean rotates() {
            return rotationRoom >= 0;
        }

        String yaml(String out) {
            String rotation =
                    rotates() ? "rotation: {max_megabytes: 1, max_backups: %d}".formatted(maxBackups) : "append: true";
            return "path: %s, format: %s, %s".formatted(path(out, json), json ? "json" : "proto", rotation);
        }
    }

    final String out;
    private final Shape shape;
    private final MemoryDisk disk;
    private final Path path;
    private final List<String> expected = new ArrayList<>();
    private final Map<Path, Known> known = new HashMap<>();
    private boolean tornAllowed;
    private boolean rotated;

    /** The records of a file, as far as it was read. */
    private static final class Known {
        final List<String> records = new ArrayList<>();
        int readBytes;
    }

    SimFile(String out, Shape shape, MemoryDisk disk) {
        this.out = out;
        this.shape = shape;
        this.disk = disk;
        path = path(out, shape.json);
        for (int old = 0; old < shape.oldCount; old++) {
            String name = path.getFileName().toString();
            int dot = name.indexOf('.');
            put(
                    path.resolveSibling(
                            name.substring(0, dot) + "-2023-11-1" + old + "T00-00-00.000" + name.substring(dot)),
                    20 + old);
        }
        put(path, shape.rotates() ? (int) ROTATION_BYTES - shape.rotationRoom : 30);
    }

    private static Path path(String out, boolean json) {
        return DIRECTORY.resolve(out.replace("/", "") + (json ? ".json" : ".pb"));
    }

    /** A file with one record of ours. */
    private void put(Path file, int length) {
        byte[] record = new byte[length];
        Arrays.fill(record, (byte) 'x');
        if (shape.json) {
            record[length - 1] = '\n';
        } else {
            ByteBuffer.wrap(record).putInt(length - 4);
        }
        disk.put(file, record);
        expected.add("old record of " + length);
        Known all = new Known();
        all.records.addAll(expected.subList(expected.size() - 1, expected.size()));
        all.readBytes = length;
        known.put(file, all);
    }

    /** @param failures of the disk in that attempt */
    void told(int[] items, boolean written, long failures) {
        if (written) {
            expected.add(Arrays.toString(items));
            tornAllowed = false;
        } else if (failures > 1) {
            tornAllowed = true; // the write failed, and so did the cut
        }
    }

    /** It was closed while the disk was well. */
    void closed() {
        tornAllowed = false;
    }

    boolean rotated() {
        return rotated;
    }

    private boolean isOurs(Path one) {
        String name = path.getFileName().toString();
        int dot = name.indexOf('.');
        return one.equals(path) || one.getFileName().toString().startsWith(name.substring(0, dot) + "-");
    }

    /** What is wrong, or empty. */
    String problem() {
        TreeMap<String, Path> files = new TreeMap<>();
        for (Path one : disk.paths()) {
            if (isOurs(one)) {
                files.put(one.equals(path) ? "~" : one.toString(), one); // the current one is last
            }
        }
        noticeRotation(files.values());
        known.keySet().retainAll(files.values());
        List<String> records = new ArrayList<>();
        for (Path one : files.values()) {
            String problem = read(one, records);
            if (!problem.isEmpty()) {
                return one + ": " + problem;
            }
        }
        int removed = expected.size() - records.size();
        boolean mayRemove = shape.rotates() && shape.maxBackups > 0 && files.size() - 1 >= shape.maxBackups;
        if (removed < 0
                || removed > 0 && !mayRemove
                || !expected.subList(removed, expected.size()).equals(records)) {
            return "its records are " + records + ", expected " + expected + ", in " + files.values();
        }
        expected.subList(0, removed).clear();
        if (mayRemove && files.size() - 1 > shape.maxBackups + shape.oldCount + disk.failures()) {
            return (files.size() - 1) + " files were put away, " + shape.maxBackups + " are to be kept";
        }
        return "";
    }

    /** What is known of the file goes with it when it is put away under a new name. */
    private void noticeRotation(Collection<Path> files) {
        for (Path one : files) {
            if (!known.containsKey(one) && !one.equals(path)) {
                rotated = true;
                Known before = known.remove(path);
                if (before != null && before.readBytes == disk.length(one)) {
                    known.put(one, before);
                }
            }
        }
    }

    private String read(Path file, List<String> records) {
        Known before = known.computeIfAbsent(file, one -> new Known());
        if (before.readBytes > disk.length(file)) {
            known.remove(file);
            before = known.computeIfAbsent(file, one -> new Known());
        }
        byte[] bytes = disk.bytes(file, before.readBytes);
        int at = 0;
        while (at < bytes.length) {
            int end = shape.json ? line(bytes, at) : record(bytes, at);
            if (end < 0) {
                break;
            }
            before.records.add(shape.json ? textRecord(bytes, at, end) : binaryRecord(bytes, at, end));
            at = end;
        }
        before.readBytes += at;
        records.addAll(before.records);
        if (at < bytes.length && !(tornAllowed && file.equals(path))) {
            return (bytes.length - at) + " bytes of a record that is not whole, behind " + before.readBytes
                    + " bytes with " + before.records;
        }
        boolean several = before.records.size() > 1;
        if (shape.rotates() && several && before.readBytes > ROTATION_BYTES) {
            return before.readBytes + " bytes in one file, and several records";
        }
        return "";
    }

    /** Where the line ends, or -1. */
    private static int line(byte[] bytes, int from) {
        for (int at = from; at < bytes.length; at++) {
            if (bytes[at] == '\n') {
                return at + 1;
            }
        }
        return -1;
    }

    /** Where the record ends, or -1. */
    private static int record(byte[] bytes, int from) {
        if (bytes.length - from < Integer.BYTES) {
            return -1;
        }
        long end = from + Integer.BYTES + (long) ByteBuffer.wrap(bytes).getInt(from);
        return end < from || end > bytes.length ? -1 : (int) end;
    }

    private String textRecord(byte[] bytes, int from, int end) {
        if (bytes[from] == 'x') {
            return "old record of " + (end - from);
        }
        String text = new String(bytes, from, end - from - 1, StandardCharsets.UTF_8);
        if (!text.startsWith("{\"resource") || !text.endsWith("]}")) {
            return "no request: " + text;
        }
        boolean metrics = shape.signal == Signal.METRICS;
        String before = metrics ? METRIC : ITEM;
        List<Long> numbers = new ArrayList<>();
        for (int at = text.indexOf(before); at >= 0; at = text.indexOf(before, at)) {
            at += before.length();
            String number = text.substring(at, text.indexOf('"', at));
            numbers.add(metrics ? Long.parseLong(number) : Long.parseLong(number, 16) - 1);
        }
        return numbers.toString();
    }

    private String binaryRecord(byte[] bytes, int from, int end) {
        if (end > from + Integer.BYTES && bytes[from + Integer.BYTES] == 'x') {
            return "old record of " + (end - from);
        }
        return SimWire.numbers(shape.signal, Arrays.copyOfRange(bytes, from + Integer.BYTES, end));
    }
}
