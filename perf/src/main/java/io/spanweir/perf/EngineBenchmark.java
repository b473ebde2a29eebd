package io.spanweir.perf;

import io.spanweir.perf.OneLane.Pipe;
import io.spanweir.perf.load.Requests;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * From a message in memory through intake, scan, ring and lane to its end: discarded, or written for export as a whole or run
 * by run, queued and taken. An operation is a span; a request may allocate, so bytes per operation fall with its size.
 */
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class EngineBenchmark {
    @Param({"10", "100", "500"})
    int spansPerRequest;

    @Param
    Pipe pipe;

    private OneLane lane;

    @Setup
    public void start() {
        lane = new OneLane(pipe, new Requests(spansPerRequest, 7));
    }

    @Benchmark
    @OperationsPerInvocation(ScanBenchmark.SPANS)
    public long receiveAndTurn() {
        return lane.take(ScanBenchmark.SPANS);
    }

    @TearDown
    public void stop() {
        lane.close();
    }
}
