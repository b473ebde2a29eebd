package io.spanweir.data;

import io.spanweir.wire.Bytes;
import io.spanweir.wire.OtlpFields;
import org.jspecify.annotations.Nullable;

/**
 * The {@code Resource} of a group, read in the group's resource prefix, with the edits of an {@link Overlay} if there is one.
 * A group without a resource has one without attributes. Threading: lane.
 */
public final class ResourceView {
    private byte[] bytes = Bytes.EMPTY;
    private int prefixOffset;
    private int prefixLength;
    private @Nullable Overlay overlay;
    private int element;
    private boolean indexed;
    private int offset;
    private int limit;
    private final AttributesView attributes = new AttributesView();

    /** Goes to the resource of a group without edits: {@code resourcePrefixOffset} and {@code resourcePrefixLength}. */
    public ResourceView wrap(byte[] bytes, int prefixOffset, int prefixLength) {
        assert prefixOffset >= 0 && prefixLength >= 0 && prefixOffset <= bytes.length - prefixLength;
        this.bytes = bytes;
        this.prefixOffset = prefixOffset;
        this.prefixLength = prefixLength;
        overlay = null;
        indexed = false;
        return this;
    }

    /** With edits; the element is the index of the group. */
    public ResourceView wrap(byte[] bytes, int prefixOffset, int prefixLength, Overlay overlay, int element) {
        wrap(bytes, prefixOffset, prefixLength);
        this.overlay = overlay;
        this.element = element;
        return this;
    }

    public byte[] bytes() {
        return bytes;
    }

    /** Where the message {@code Resource} is. */
    public int offset() {
        index();
        return offset;
    }

    /** Bytes of the message as it was received; 0 when there is none. */
    public int length() {
        index();
        return limit - offset;
    }

    /** {@code attributes} (1), at the begin of the walk. The same view each time. */
    public AttributesView attributes() {
        index();
        Overlay edits = overlay;
        return edits == null
                ? attributes.wrap(bytes, offset, limit - offset, OtlpFields.number(OtlpFields.RESOURCE_ATTRIBUTES))
                : attributes.wrap(bytes, offset, limit - offset, edits, element);
    }

    /** {@code dropped_attributes_count} (2), unsigned. */
    public int droppedAttributesCount() {
        index();
        int count = 0;
        for (int at = offset; at < limit; ) {
            int tag = (int) Bytes.varintAt(bytes, at);
            int value = Bytes.varintEnd(bytes, at);
            at = Bytes.valueEnd(bytes, value, tag);
            if (tag == OtlpFields.RESOURCE_DROPPED_ATTRIBUTES_COUNT) {
                count = (int) Bytes.varintAt(bytes, value);
            }
        }
        return count;
    }

    private void index() {
        if (indexed) {
            return;
        }
        indexed = true;
        offset = prefixOffset + prefixLength;
        limit = offset;
        int head = Splice.headOffset(bytes, prefixOffset, prefixLength);
        if (head >= 0) {
            int lengthAt = Bytes.varintEnd(bytes, head);
            offset = Bytes.varintEnd(bytes, lengthAt);
            limit = offset + (int) Bytes.varintAt(bytes, lengthAt);
        }
    }
}
