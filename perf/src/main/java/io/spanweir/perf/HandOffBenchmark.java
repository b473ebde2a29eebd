package io.spanweir.perf;

import io.spanweir.perf.OneLane.Pipe;
import io.spanweir.perf.load.Requests;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What a request costs whatever is in it: intake, ring and a turn of the lane, for one span. An operation is a request; the
 * scan of its span is part of it. Receiver and lane are one thread here, so nobody is woken.
 */
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class HandOffBenchmark {
    private OneLane lane;

    @Setup
    public void start() {
        lane = new OneLane(Pipe.DISCARD, new Requests(1, 7));
    }

    @Benchmark
    public long intakeRingLane() {
        return lane.take(1);
    }

    @TearDown
    public void stop() {
        lane.close();
    }
}
