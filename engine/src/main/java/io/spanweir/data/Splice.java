package io.spanweir.data;

import io.spanweir.wire.Bytes;
import io.spanweir.wire.WireType;
import org.jspecify.annotations.Nullable;

/**
 * Writes elements with the edits of an overlay. What was not edited is copied in runs of bytes as it stands, unknown fields
 * included; edited attributes stay in their places, added ones come behind all that the element had, replaced fields last.
 * While only attributes are edited, the element is not walked: its length is known and it is copied in ranges. Threading: lane.
 */
public final class Splice {
    /** The resource in {@code Resource…}, the scope in {@code Scope…}. */
    private static final int HEAD_TAG = 1 << 3 | WireType.LENGTH;

    private Splice() {}

    /** Bytes of the message of a span or log record (without tag and length) with its edits. */
    public static int length(byte[] bytes, int offset, int length, Overlay overlay, int element) {
        return overlay.edited(element) ? body(bytes, offset, length, overlay, element, null, 0) : length;
    }

    /** Writes what {@link #length} measured and returns the offset behind it. */
    public static int write(
            byte[] bytes, int offset, int length, Overlay overlay, int element, byte[] target, int targetOffset) {
        if (overlay.edited(element)) {
            return body(bytes, offset, length, overlay, element, target, targetOffset);
        }
        System.arraycopy(bytes, offset, target, targetOffset, length);
        return targetOffset + length;
    }

    /** Bytes of an element as a field, with tag and length. */
    public static int fieldLength(byte[] bytes, int offset, int length, Overlay overlay, int element, int fieldNumber) {
        int body = length(bytes, offset, length, overlay, element);
        return Bytes.varintLength((long) fieldNumber << 3) + Bytes.varintLength(body) + body;
    }

    /** Writes an element as a field, with tag and length, and returns the offset behind it. */
    public static int writeField(
            byte[] bytes,
            int offset,
            int length,
            Overlay overlay,
            int element,
            int fieldNumber,
            byte[] target,
            int targetOffset) {
        int body = length(bytes, offset, length, overlay, element);
        int at = Bytes.putVarint(target, targetOffset, (long) fieldNumber << 3 | WireType.LENGTH);
        at = Bytes.putVarint(target, at, body);
        return write(bytes, offset, length, overlay, element, target, at);
    }

    /**
     * Bytes of the prefix of a group (what precedes the scopes of a resource, or the items of a scope) with the edits of the
     * resource or scope in it.
     *
     * @param element the index of the group
     */
    public static int prefixLength(byte[] bytes, int offset, int length, Overlay overlay, int element) {
        return overlay.edited(element) ? prefix(bytes, offset, length, overlay, element, null, 0) : length;
    }

    /** Writes what {@link #prefixLength} measured and returns the offset behind it. */
    public static int writePrefix(
            byte[] bytes, int offset, int length, Overlay overlay, int element, byte[] target, int targetOffset) {
        if (overlay.edited(element)) {
            return prefix(bytes, offset, length, overlay, element, target, targetOffset);
        }
        System.arraycopy(bytes, offset, target, targetOffset, length);
        return targetOffset + length;
    }

    /** Where the field of the resource or scope is in a prefix; negative when there is none. */
    static int headOffset(byte[] bytes, int offset, int length) {
        for (int at = offset; at < offset + length; ) {
            int tag = (int) Bytes.varintAt(bytes, at);
            if (tag == HEAD_TAG) {
                return at;
            }
            at = Bytes.valueEnd(bytes, Bytes.varintEnd(bytes, at), tag);
        }
        return -1;
    }

    private static int prefix(
            byte[] bytes,
            int offset,
            int length,
            Overlay overlay,
            int element,
            byte @Nullable [] target,
            int targetOffset) {
        int head = headOffset(bytes, offset, length);
        int end = offset + length;
        int bodyOffset = end;
        int bodyEnd = end;
        if (head >= 0) {
            int lengthAt = Bytes.varintEnd(bytes, head);
            bodyOffset = Bytes.varintEnd(bytes, lengthAt);
            bodyEnd = bodyOffset + (int) Bytes.varintAt(bytes, lengthAt);
        }
        int body = body(bytes, bodyOffset, bodyEnd - bodyOffset, overlay, element, null, 0);
        int at = copy(bytes, offset, head >= 0 ? head : end, target, targetOffset);
        if (target == null) {
            at += 1 + Bytes.varintLength(body) + body;
        } else {
            target[at++] = HEAD_TAG;
            at = Bytes.putVarint(target, at, body);
            at = body(bytes, bodyOffset, bodyEnd - bodyOffset, overlay, element, target, at);
        }
        return copy(bytes, bodyEnd, end, target, at);
    }

    /** Writes an edited message, or measures it when there is no target; returns the offset behind it. */
    private static int body(
            byte[] bytes,
            int offset,
            int length,
            Overlay overlay,
            int element,
            byte @Nullable [] target,
            int targetOffset) {
        if (overlay.firstField(element) != Overlay.NONE) {
            return bodyWithFields(bytes, offset, length, overlay, element, target, targetOffset);
        }
        if (target == null) {
            return targetOffset + length + overlay.growth(element);
        }
        int to = targetOffset;
        int copied = offset;
        for (int patch = overlay.firstPatch(element); patch != Overlay.NONE; patch = overlay.nextEntry(patch)) {
            to = copy(bytes, copied, overlay.originalOffset(patch), target, to);
            to = entry(overlay, patch, target, to);
            copied = overlay.originalEnd(patch);
        }
        to = copy(bytes, copied, offset + length, target, to);
        return added(overlay, element, target, to);
    }

    /** The same when fields are replaced, which may stand anywhere and more than once. */
    private static int bodyWithFields(
            byte[] bytes,
            int offset,
            int length,
            Overlay overlay,
            int element,
            byte @Nullable [] target,
            int targetOffset) {
        int patch = overlay.firstPatch(element);
        int to = targetOffset;
        int copied = offset;
        for (int at = offset; at < offset + length; ) {
            int field = at;
            int tag = (int) Bytes.varintAt(bytes, field);
            at = Bytes.valueEnd(bytes, Bytes.varintEnd(bytes, field), tag);
            if (patch != Overlay.NONE && overlay.originalOffset(patch) == field) {
                to = copy(bytes, copied, field, target, to);
                to = entry(overlay, patch, target, to);
                copied = at;
                patch = overlay.nextEntry(patch);
            } else if (overlay.field(element, tag) != Overlay.NONE) {
                to = copy(bytes, copied, field, target, to);
                copied = at;
            }
        }
        to = copy(bytes, copied, offset + length, target, to);
        to = added(overlay, element, target, to);
        for (int field = overlay.firstField(element); field != Overlay.NONE; field = overlay.nextField(field)) {
            int from = overlay.fieldOffset(field);
            to = copy(overlay.arena(), from, from + overlay.fieldLength(field), target, to);
        }
        return to;
    }

    private static int added(Overlay overlay, int element, byte @Nullable [] target, int targetOffset) {
        int to = targetOffset;
        for (int added = overlay.firstAdded(element); added != Overlay.NONE; added = overlay.nextEntry(added)) {
            to = entry(overlay, added, target, to);
        }
        return to;
    }

    private static int entry(Overlay overlay, int entry, byte @Nullable [] target, int to) {
        int from = overlay.offset(entry);
        return copy(overlay.arena(), from, from + overlay.length(entry), target, to);
    }

    private static int copy(byte[] source, int from, int end, byte @Nullable [] target, int to) {
        if (target != null) {
            System.arraycopy(source, from, target, to, end - from);
        }
        return to + end - from;
    }
}
