package io.spanweir.processor.tailsampling;

import io.spanweir.data.SpanView;
import io.spanweir.sampling.Randomness;
import io.spanweir.sampling.Threshold;
import io.spanweir.sampling.TraceState;
import io.spanweir.wire.Bytes;

/**
 * Writes into the tracestate of sampled spans with which probability they were kept: {@code ot=th}. Threading: lane.
 *
 * <p>Per span, since spans of one trace may have been sampled differently before they came here: the larger of its own
 * threshold and the trace's. A threshold is removed when the probability of the trace is unknown, or when the span claims one
 * that its trace does not reach. What cannot be read, or would not fit, is left as it is and counted.
 */
final class ThresholdWriter {
    private final TailSamplingCounters counters;
    private final TraceState traceState = new TraceState();
    private final byte[] scratch = new byte[TraceState.LENGTH_MAX];

    ThresholdWriter(TailSamplingCounters counters) {
        this.counters = counters;
    }

    /** @param traceVote the trace's threshold, or {@link Vote#SAMPLED_UNKNOWN} */
    void apply(SpanView span, long traceVote) {
        traceState.wrap(span.traceStateBytes(), span.traceStateOffset(), span.traceStateLength());
        if (!traceState.parseable()) {
            counters.unparseable.increment();
            return;
        }
        long incoming = traceState.threshold();
        long outgoing = outgoing(span, incoming, traceVote);
        if (outgoing == incoming) {
            return;
        }
        int end = traceState.write(outgoing, scratch, 0);
        if (end == TraceState.OVER_LIMIT) {
            counters.unwritten.increment();
            return;
        }
        span.setTraceState(scratch, 0, end);
    }

    private long outgoing(SpanView span, long incoming, long traceVote) {
        if (incoming != Threshold.ABSENT && !Threshold.keeps(incoming, randomness(span))) {
            counters.inconsistent.increment();
            return Threshold.ABSENT;
        }
        if (traceVote == Vote.SAMPLED_UNKNOWN) {
            return Threshold.ABSENT;
        }
        return Threshold.compose(incoming, traceVote);
    }

    private long randomness(SpanView span) {
        long stated = traceState.randomness();
        return stated == Randomness.ABSENT ? Randomness.ofTraceIdLow(span.traceIdLow()) : stated;
    }

    /** Forgets the arrays of the spans. */
    void release() {
        traceState.wrap(Bytes.EMPTY, 0, 0);
    }
}
