package io.spanweir.perf.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** CPU time of the threads of a process by name, as Linux counts it: in steps of 10 ms, names of 15 characters. */
public final class ThreadCpu {
    private static final long TICK_NANOS = 10_000_000;
    /** Fields of {@code /proc/PID/task/TID/stat} behind the name: user and system time in ticks. */
    private static final int USER = 11;

    private static final int SYSTEM = 12;

    private ThreadCpu() {}

    /** Nanoseconds by name of the thread; empty where /proc is missing. */
    public static Map<String, Long> nanosByName(long pid) {
        Map<String, Long> nanos = new TreeMap<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
            for (Path task : tasks) {
                addTask(task, nanos);
            }
        } catch (NoSuchFileException noProc) {
            return nanos;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return nanos;
    }

    /** What each thread used since an earlier reading, those that used nothing left out. */
    public static Map<String, Long> since(Map<String, Long> before, long pid) {
        Map<String, Long> used = nanosByName(pid);
        used.replaceAll((name, nanos) -> nanos - before.getOrDefault(name, 0L));
        used.values().removeIf(nanos -> nanos <= 0);
        return used;
    }

    private static void addTask(Path task, Map<String, Long> nanos) throws IOException {
        String stat;
        try {
            stat = Files.readString(task.resolve("stat"));
        } catch (NoSuchFileException ended) {
            return;
        }
        String name = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        long ticks = Long.parseLong(fields[USER]) + Long.parseLong(fields[SYSTEM]);
        nanos.merge(name, ticks * TICK_NANOS, Long::sum);
    }
}
