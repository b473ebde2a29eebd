package io.spanweir.perf;

import static java.util.Objects.requireNonNull;

import io.spanweir.memory.Budget;
import io.spanweir.memory.TransitAppender;
import io.spanweir.memory.TransitMemory;
import io.spanweir.memory.TransitRegion;
import io.spanweir.perf.load.Requests;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A message of 200 spans goes into a transit segment; so many before it are still held. An operation is a span. */
@State(Scope.Thread)
public class TransitBenchmark {
    private static final int SPANS = 200;

    /** None: one warm segment. 256: about 20 MiB of segments in turn. */
    @Param({"0", "256"})
    int heldRequests;

    private final Requests requests = new Requests(SPANS, 7);
    private final TransitAppender appender = new TransitMemory(new Budget("transit", 128L << 20), 1 << 20).appender();
    private TransitRegion[] held = {};
    private int oldest;

    @Benchmark
    @OperationsPerInvocation(SPANS)
    public int append() {
        byte[] request = requests.next();
        TransitRegion region = requireNonNull(appender.reserve(request.length));
        System.arraycopy(request, 0, region.bytes(), region.offset(), request.length);
        if (heldRequests == 0) {
            region.release();
        } else {
            hold(region);
        }
        return region.offset();
    }

    private void hold(TransitRegion region) {
        if (held.length == 0) {
            held = new TransitRegion[heldRequests];
        }
        if (held[oldest] != null) {
            held[oldest].release();
        }
        held[oldest] = region;
        oldest = oldest + 1 == held.length ? 0 : oldest + 1;
    }
}
