package io.spanweir.data;

import io.spanweir.wire.Bytes;
import io.spanweir.wire.OtlpFields;
import org.jspecify.annotations.Nullable;

/**
 * The {@code InstrumentationScope} of a group, read in the group's scope prefix, with the edits of an {@link Overlay} if
 * there is one. A group without a scope has one without name and attributes. Threading: lane.
 */
public final class ScopeView {
    private byte[] bytes = Bytes.EMPTY;
    private int prefixOffset;
    private int prefixLength;
    private @Nullable Overlay overlay;
    private int element;
    private boolean indexed;
    private int indexedVersion;
    private int offset;
    private int limit;
    private byte[] nameBytes = Bytes.EMPTY;
    private int nameOffset;
    private int nameLength;
    private byte[] versionBytes = Bytes.EMPTY;
    private int versionOffset;
    private int versionLength;
    private int droppedAttributesCount;
    private final AttributesView attributes = new AttributesView();

    /** Goes to the scope of a group without edits: {@code scopePrefixOffset} and {@code scopePrefixLength}. */
    public ScopeView wrap(byte[] bytes, int prefixOffset, int prefixLength) {
        assert prefixOffset >= 0 && prefixLength >= 0 && prefixOffset <= bytes.length - prefixLength;
        this.bytes = bytes;
        this.prefixOffset = prefixOffset;
        this.prefixLength = prefixLength;
        overlay = null;
        indexed = false;
        return this;
    }

    /** With edits; the element is the index of the group. */
    public ScopeView wrap(byte[] bytes, int prefixOffset, int prefixLength, Overlay overlay, int element) {
        wrap(bytes, prefixOffset, prefixLength);
        this.overlay = overlay;
        this.element = element;
        return this;
    }

    public byte[] bytes() {
        return bytes;
    }

    /** Where the message {@code InstrumentationScope} is. */
    public int offset() {
        index();
        return offset;
    }

    /** Bytes of the message as it was received; 0 when there is none. */
    public int length() {
        index();
        return limit - offset;
    }

    /** The array that holds {@code name} (1). */
    public byte[] nameBytes() {
        index();
        return nameBytes;
    }

    public int nameOffset() {
        index();
        return nameOffset;
    }

    /** 0 when unknown. */
    public int nameLength() {
        index();
        return nameLength;
    }

    public boolean nameIs(byte[] text) {
        index();
        return Bytes.equal(nameBytes, nameOffset, nameLength, text);
    }

    /** The array that holds {@code version} (2). */
    public byte[] versionBytes() {
        index();
        return versionBytes;
    }

    public int versionOffset() {
        index();
        return versionOffset;
    }

    public int versionLength() {
        index();
        return versionLength;
    }

    /** {@code attributes} (3), at the begin of the walk. The same view each time. */
    public AttributesView attributes() {
        index();
        Overlay edits = overlay;
        return edits == null
                ? attributes.wrap(bytes, offset, limit - offset, OtlpFields.number(OtlpFields.SCOPE_ATTRIBUTES))
                : attributes.wrap(bytes, offset, limit - offset, edits, element);
    }

    /** {@code dropped_attributes_count} (4), unsigned. */
    public int droppedAttributesCount() {
        index();
        return droppedAttributesCount;
    }

    /** Sets {@code name}; UTF-8. */
    public void setName(byte[] text, int textOffset, int textLength) {
        edits().putField(element, OtlpFields.SCOPE_NAME, text, textOffset, textLength);
    }

    /** Sets {@code version}; UTF-8. */
    public void setVersion(byte[] text, int textOffset, int textLength) {
        edits().putField(element, OtlpFields.SCOPE_VERSION, text, textOffset, textLength);
    }

    private Overlay edits() {
        Overlay edits = overlay;
        if (edits == null) {
            throw new IllegalStateException("this scope is read only: the view was wrapped without an overlay");
        }
        return edits;
    }

    private void index() {
        Overlay edits = overlay;
        if (indexed && (edits == null || edits.version() == indexedVersion)) {
            return;
        }
        indexed = true;
        offset = prefixOffset + prefixLength;
        limit = offset;
        nameBytes = bytes;
        nameOffset = offset;
        nameLength = 0;
        versionBytes = bytes;
        versionOffset = offset;
        versionLength = 0;
        droppedAttributesCount = 0;
        int head = Splice.headOffset(bytes, prefixOffset, prefixLength);
        if (head >= 0) {
            int lengthAt = Bytes.varintEnd(bytes, head);
            offset = Bytes.varintEnd(bytes, lengthAt);
            limit = offset + (int) Bytes.varintAt(bytes, lengthAt);
            fields(bytes, offset, limit);
        }
        if (edits != null) {
            indexedVersion = edits.version();
            if (edits.edited(element)) {
                for (int i = edits.firstField(element); i != Overlay.NONE; i = edits.nextField(i)) {
                    fields(edits.arena(), edits.fieldOffset(i), edits.fieldOffset(i) + edits.fieldLength(i));
                }
            }
        }
    }

    private void fields(byte[] b, int start, int end) {
        for (int at = start; at < end; ) {
            int tag = (int) Bytes.varintAt(b, at);
            int value = Bytes.varintEnd(b, at);
            at = Bytes.valueEnd(b, value, tag);
            if (tag == OtlpFields.SCOPE_NAME) {
                nameBytes = b;
                nameOffset = Bytes.varintEnd(b, value);
                nameLength = at - nameOffset;
            } else if (tag == OtlpFields.SCOPE_VERSION) {
                versionBytes = b;
                versionOffset = Bytes.varintEnd(b, value);
                versionLength = at - versionOffset;
            } else if (tag == OtlpFields.SCOPE_DROPPED_ATTRIBUTES_COUNT) {
                droppedAttributesCount = (int) Bytes.varintAt(b, value);
            }
        }
    }
}
