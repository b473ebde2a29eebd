package io.spanweir.data;

import io.spanweir.wire.Bytes;
import io.spanweir.wire.OtlpFields;
import io.spanweir.wire.WireReader;

/** One {@code Span.Event} of OTLP read in place. Threading: lane. */
public final class EventView {
    private byte[] bytes = Bytes.EMPTY;
    private int offset;
    private int limit;
    private boolean indexed;
    private long timeUnixNano;
    private int nameOffset;
    private int nameLength;
    private int droppedAttributesCount;
    private final AttributesView attributes = new AttributesView();
    private final WireReader reader = new WireReader();

    public EventView wrap(byte[] bytes, int offset, int length) {
        this.bytes = bytes;
        this.offset = offset;
        limit = offset + length;
        indexed = false;
        return this;
    }

    public byte[] bytes() {
        return bytes;
    }

    /** {@code time_unix_nano} (1): nanoseconds since 1970 UTC, unsigned; 0 when absent. */
    public long timeUnixNano() {
        index();
        return timeUnixNano;
    }

    /** Where {@code name} (2) is in {@link #bytes()}. */
    public int nameOffset() {
        index();
        return nameOffset;
    }

    public int nameLength() {
        index();
        return nameLength;
    }

    public boolean nameIs(byte[] text) {
        index();
        return Bytes.equal(bytes, nameOffset, nameLength, text);
    }

    /** {@code attributes} (3), at the begin of the walk. The same view each time. */
    public AttributesView attributes() {
        return attributes.wrap(bytes, offset, limit - offset, OtlpFields.number(OtlpFields.EVENT_ATTRIBUTES));
    }

    /** {@code dropped_attributes_count} (4), unsigned. */
    public int droppedAttributesCount() {
        index();
        return droppedAttributesCount;
    }

    private void index() {
        if (indexed) {
            return;
        }
        indexed = true;
        timeUnixNano = 0;
        nameOffset = offset;
        nameLength = 0;
        droppedAttributesCount = 0;
        reader.wrap(bytes, offset, limit - offset);
        while (reader.next()) {
            switch (reader.tag()) {
                case OtlpFields.EVENT_TIME_UNIX_NANO -> timeUnixNano = reader.number();
                case OtlpFields.EVENT_NAME -> {
                    nameOffset = reader.valueOffset();
                    nameLength = reader.valueLength();
                }
                case OtlpFields.EVENT_DROPPED_ATTRIBUTES_COUNT -> droppedAttributesCount = (int) reader.number();
                default -> {}
            }
        }
    }
}
