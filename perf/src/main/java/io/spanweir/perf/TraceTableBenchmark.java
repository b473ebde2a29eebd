package io.spanweir.perf;

import io.spanweir.memory.Budget;
import io.spanweir.trace.TraceTable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The trace table with so many traces present; an operation is a trace. Ids are as random as trace ids are. */
@State(Scope.Thread)
public class TraceTableBenchmark {
    private static final int SUMMARY_LONGS = 2;

    @Param({"10000", "1000000"})
    int traces;

    private final TraceTable table = new TraceTable(new Budget("tables", 1L << 30), SUMMARY_LONGS, 7);
    private long oldest;
    private long newest;
    private long asked;

    @Setup
    public void fill() {
        while (newest < traces) {
            insert();
        }
    }

    /** A random one of those present. */
    @Benchmark
    public int find() {
        long number = oldest + Long.remainderUnsigned(mix(asked++), traces);
        return table.find(mix(number), mix(~number));
    }

    @Benchmark
    public int findAbsent() {
        long number = --asked;
        return table.find(mix(~number), mix(number));
    }

    /** Looks for the oldest, removes it, inserts a new one. */
    @Benchmark
    public int replaceOldest() {
        table.remove(table.find(mix(oldest), mix(~oldest)));
        oldest++;
        return insert();
    }

    private int insert() {
        long number = newest++;
        int entry = table.insert(mix(number), mix(~number), number);
        if (entry == TraceTable.FULL) {
            throw new IllegalStateException("the table is full");
        }
        return entry;
    }

    /** The finalizer of splitmix64: different numbers have different, evenly spread results. */
    private static long mix(long number) {
        long mixed = (number ^ number >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return mixed ^ mixed >>> 31;
    }
}
