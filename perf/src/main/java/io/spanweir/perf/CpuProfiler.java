package io.spanweir.perf;

import io.spanweir.perf.load.Cpu;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * CPU time of the benchmark's threads per operation, which a busy machine does not stretch as it does time on the wall:
 * {@code -prof io.spanweir.perf.CpuProfiler}. Threading: JMH's main thread.
 */
public final class CpuProfiler implements InternalProfiler {
    private static final String WORKER = "jmh-worker";

    private long nanosBefore;

    @Override
    public String getDescription() {
        return "CPU time of the benchmark's threads per operation";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        nanosBefore = workerNanos();
    }

    @Override
    public Collection<? extends Result<?>> afterIteration(
            BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        double nanos = workerNanos() - nanosBefore;
        long operations = result.getMetadata().getAllOps();
        return List.of(new ScalarResult("cpu", nanos / Math.max(1, operations), "ns/op", AggregationPolicy.AVG));
    }

    /** Workers outlive an iteration, so that their time only grows. */
    private static long workerNanos() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long nanos = 0;
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().contains(WORKER)) {
                nanos += Cpu.ofThreadNanos(thread.getThreadId());
            }
        }
        return nanos;
    }
}
