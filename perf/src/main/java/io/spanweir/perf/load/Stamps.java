package io.spanweir.perf.load;

import io.spanweir.wire.Bytes;
import io.spanweir.wire.OtlpFields;
import io.spanweir.wire.WireReader;
import java.util.Arrays;

/**
 * Where an encoded trace request has what differs from one sending to the next: trace ids, and start, end and event times.
 * Threading: one thread.
 */
final class Stamps {
    static final int TRACE_ID_LENGTH = 16;
    static final int TIME_LENGTH = 8;

    private int[] traceIdAt = new int[256];
    private int[] timeAt = new int[512];
    private int traceIdCount;
    private int timeCount;

    private Stamps() {}

    /** @param message an encoded {@code ExportTraceServiceRequest} that a scan has accepted */
    static Stamps of(byte[] message) {
        Stamps stamps = new Stamps();
        WireReader resources = new WireReader();
        WireReader scopes = new WireReader();
        WireReader spans = new WireReader();
        for (resources.wrap(message, 0, message.length); resources.next(); ) {
            if (resources.tag() != OtlpFields.TRACE_REQUEST_RESOURCE_SPANS) {
                continue;
            }
            for (scopes.wrap(message, resources.valueOffset(), resources.valueLength()); scopes.next(); ) {
                if (scopes.tag() != OtlpFields.RESOURCE_SPANS_SCOPE_SPANS) {
                    continue;
                }
                for (spans.wrap(message, scopes.valueOffset(), scopes.valueLength()); spans.next(); ) {
                    if (spans.tag() == OtlpFields.SCOPE_SPANS_SPANS) {
                        stamps.addSpan(message, spans.valueOffset(), spans.valueLength());
                    }
                }
            }
        }
        return stamps;
    }

    int spanCount() {
        return traceIdCount;
    }

    /** By span: the offset of the 16 bytes of its trace id. */
    int[] traceIdAt() {
        return Arrays.copyOf(traceIdAt, traceIdCount);
    }

    /** Offsets of all times: eight bytes each, little endian, nanoseconds since 1970. Each span's start precedes its end. */
    int[] timeAt() {
        return Arrays.copyOf(timeAt, timeCount);
    }

    /** By span: whether it begins a trace other than that of the span before it. */
    boolean[] firstOfTrace(byte[] message) {
        boolean[] first = new boolean[traceIdCount];
        for (int span = 0; span < traceIdCount; span++) {
            first[span] = span == 0
                    || Bytes.longAt(message, traceIdAt[span]) != Bytes.longAt(message, traceIdAt[span - 1])
                    || Bytes.longAt(message, traceIdAt[span] + 8) != Bytes.longAt(message, traceIdAt[span - 1] + 8);
        }
        return first;
    }

    private void addSpan(byte[] message, int offset, int length) {
        WireReader fields = new WireReader();
        for (fields.wrap(message, offset, length); fields.next(); ) {
            switch (fields.tag()) {
                case OtlpFields.SPAN_TRACE_ID -> addTraceId(fields);
                case OtlpFields.SPAN_START_TIME_UNIX_NANO, OtlpFields.SPAN_END_TIME_UNIX_NANO ->
                    addTime(fields.valueOffset());
                case OtlpFields.SPAN_EVENTS -> addEvent(message, fields.valueOffset(), fields.valueLength());
                default -> {}
            }
        }
    }

    private void addTraceId(WireReader field) {
        if (field.valueLength() != TRACE_ID_LENGTH) {
            throw new IllegalArgumentException("a trace id of " + field.valueLength() + " bytes");
        }
        if (traceIdCount == traceIdAt.length) {
            traceIdAt = Arrays.copyOf(traceIdAt, 2 * traceIdCount);
        }
        traceIdAt[traceIdCount++] = field.valueOffset();
    }

    private void addEvent(byte[] message, int offset, int length) {
        WireReader fields = new WireReader();
        for (fields.wrap(message, offset, length); fields.next(); ) {
            if (fields.tag() == OtlpFields.EVENT_TIME_UNIX_NANO) {
                addTime(fields.valueOffset());
            }
        }
    }

    private void addTime(int offset) {
        if (timeCount == timeAt.length) {
            timeAt = Arrays.copyOf(timeAt, 2 * timeCount);
        }
        timeAt[timeCount++] = offset;
    }
}
