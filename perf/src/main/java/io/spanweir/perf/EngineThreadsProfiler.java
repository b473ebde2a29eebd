package io.spanweir.perf;

import io.spanweir.perf.load.Cpu;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * CPU time and allocated bytes per operation of an engine's threads in the benchmark's process, by what they do:
 * {@code -prof io.spanweir.perf.EngineThreadsProfiler}. Clients and sinks, whose threads have other names, are left out.
 * The engine must outlive the benchmark's tear-down, or its last iteration would count as nothing.
 * Threading: JMH's main thread.
 */
public final class EngineThreadsProfiler implements InternalProfiler {
    private static final Map<String, String> GROUPS = Map.of(
            "spanweir-otlp",
            "receiver",
            "spanweir-lane",
            "lane",
            "spanweir-export",
            "exporter",
            "exporter-",
            "exporter");

    private Map<String, long[]> before = Map.of();

    @Override
    public String getDescription() {
        return "CPU time and allocation of the engine's threads per operation";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        before = used();
    }

    @Override
    public Collection<? extends Result<?>> afterIteration(
            BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        double operations = Math.max(1, result.getMetadata().getAllOps());
        List<ScalarResult> results = new ArrayList<>();
        used().forEach((group, now) -> {
            long[] then = before.getOrDefault(group, new long[2]);
            results.add(
                    new ScalarResult(group + ".cpu", (now[0] - then[0]) / operations, "ns/op", AggregationPolicy.AVG));
            results.add(
                    new ScalarResult(group + ".alloc", (now[1] - then[1]) / operations, "B/op", AggregationPolicy.AVG));
        });
        return results;
    }

    /** By group: nanoseconds, bytes. */
    private static Map<String, long[]> used() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        Map<String, long[]> used = new TreeMap<>();
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null) {
                GROUPS.forEach((prefix, group) -> {
                    if (thread.getThreadName().startsWith(prefix)) {
                        long[] sum = used.computeIfAbsent(group, name -> new long[2]);
                        sum[0] += Cpu.ofThreadNanos(thread.getThreadId());
                        sum[1] += Cpu.allocatedBytes(thread.getThreadId());
                    }
                });
            }
        }
        return used;
    }
}
