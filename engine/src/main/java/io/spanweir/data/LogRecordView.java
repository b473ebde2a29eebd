package io.spanweir.data;

import io.spanweir.wire.Bytes;
import io.spanweir.wire.OtlpFields;
import io.spanweir.wire.WireType;
import org.jspecify.annotations.Nullable;

/**
 * One {@code LogRecord} of OTLP read in place, with the edits of an {@link Overlay} if there is one. Of a field that occurs
 * more than once the last one counts. Valid only during the call that it is passed to. Threading: lane.
 */
public final class LogRecordView {
    private static final int ABSENT = -1;

    private byte[] bytes = Bytes.EMPTY;
    private int offset;
    private int limit;
    private @Nullable Overlay overlay;
    private int element;
    private boolean indexed;
    private int indexedVersion;

    private byte[] traceIdBytes = Bytes.EMPTY;
    private int traceIdAt;
    private byte[] spanIdBytes = Bytes.EMPTY;
    private int spanIdAt;
    private long timeUnixNano;
    private long observedTimeUnixNano;
    private int severityNumber;
    private int droppedAttributesCount;
    private int flags;
    private byte[] severityTextBytes = Bytes.EMPTY;
    private int severityTextAt;
    private int severityTextEnd;
    private byte[] eventNameBytes = Bytes.EMPTY;
    private int eventNameAt;
    private int eventNameEnd;
    private byte[] bodyBytes = Bytes.EMPTY;
    private int bodyAt;
    private int bodyEnd;
    private final AttributesView attributes = new AttributesView();

    /** Goes to a log record without edits: the message, without its tag and length. */
    public LogRecordView wrap(byte[] bytes, int offset, int length) {
        assert offset >= 0 && length >= 0 && offset <= bytes.length - length : offset + "+" + length;
        this.bytes = bytes;
        this.offset = offset;
        limit = offset + length;
        overlay = null;
        indexed = false;
        return this;
    }

    /** Goes to a log record that is an element of an overlay, which also receives edits. */
    public LogRecordView wrap(byte[] bytes, int offset, int length, Overlay overlay, int element) {
        wrap(bytes, offset, length);
        this.overlay = overlay;
        this.element = element;
        return this;
    }

    /** The array of the record as it was received. */
    public byte[] bytes() {
        return bytes;
    }

    public int offset() {
        return offset;
    }

    /** Bytes of the record as it was received. */
    public int length() {
        return limit - offset;
    }

    /** {@code time_unix_nano} (1): nanoseconds since 1970 UTC, unsigned; 0 when unknown. */
    public long timeUnixNano() {
        index();
        return timeUnixNano;
    }

    /** {@code observed_time_unix_nano} (11): nanoseconds since 1970 UTC, unsigned; 0 when unknown. */
    public long observedTimeUnixNano() {
        index();
        return observedTimeUnixNano;
    }

    /** {@code severity_number} (2): 1 (trace) to 24 (fatal 4); 0 when unknown. */
    public int severityNumber() {
        index();
        return severityNumber;
    }

    /** The array that holds {@code severity_text} (3). */
    public byte[] severityTextBytes() {
        index();
        return severityTextBytes;
    }

    public int severityTextOffset() {
        index();
        return severityTextAt;
    }

    public int severityTextLength() {
        index();
        return severityTextEnd - severityTextAt;
    }

    /** The array that holds {@code event_name} (12). */
    public byte[] eventNameBytes() {
        index();
        return eventNameBytes;
    }

    public int eventNameOffset() {
        index();
        return eventNameAt;
    }

    /** 0 when the record is no event. */
    public int eventNameLength() {
        index();
        return eventNameEnd - eventNameAt;
    }

    /** {@code body} (5); empty when absent. */
    public ValueView body(ValueView into) {
        index();
        return into.wrap(bodyBytes, bodyAt, bodyEnd - bodyAt);
    }

    /** {@code attributes} (6), at the begin of the walk. The same view each time. */
    public AttributesView attributes() {
        Overlay edits = overlay;
        return edits == null
                ? attributes.wrap(bytes, offset, limit - offset, OtlpFields.number(OtlpFields.LOG_RECORD_ATTRIBUTES))
                : attributes.wrap(bytes, offset, limit - offset, edits, element);
    }

    /** {@code dropped_attributes_count} (7), unsigned. */
    public int droppedAttributesCount() {
        index();
        return droppedAttributesCount;
    }

    /** {@code flags} (8); 0 when absent. */
    public int flags() {
        index();
        return flags;
    }

    /** First half of {@code trace_id} (9); 0 when absent. */
    public long traceIdHigh() {
        index();
        return traceIdAt == ABSENT ? 0 : Bytes.longBigEndianAt(traceIdBytes, traceIdAt);
    }

    public long traceIdLow() {
        index();
        return traceIdAt == ABSENT ? 0 : Bytes.longBigEndianAt(traceIdBytes, traceIdAt + 8);
    }

    /** {@code span_id} (10); 0 when absent. */
    public long spanIdBits() {
        index();
        return spanIdAt == ABSENT ? 0 : Bytes.longBigEndianAt(spanIdBytes, spanIdAt);
    }

    /** Sets {@code body} to a string. */
    public void setBody(byte[] text, int textOffset, int textLength) {
        edits().putStringBody(element, text, textOffset, textLength);
    }

    /** Sets {@code body} to a copy of any value. */
    public void setBody(ValueView value) {
        edits().putField(element, OtlpFields.LOG_RECORD_BODY, value.bytes(), value.offset(), value.length());
    }

    /** Sets {@code severity_number}. */
    public void setSeverityNumber(int number) {
        edits().putField(element, OtlpFields.LOG_RECORD_SEVERITY_NUMBER, number);
    }

    /** Sets {@code severity_text}; UTF-8. */
    public void setSeverityText(byte[] text, int textOffset, int textLength) {
        edits().putField(element, OtlpFields.LOG_RECORD_SEVERITY_TEXT, text, textOffset, textLength);
    }

    /** Sets {@code event_name}; UTF-8. */
    public void setEventName(byte[] text, int textOffset, int textLength) {
        edits().putField(element, OtlpFields.LOG_RECORD_EVENT_NAME, text, textOffset, textLength);
    }

    /** Sets {@code time_unix_nano}. */
    public void setTimeUnixNano(long unixNano) {
        edits().putFixed64(element, OtlpFields.LOG_RECORD_TIME_UNIX_NANO, unixNano);
    }

    /** Sets {@code trace_id}: 16 bytes, or 0 to remove it. The record keeps its lane for this batch. */
    public void setTraceId(byte[] id, int idOffset, int idLength) {
        checkLength(idLength, TraceId.BYTES);
        edits().putField(element, OtlpFields.LOG_RECORD_TRACE_ID, id, idOffset, idLength);
    }

    /** Sets {@code span_id}: 8 bytes, or 0 to remove it. */
    public void setSpanId(byte[] id, int idOffset, int idLength) {
        checkLength(idLength, TraceId.SPAN_ID_BYTES);
        edits().putField(element, OtlpFields.LOG_RECORD_SPAN_ID, id, idOffset, idLength);
    }

    private static void checkLength(int length, int expected) {
        if (length != 0 && length != expected) {
            throw new IllegalArgumentException("id of " + length + " bytes, expected " + expected + " or 0");
        }
    }

    private Overlay edits() {
        Overlay edits = overlay;
        if (edits == null) {
            throw new IllegalStateException("this log record is read only: the view was wrapped without an overlay");
        }
        return edits;
    }

    private void index() {
        Overlay edits = overlay;
        if (indexed && (edits == null || edits.version() == indexedVersion)) {
            return;
        }
        indexed = true;
        clear();
        fields(bytes, offset, limit);
        if (edits != null) {
            indexedVersion = edits.version();
            if (edits.edited(element)) {
                for (int i = edits.firstField(element); i != Overlay.NONE; i = edits.nextField(i)) {
                    fields(edits.arena(), edits.fieldOffset(i), edits.fieldOffset(i) + edits.fieldLength(i));
                }
            }
        }
    }

    private void clear() {
        traceIdAt = ABSENT;
        spanIdAt = ABSENT;
        timeUnixNano = 0;
        observedTimeUnixNano = 0;
        severityNumber = 0;
        droppedAttributesCount = 0;
        flags = 0;
        severityTextBytes = bytes;
        severityTextAt = offset;
        severityTextEnd = offset;
        eventNameBytes = bytes;
        eventNameAt = offset;
        eventNameEnd = offset;
        bodyBytes = bytes;
        bodyAt = offset;
        bodyEnd = offset;
    }

    private void fields(byte[] b, int start, int end) {
        for (int at = start; at < end; ) {
            int tag = (int) Bytes.varintAt(b, at);
            int value = Bytes.varintEnd(b, at);
            at = Bytes.valueEnd(b, value, tag);
            if ((tag & 7) == WireType.LENGTH) {
                lengthField(b, tag, Bytes.varintEnd(b, value), at);
            } else {
                scalarField(b, tag, value);
            }
        }
    }

    private void lengthField(byte[] b, int tag, int value, int end) {
        switch (tag) {
            case OtlpFields.LOG_RECORD_SEVERITY_TEXT -> {
                severityTextBytes = b;
                severityTextAt = value;
                severityTextEnd = end;
            }
            case OtlpFields.LOG_RECORD_EVENT_NAME -> {
                eventNameBytes = b;
                eventNameAt = value;
                eventNameEnd = end;
            }
            case OtlpFields.LOG_RECORD_BODY -> {
                bodyBytes = b;
                bodyAt = value;
                bodyEnd = end;
            }
            case OtlpFields.LOG_RECORD_TRACE_ID -> {
                traceIdBytes = b;
                traceIdAt = end == value ? ABSENT : value;
            }
            case OtlpFields.LOG_RECORD_SPAN_ID -> {
                spanIdBytes = b;
                spanIdAt = end == value ? ABSENT : value;
            }
            default -> {}
        }
    }

    private void scalarField(byte[] b, int tag, int value) {
        switch (tag) {
            case OtlpFields.LOG_RECORD_TIME_UNIX_NANO -> timeUnixNano = Bytes.longAt(b, value);
            case OtlpFields.LOG_RECORD_OBSERVED_TIME_UNIX_NANO -> observedTimeUnixNano = Bytes.longAt(b, value);
            case OtlpFields.LOG_RECORD_SEVERITY_NUMBER -> severityNumber = (int) Bytes.varintAt(b, value);
            case OtlpFields.LOG_RECORD_DROPPED_ATTRIBUTES_COUNT ->
                droppedAttributesCount = (int) Bytes.varintAt(b, value);
            case OtlpFields.LOG_RECORD_FLAGS -> flags = Bytes.intAt(b, value);
            default -> {}
        }
    }
}
