package io.spanweir.perf;

import io.spanweir.perf.load.Requests;
import io.spanweir.wire.OtlpLimits;
import io.spanweir.wire.OtlpScanner;
import io.spanweir.wire.Signal;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Check and index of requests; an operation is a span. */
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class ScanBenchmark {
    static final int SPANS = 1000;

    @Param({"10", "100", "500"})
    int spansPerRequest;

    private final OtlpScanner scanner = new OtlpScanner(OtlpLimits.DEFAULTS);
    private byte[][] requests;
    private int next;

    @Setup
    public void makeRequests() {
        Requests source = new Requests(spansPerRequest, 7);
        requests = new byte[source.distinctCount()][];
        for (int i = 0; i < requests.length; i++) {
            requests[i] = source.next();
        }
    }

    @Benchmark
    @OperationsPerInvocation(SPANS)
    public int scan() {
        int spans = 0;
        while (spans < SPANS) {
            byte[] request = requests[next];
            next = next + 1 == requests.length ? 0 : next + 1;
            spans += scanner.scan(Signal.TRACES, request, 0, request.length);
        }
        return spans;
    }
}
