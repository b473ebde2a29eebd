package io.spanweir.data;

import io.spanweir.wire.Bytes;
import io.spanweir.wire.OtlpFields;
import io.spanweir.wire.WireReader;

/** One {@code Span.Link} of OTLP read in place. Threading: lane. */
public final class LinkView {
    private byte[] bytes = Bytes.EMPTY;
    private int offset;
    private int limit;
    private boolean indexed;
    private long traceIdHigh;
    private long traceIdLow;
    private long spanIdBits;
    private int traceStateOffset;
    private int traceStateLength;
    private int droppedAttributesCount;
    private int flags;
    private final AttributesView attributes = new AttributesView();
    private final WireReader reader = new WireReader();

    public LinkView wrap(byte[] bytes, int offset, int length) {
        this.bytes = bytes;
        this.offset = offset;
        limit = offset + length;
        indexed = false;
        return this;
    }

    public byte[] bytes() {
        return bytes;
    }

    /** First half of {@code trace_id} (1); 0 when absent. */
    public long traceIdHigh() {
        index();
        return traceIdHigh;
    }

    public long traceIdLow() {
        index();
        return traceIdLow;
    }

    /** {@code span_id} (2); 0 when absent. */
    public long spanIdBits() {
        index();
        return spanIdBits;
    }

    /** Where {@code trace_state} (3) is in {@link #bytes()}. */
    public int traceStateOffset() {
        index();
        return traceStateOffset;
    }

    public int traceStateLength() {
        index();
        return traceStateLength;
    }

    /** {@code attributes} (4), at the begin of the walk. The same view each time. */
    public AttributesView attributes() {
        return attributes.wrap(bytes, offset, limit - offset, OtlpFields.number(OtlpFields.LINK_ATTRIBUTES));
    }

    /** {@code dropped_attributes_count} (5), unsigned. */
    public int droppedAttributesCount() {
        index();
        return droppedAttributesCount;
    }

    /** {@code flags} (6); 0 when absent. */
    public int flags() {
        index();
        return flags;
    }

    private void index() {
        if (indexed) {
            return;
        }
        indexed = true;
        traceIdHigh = 0;
        traceIdLow = 0;
        spanIdBits = 0;
        traceStateOffset = offset;
        traceStateLength = 0;
        droppedAttributesCount = 0;
        flags = 0;
        reader.wrap(bytes, offset, limit - offset);
        while (reader.next()) {
            field();
        }
    }

    private void field() {
        int at = reader.valueOffset();
        boolean empty = reader.valueLength() == 0;
        switch (reader.tag()) {
            case OtlpFields.LINK_TRACE_ID -> {
                traceIdHigh = empty ? 0 : Bytes.longBigEndianAt(bytes, at);
                traceIdLow = empty ? 0 : Bytes.longBigEndianAt(bytes, at + 8);
            }
            case OtlpFields.LINK_SPAN_ID -> spanIdBits = empty ? 0 : Bytes.longBigEndianAt(bytes, at);
            case OtlpFields.LINK_TRACE_STATE -> {
                traceStateOffset = at;
                traceStateLength = reader.valueLength();
            }
            case OtlpFields.LINK_DROPPED_ATTRIBUTES_COUNT -> droppedAttributesCount = (int) reader.number();
            case OtlpFields.LINK_FLAGS -> flags = (int) reader.number();
            default -> {}
        }
    }
}
