package io.spanweir.perf.load;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/** CPU time, allocation and resident memory of threads and processes. Threading: any thread. */
public final class Cpu {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

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

    /** As {@link #ofThisProcessNanos}, of another process of this user; the operating system counts in steps of 10 ms. */
    public static long ofProcessNanos(Process process) {
        return process.toHandle()
                .info()
                .totalCpuDuration()
                .orElse(Duration.ZERO)
                .toNanos();
    }

    /** Resident memory in bytes; 0 where /proc is missing. */
    public static long residentBytes(long pid) {
        return statusBytes(pid, "VmRSS:");
    }

    /** The largest resident memory so far in bytes; 0 where /proc is missing. */
    public static long residentBytesMax(long pid) {
        return statusBytes(pid, "VmHWM:");
    }

    public static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static long statusBytes(long pid, String field) {
        Path status = Path.of("/proc/" + pid + "/status");
        try {
            for (String line : Files.readAllLines(status)) {
                if (line.startsWith(field)) {
                    return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
                }
            }
        } catch (IOException ended) {
            return 0;
        }
        return 0;
    }
}
