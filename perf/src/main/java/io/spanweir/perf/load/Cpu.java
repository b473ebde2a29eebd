package io.spanweir.perf.load;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** CPU time, allocation and resident memory of threads and processes; {@link ProcessCpu} has the CPU of another. Threading: any thread. */
public final class Cpu {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    /** Fields of a line of {@code /proc/stat}, behind the name. */
    private static final int STAT_IDLE = 4;

    private static final int STAT_WAITING = 5;
    private static final int STAT_STEAL = 8;

    private Cpu() {}

    /** Nanoseconds of CPU that the calling thread has used. */
    public static long ofThisThreadNanos() {
        return THREADS.getCurrentThreadCpuTime();
    }

    public static long ofThreadNanos(long threadId) {
        return THREADS.getThreadCpuTime(threadId);
    }

    /** Bytes of heap that a thread has allocated since it began. */
    public static long allocatedBytes(long threadId) {
        return THREADS.getThreadAllocatedBytes(threadId);
    }

    /** All threads of this process, those of compiler and collector included. */
    public static long ofThisProcessNanos() {
        return PROCESS.getProcessCpuTime();
    }

    /** Resident memory in bytes; 0 where /proc is missing. */
    public static long residentBytes(long pid) {
        return statusBytes(pid, "VmRSS:");
    }

    /** The largest resident memory so far in bytes; 0 where /proc is missing. */
    public static long residentBytesMax(long pid) {
        return statusBytes(pid, "VmHWM:");
    }

    /** Processors that the calling process may use, as the system counts them; empty where /proc is missing. */
    public static List<Integer> allowedCores() {
        List<Integer> cores = new ArrayList<>();
        for (String range : statusText("self", "Cpus_allowed_list:").split(",", -1)) {
            String[] ends = range.split("-", -1);
            if (!ends[0].isEmpty()) {
                for (int core = Integer.parseInt(ends[0]); core <= Integer.parseInt(ends[ends.length - 1]); core++) {
                    cores.add(core);
                }
            }
        }
        return cores;
    }

    /** Ticks of 10 ms that a core was busy since the system began, whoever kept it so; 0 where /proc is missing. */
    public static long busyTicksOfCore(int core) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/stat"))) {
                if (line.startsWith("cpu" + core + " ")) {
                    String[] fields = line.split(" +", -1);
                    long busy = 0;
                    for (int i = 1; i <= STAT_STEAL; i++) {
                        busy += i == STAT_IDLE || i == STAT_WAITING ? 0 : Long.parseLong(fields[i]);
                    }
                    return busy;
                }
            }
        } catch (IOException noProc) {
            return 0;
        }
        return 0;
    }

    public static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static long statusBytes(long pid, String field) {
        String digits = statusText(Long.toString(pid), field).replaceAll("[^0-9]", "");
        return digits.isEmpty() ? 0 : Long.parseLong(digits) << 10;
    }

    private static String statusText(String process, String field) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc", process, "status"))) {
                if (line.startsWith(field)) {
                    return line.substring(field.length()).strip();
                }
            }
        } catch (IOException ended) {
            return "";
        }
        return "";
    }
}
