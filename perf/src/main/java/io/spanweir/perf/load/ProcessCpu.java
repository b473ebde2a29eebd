package io.spanweir.perf.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * CPU time of another process between two moments: the sum over its threads in nanoseconds ({@code schedstat}), or the steps of
 * 10 ms of the whole process when those are more, because threads have ended in between. Threading: any thread.
 */
public final class ProcessCpu {
    private static final long TICK_NANOS = 10_000_000;
    /** Fields of {@code /proc/PID/stat} behind the name: user and system time in ticks. */
    private static final int USER = 11;

    private static final int SYSTEM = 12;

    private final long pid;
    private final Map<String, Used> threads;
    private final long ticks;

    private ProcessCpu(long pid) {
        this.pid = pid;
        threads = threads(pid);
        ticks = ticks(pid);
    }

    /** A reading to compare later ones with. */
    public static ProcessCpu now(long pid) {
        return new ProcessCpu(pid);
    }

    /** Nanoseconds that the process has used since. */
    public long usedSinceNanos() {
        long nanos = usedSinceNanosByThread().values().stream()
                .mapToLong(Long::longValue)
                .sum();
        long byTicks = (ticks(pid) - ticks) * TICK_NANOS;
        return byTicks - nanos > 2 * TICK_NANOS ? byTicks : nanos;
    }

    /** As {@link #usedSinceNanos}, by the names of threads, of which Linux keeps 15 characters; threads that ended are missing. */
    public Map<String, Long> usedSinceNanosByThread() {
        Map<String, Long> used = new TreeMap<>();
        threads(pid).forEach((id, later) -> {
            Used before = threads.get(id);
            used.merge(later.name(), later.nanos() - (before == null ? 0 : before.nanos()), Long::sum);
        });
        return used;
    }

    private record Used(String name, long nanos) {}

    private static Map<String, Used> threads(long pid) {
        Map<String, Used> threads = new HashMap<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
            for (Path task : tasks) {
                String text = read(task.resolve("schedstat"));
                if (!text.isEmpty()) {
                    long nanos = Long.parseLong(text.substring(0, text.indexOf(' ')));
                    threads.put(
                            task.getFileName().toString(),
                            new Used(read(task.resolve("comm")).strip(), nanos));
                }
            }
        } catch (NoSuchFileException ended) {
            return threads;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return threads;
    }

    private static long ticks(long pid) {
        String stat = read(Path.of("/proc/" + pid + "/stat"));
        if (stat.isEmpty()) {
            return 0;
        }
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(fields[USER]) + Long.parseLong(fields[SYSTEM]);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException ended) {
            return "";
        }
    }
}
