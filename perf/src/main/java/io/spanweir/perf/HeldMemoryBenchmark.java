package io.spanweir.perf;

import io.spanweir.memory.Budget;
import io.spanweir.memory.HeldMemory;
import io.spanweir.memory.HeldPool;
import io.spanweir.wire.OtlpIndex;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Runs of seven spans are copied in, and the oldest is freed for each; an operation is a span. */
@State(Scope.Thread)
public class HeldMemoryBenchmark {
    private static final int SPANS_PER_RUN = 7;

    /** 16 runs fit the second-level cache of most machines, 16384 no cache. */
    @Param({"16", "16384"})
    int waitingRuns;

    private final Spans spans = new Spans();
    private final HeldMemory held = new HeldMemory(new HeldPool(new Budget("held", 1L << 30), 1 << 20));
    private int[] records = {};
    private int oldest;
    private int run;

    @Benchmark
    @OperationsPerInvocation(SPANS_PER_RUN)
    public int appendAndFree() {
        if (records.length == 0) {
            records = new int[waitingRuns];
            Arrays.fill(records, HeldMemory.NONE);
        }
        held.freeChain(records[oldest]);
        OtlpIndex index = spans.index();
        int record = held.append(
                oldest, HeldMemory.NONE, -1, SPANS_PER_RUN, spans.bytes(), index.runOffset(run), index.runLength(run));
        records[oldest] = record;
        oldest = oldest + 1 == records.length ? 0 : oldest + 1;
        run = run + 1 == index.runCount() ? 0 : run + 1;
        return record;
    }
}
