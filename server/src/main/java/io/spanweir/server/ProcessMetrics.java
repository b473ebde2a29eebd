package io.spanweir.server;

import io.spanweir.telemetry.MetricRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Reads the figures of {@link ServerMetric} when they are scraped. Threading: any thread. */
final class ProcessMetrics {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RSS_LINE = "VmRSS:";
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double MILLIS_PER_SECOND = 1e3;

    private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();

    void register(MetricRegistry registry) {
        registry.doubleGauge(
                ServerMetric.UPTIME, () -> ManagementFactory.getRuntimeMXBean().getUptime() / MILLIS_PER_SECOND);
        registry.doubleGauge(ServerMetric.CPU, ProcessMetrics::cpuSeconds);
        registry.gauge(ServerMetric.MEMORY_RSS, ProcessMetrics::rssBytes);
        registry.gauge(
                ServerMetric.HEAP_ALLOC, () -> memory.getHeapMemoryUsage().getUsed());
        registry.gauge(
                ServerMetric.SYS_MEMORY,
                () -> memory.getHeapMemoryUsage().getCommitted()
                        + memory.getNonHeapMemoryUsage().getCommitted());
    }

    private static double cpuSeconds() {
        Duration cpu = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
        return cpu.toNanos() / NANOS_PER_SECOND;
    }

    private static long rssBytes() {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith(RSS_LINE)) {
                    String kibibytes =
                            line.substring(RSS_LINE.length()).replace("kB", "").strip();
                    return Long.parseLong(kibibytes) << 10;
                }
            }
        } catch (IOException | NumberFormatException e) {
            return 0; // no Linux
        }
        return 0;
    }
}
