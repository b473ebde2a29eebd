package io.spanweir.data;

import io.spanweir.wire.Bytes;
import io.spanweir.wire.OtlpFields;
import io.spanweir.wire.WireType;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One {@code Span} of OTLP read in place, with the edits of an {@link Overlay} if there is one. Of a field that occurs more
 * than once the last one counts. Valid only during the call that it is passed to. Threading: lane.
 */
public final class SpanView {
    public static final int KIND_UNSPECIFIED = 0;
    public static final int KIND_INTERNAL = 1;
    public static final int KIND_SERVER = 2;
    public static final int KIND_CLIENT = 3;
    public static final int KIND_PRODUCER = 4;
    public static final int KIND_CONSUMER = 5;

    public static final int STATUS_UNSET = 0;
    public static final int STATUS_OK = 1;
    public static final int STATUS_ERROR = 2;

    private static final int ABSENT = -1;

    private byte[] bytes = Bytes.EMPTY;
    private int offset;
    private int limit;
    private @Nullable Overlay overlay;
    private int element;
    private boolean indexed;
    private int indexedVersion;

    // Offsets of values, or ABSENT; of values with a length also where they end.
    private int traceIdAt;
    private int spanIdAt;
    private int parentSpanIdAt;
    private int startTimeAt;
    private int endTimeAt;
    private int flagsAt;
    private int kind;
    private int droppedAttributesCount;
    private int droppedEventsCount;
    private int droppedLinksCount;
    private int attributeCount;
    private int eventCount;
    private int linkCount;
    private byte[] nameBytes = Bytes.EMPTY;
    private int nameAt;
    private int nameEnd;
    private byte[] traceStateBytes = Bytes.EMPTY;
    private int traceStateAt;
    private int traceStateEnd;
    private byte[] statusBytes = Bytes.EMPTY;
    private int statusCode;
    private int statusMessageAt;
    private int statusMessageEnd;

    private int nextEventAt;
    private int nextLinkAt;
    private final AttributesView attributes = new AttributesView();

    /** Goes to a span without edits: the message, without its tag and length. */
    public SpanView wrap(byte[] bytes, int offset, int length) {
        assert offset >= 0 && length >= 0 && offset <= bytes.length - length : offset + "+" + length;
        this.bytes = bytes;
        this.offset = offset;
        limit = offset + length;
        overlay = null;
        indexed = false;
        nextEventAt = offset;
        nextLinkAt = offset;
        return this;
    }

    /** Goes to a span that is an element of an overlay, which also receives edits. */
    public SpanView wrap(byte[] bytes, int offset, int length, Overlay overlay, int element) {
        wrap(bytes, offset, length);
        this.overlay = overlay;
        this.element = element;
        return this;
    }

    /** The array of the span as it was received. */
    public byte[] bytes() {
        return bytes;
    }

    public int offset() {
        return offset;
    }

    /** Bytes of the span as it was received. */
    public int length() {
        return limit - offset;
    }

    /** The first eight bytes of {@code trace_id} (1), big endian; 0 when absent. */
    public long traceIdHigh() {
        index();
        return traceIdAt == ABSENT ? 0 : Bytes.longBigEndianAt(bytes, traceIdAt);
    }

    /** The last eight bytes of {@code trace_id} (1), big endian; 0 when absent. */
    public long traceIdLow() {
        index();
        return traceIdAt == ABSENT ? 0 : Bytes.longBigEndianAt(bytes, traceIdAt + 8);
    }

    /** Where the 16 bytes of {@code trace_id} are in {@link #bytes()}; -1 when absent. */
    public int traceIdOffset() {
        index();
        return traceIdAt;
    }

    /** {@code span_id} (2), big endian; 0 when absent. */
    public long spanIdBits() {
        index();
        return spanIdAt == ABSENT ? 0 : Bytes.longBigEndianAt(bytes, spanIdAt);
    }

    /** {@code parent_span_id} (4), big endian; 0 for a root. */
    public long parentSpanIdBits() {
        index();
        return parentSpanIdAt == ABSENT ? 0 : Bytes.longBigEndianAt(bytes, parentSpanIdAt);
    }

    public boolean root() {
        return parentSpanIdBits() == 0;
    }

    /** The array that holds {@code name} (5). */
    public byte[] nameBytes() {
        index();
        return nameBytes;
    }

    public int nameOffset() {
        index();
        return nameAt;
    }

    /** Bytes of the name; 0 when absent. */
    public int nameLength() {
        index();
        return nameEnd - nameAt;
    }

    /** Whether the name is exactly these UTF-8 bytes. */
    public boolean nameIs(byte[] text) {
        index();
        return Bytes.equal(nameBytes, nameAt, nameEnd - nameAt, text);
    }

    /** {@code name} as a string. Allocates: not for the path of a span. */
    public String name() {
        index();
        return new String(nameBytes, nameAt, nameEnd - nameAt, StandardCharsets.UTF_8);
    }

    /** {@code kind} (6): one of {@code KIND_…}, or a number that this version does not know; 0 when absent. */
    public int kind() {
        index();
        return kind;
    }

    /** {@code start_time_unix_nano} (7): nanoseconds since 1970 UTC, unsigned; 0 when absent. */
    public long startTimeUnixNano() {
        index();
        return startTimeAt == ABSENT ? 0 : Bytes.longAt(bytes, startTimeAt);
    }

    /** {@code end_time_unix_nano} (8): nanoseconds since 1970 UTC, unsigned; 0 when absent. */
    public long endTimeUnixNano() {
        index();
        return endTimeAt == ABSENT ? 0 : Bytes.longAt(bytes, endTimeAt);
    }

    /** End minus start in nanoseconds; negative when the clock of the sender went back. */
    public long durationNanos() {
        return endTimeUnixNano() - startTimeUnixNano();
    }

    /** {@code attributes} (9), at the begin of the walk. The same view each time. */
    public AttributesView attributes() {
        Overlay edits = overlay;
        return edits == null
                ? attributes.wrap(bytes, offset, limit - offset, OtlpFields.number(OtlpFields.SPAN_ATTRIBUTES))
                : attributes.wrap(bytes, offset, limit - offset, edits, element);
    }

    /** How many attributes there are, edits included. */
    public int attributeCount() {
        Overlay edits = overlay;
        if (edits != null && edits.edited(element)) {
            return attributes().count();
        }
        index();
        return attributeCount;
    }

    /** {@code dropped_attributes_count} (10), unsigned. */
    public int droppedAttributesCount() {
        index();
        return droppedAttributesCount;
    }

    public int eventCount() {
        index();
        return eventCount;
    }

    /** {@code dropped_events_count} (12), unsigned. */
    public int droppedEventsCount() {
        index();
        return droppedEventsCount;
    }

    public int linkCount() {
        index();
        return linkCount;
    }

    /** {@code dropped_links_count} (14), unsigned. */
    public int droppedLinksCount() {
        index();
        return droppedLinksCount;
    }

    /** {@code status.code} (15.3): one of {@code STATUS_…}, or a number that this version does not know; 0 when absent. */
    public int statusCode() {
        index();
        return statusCode;
    }

    /** The array that holds {@code status.message} (15.2). */
    public byte[] statusMessageBytes() {
        index();
        return statusBytes;
    }

    public int statusMessageOffset() {
        index();
        return statusMessageAt;
    }

    /** 0 when absent. */
    public int statusMessageLength() {
        index();
        return statusMessageEnd - statusMessageAt;
    }

    /** {@code flags} (16): W3C trace flags in the low byte, 0x100 and 0x200 tell about a remote parent; 0 when absent. */
    public int flags() {
        index();
        return flagsAt == ABSENT ? 0 : Bytes.intAt(bytes, flagsAt);
    }

    /** The array that holds {@code trace_state} (3). */
    public byte[] traceStateBytes() {
        index();
        return traceStateBytes;
    }

    public int traceStateOffset() {
        index();
        return traceStateAt;
    }

    /** 0 when absent. */
    public int traceStateLength() {
        index();
        return traceStateEnd - traceStateAt;
    }

    /** Starts the walk over events again. */
    public void rewindEvents() {
        nextEventAt = offset;
    }

    /** Goes to the next of {@code events} (11); false at the end. */
    public boolean nextEvent(EventView into) {
        int field = nextField(nextEventAt, OtlpFields.SPAN_EVENTS);
        if (field == ABSENT) {
            nextEventAt = limit;
            return false;
        }
        int lengthAt = Bytes.varintEnd(bytes, field);
        int body = Bytes.varintEnd(bytes, lengthAt);
        nextEventAt = body + (int) Bytes.varintAt(bytes, lengthAt);
        into.wrap(bytes, body, nextEventAt - body);
        return true;
    }

    /** Starts the walk over links again. */
    public void rewindLinks() {
        nextLinkAt = offset;
    }

    /** Goes to the next of {@code links} (13); false at the end. */
    public boolean nextLink(LinkView into) {
        int field = nextField(nextLinkAt, OtlpFields.SPAN_LINKS);
        if (field == ABSENT) {
            nextLinkAt = limit;
            return false;
        }
        int lengthAt = Bytes.varintEnd(bytes, field);
        int body = Bytes.varintEnd(bytes, lengthAt);
        nextLinkAt = body + (int) Bytes.varintAt(bytes, lengthAt);
        into.wrap(bytes, body, nextLinkAt - body);
        return true;
    }

    private int nextField(int from, int wantedTag) {
        for (int at = from; at < limit; ) {
            int tag = (int) Bytes.varintAt(bytes, at);
            if (tag == wantedTag) {
                return at;
            }
            at = Bytes.valueEnd(bytes, Bytes.varintEnd(bytes, at), tag);
        }
        return ABSENT;
    }

    /** Sets {@code name}; UTF-8. */
    public void setName(byte[] text, int textOffset, int textLength) {
        edits().putField(element, OtlpFields.SPAN_NAME, text, textOffset, textLength);
    }

    /** Sets {@code trace_state}; ASCII. A length of 0 removes it. */
    public void setTraceState(byte[] text, int textOffset, int textLength) {
        edits().putField(element, OtlpFields.SPAN_TRACE_STATE, text, textOffset, textLength);
    }

    /** Sets {@code kind}. */
    public void setKind(int kind) {
        edits().putField(element, OtlpFields.SPAN_KIND, kind);
    }

    /** Replaces {@code status} as a whole; what an unknown version of OTLP may have added to it goes. */
    public void setStatus(int code, byte[] message, int messageOffset, int messageLength) {
        edits().putStatus(element, code, message, messageOffset, messageLength);
    }

    private Overlay edits() {
        Overlay edits = overlay;
        if (edits == null) {
            throw new IllegalStateException("this span is read only: the view was wrapped without an overlay");
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
        parentSpanIdAt = ABSENT;
        startTimeAt = ABSENT;
        endTimeAt = ABSENT;
        flagsAt = ABSENT;
        kind = 0;
        droppedAttributesCount = 0;
        droppedEventsCount = 0;
        droppedLinksCount = 0;
        attributeCount = 0;
        eventCount = 0;
        linkCount = 0;
        nameAt = offset;
        nameEnd = offset;
        nameBytes = bytes;
        traceStateAt = offset;
        traceStateEnd = offset;
        traceStateBytes = bytes;
        statusCode = 0;
        statusMessageAt = offset;
        statusMessageEnd = offset;
        statusBytes = bytes;
    }

    private void fields(byte[] b, int start, int end) {
        int at = start;
        while (at < end) {
            int tag = b[at];
            int value = at + 1;
            if (tag < 0) {
                tag = (int) Bytes.varintAt(b, at);
                value = Bytes.varintEnd(b, at);
            }
            if ((tag & 7) == WireType.LENGTH) {
                int length = b[value++];
                if (length < 0) {
                    length = (int) Bytes.varintAt(b, value - 1);
                    value = Bytes.varintEnd(b, value - 1);
                }
                at = value + length;
                lengthField(b, tag, value, at);
            } else {
                at = Bytes.valueEnd(b, value, tag);
                scalarField(b, tag, value);
            }
        }
    }

    private void lengthField(byte[] b, int tag, int value, int end) {
        switch (tag) {
            case OtlpFields.SPAN_TRACE_ID -> traceIdAt = end == value ? ABSENT : value;
            case OtlpFields.SPAN_SPAN_ID -> spanIdAt = end == value ? ABSENT : value;
            case OtlpFields.SPAN_PARENT_SPAN_ID -> parentSpanIdAt = end == value ? ABSENT : value;
            case OtlpFields.SPAN_NAME -> {
                nameBytes = b;
                nameAt = value;
                nameEnd = end;
            }
            case OtlpFields.SPAN_TRACE_STATE -> {
                traceStateBytes = b;
                traceStateAt = value;
                traceStateEnd = end;
            }
            case OtlpFields.SPAN_ATTRIBUTES -> attributeCount++;
            case OtlpFields.SPAN_EVENTS -> eventCount++;
            case OtlpFields.SPAN_LINKS -> linkCount++;
            case OtlpFields.SPAN_STATUS -> status(b, value, end);
            default -> {}
        }
    }

    private void scalarField(byte[] b, int tag, int value) {
        switch (tag) {
            case OtlpFields.SPAN_KIND -> kind = (int) Bytes.varintAt(b, value);
            case OtlpFields.SPAN_START_TIME_UNIX_NANO -> startTimeAt = value;
            case OtlpFields.SPAN_END_TIME_UNIX_NANO -> endTimeAt = value;
            case OtlpFields.SPAN_DROPPED_ATTRIBUTES_COUNT -> droppedAttributesCount = (int) Bytes.varintAt(b, value);
            case OtlpFields.SPAN_DROPPED_EVENTS_COUNT -> droppedEventsCount = (int) Bytes.varintAt(b, value);
            case OtlpFields.SPAN_DROPPED_LINKS_COUNT -> droppedLinksCount = (int) Bytes.varintAt(b, value);
            case OtlpFields.SPAN_FLAGS -> flagsAt = value;
            default -> {}
        }
    }

    private void status(byte[] b, int start, int end) {
        statusBytes = b;
        statusCode = 0;
        statusMessageAt = start;
        statusMessageEnd = start;
        for (int at = start; at < end; ) {
            int tag = (int) Bytes.varintAt(b, at);
            int value = Bytes.varintEnd(b, at);
            at = Bytes.valueEnd(b, value, tag);
            if (tag == OtlpFields.STATUS_CODE) {
                statusCode = (int) Bytes.varintAt(b, value);
            } else if (tag == OtlpFields.STATUS_MESSAGE) {
                statusMessageAt = Bytes.varintEnd(b, value);
                statusMessageEnd = at;
            }
        }
    }
}
