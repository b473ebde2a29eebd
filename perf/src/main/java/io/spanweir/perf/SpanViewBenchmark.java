package io.spanweir.perf;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.spanweir.data.SpanView;
import io.spanweir.data.ValueView;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Reads of spans in place; an operation is a span of eight to ten attributes. */
@State(Scope.Thread)
public class SpanViewBenchmark {
    private static final byte[] STATUS_CODE = "http.response.status_code".getBytes(UTF_8);
    private static final byte[] MISSING = "enduser.id".getBytes(UTF_8);

    private final Spans spans = new Spans();
    private final SpanView span = new SpanView();
    private final ValueView value = new ValueView();

    /** What a policy on errors and latency reads. */
    @Benchmark
    @OperationsPerInvocation(Spans.COUNT)
    public long statusAndDuration() {
        long sum = 0;
        for (int i = 0; i < Spans.COUNT; i++) {
            span.wrap(spans.bytes(), spans.offset(i), spans.length(i));
            sum += span.statusCode() + span.durationNanos();
        }
        return sum;
    }

    /** Three spans of seven have the attribute. */
    @Benchmark
    @OperationsPerInvocation(Spans.COUNT)
    public long findAttribute() {
        return find(STATUS_CODE);
    }

    @Benchmark
    @OperationsPerInvocation(Spans.COUNT)
    public long findAbsentAttribute() {
        return find(MISSING);
    }

    private long find(byte[] key) {
        long sum = 0;
        for (int i = 0; i < Spans.COUNT; i++) {
            span.wrap(spans.bytes(), spans.offset(i), spans.length(i));
            if (span.attributes().find(key, value)) {
                sum += value.longValue();
            }
        }
        return sum;
    }
}
