package io.spanweir.perf;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.spanweir.data.Overlay;
import io.spanweir.data.SpanView;
import io.spanweir.data.Splice;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Edits of every span and the splice that writes it; an operation is a span. */
@State(Scope.Thread)
public class SpliceBenchmark {
    private static final int SCOPE_SPANS_FIELD = 2;
    private static final byte[] KEY = "deployment.ring".getBytes(UTF_8);
    private static final byte[] VALUE = "blue".getBytes(UTF_8);
    private static final byte[] FROM = "server.address".getBytes(UTF_8);
    private static final byte[] TO = "peer.host".getBytes(UTF_8);

    private final Spans spans = new Spans();
    private final Overlay overlay = Overlay.ofSpans();
    private final SpanView span = new SpanView();
    private final byte[] target = new byte[2 * spans.bytes().length];

    /** For comparison: the spans as they are. */
    @Benchmark
    @OperationsPerInvocation(Spans.COUNT)
    public int unedited() {
        overlay.reset(Spans.COUNT);
        return write();
    }

    @Benchmark
    @OperationsPerInvocation(Spans.COUNT)
    public int attributeAdded() {
        overlay.reset(Spans.COUNT);
        for (int i = 0; i < Spans.COUNT; i++) {
            span.wrap(spans.bytes(), spans.offset(i), spans.length(i), overlay, i);
            span.attributes().putString(KEY, VALUE);
        }
        return write();
    }

    @Benchmark
    @OperationsPerInvocation(Spans.COUNT)
    public int attributeRenamed() {
        overlay.reset(Spans.COUNT);
        for (int i = 0; i < Spans.COUNT; i++) {
            span.wrap(spans.bytes(), spans.offset(i), spans.length(i), overlay, i);
            span.attributes().rename(FROM, TO);
        }
        return write();
    }

    private int write() {
        int at = 0;
        for (int i = 0; i < Spans.COUNT; i++) {
            at = Splice.writeField(
                    spans.bytes(), spans.offset(i), spans.length(i), overlay, i, SCOPE_SPANS_FIELD, target, at);
        }
        return at;
    }
}
