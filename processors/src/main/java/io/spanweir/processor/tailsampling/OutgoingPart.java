package io.spanweir.processor.tailsampling;

import io.spanweir.data.BatchPart;
import io.spanweir.data.ItemCursor;
import io.spanweir.data.Overlay;
import io.spanweir.data.PartConsumer;
import io.spanweir.data.SpanView;
import io.spanweir.wire.Bytes;
import io.spanweir.wire.Signal;
import java.util.Arrays;

/** A part that is filled with runs of sampled traces and handed on, with thresholds written where that is asked. Threading: lane. */
final class OutgoingPart {
    private final PartConsumer next;
    private final ThresholdWriter thresholds;
    private final boolean writesThresholds;
    private final BatchPart part = new BatchPart();
    private final ItemCursor cursor = new ItemCursor();
    private final SpanView span = new SpanView();
    private long[] voteOfRun = new long[32];
    private long lengthBytes;

    OutgoingPart(PartConsumer next, ThresholdWriter thresholds, boolean writesThresholds) {
        this.next = next;
        this.thresholds = thresholds;
        this.writesThresholds = writesThresholds;
        part.clear(Signal.TRACES);
    }

    /** For groups, settlement and metadata; runs are added by {@link #addRun}. */
    BatchPart part() {
        return part;
    }

    boolean isEmpty() {
        return part.runCount() == 0;
    }

    int spanCount() {
        return part.itemCount();
    }

    /** Bytes of all runs. */
    long lengthBytes() {
        return lengthBytes;
    }

    void addRun(int group, byte[] bytes, int offset, int length, int spanCount, int traceIdOffset, long vote) {
        int run = part.runCount();
        if (run == voteOfRun.length) {
            voteOfRun = Arrays.copyOf(voteOfRun, 2 * run);
        }
        voteOfRun[run] = vote;
        lengthBytes += length;
        part.addRun(group, bytes, offset, length, spanCount, spanCount, traceIdOffset);
    }

    /** Hands it on and empties it. */
    void send() {
        try {
            if (writesThresholds) {
                writeThresholds();
            }
            next.accept(part);
        } finally {
            clear();
        }
    }

    void clear() {
        part.clear(Signal.TRACES);
        lengthBytes = 0;
        cursor.wrap(Bytes.EMPTY, 0, 0);
        span.wrap(Bytes.EMPTY, 0, 0);
        thresholds.release();
    }

    /** Where the trace id of the spans of a run stands, all of which have one. */
    int traceIdOffset(byte[] bytes, int offset, int length) {
        cursor.wrap(bytes, offset, length);
        return cursor.next()
                ? span.wrap(bytes, cursor.offset(), cursor.length()).traceIdOffset()
                : BatchPart.NO_TRACE_ID;
    }

    private void writeThresholds() {
        Overlay edits = part.items();
        int element = 0;
        for (int run = 0; run < part.runCount(); run++) {
            byte[] bytes = part.runBytes(run);
            for (cursor.wrap(part, run); cursor.next(); element++) {
                span.wrap(bytes, cursor.offset(), cursor.length(), edits, element);
                thresholds.apply(span, voteOfRun[run]);
            }
        }
    }
}
