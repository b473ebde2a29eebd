package io.spanweir.export;

import io.spanweir.data.BatchPart;
import io.spanweir.data.ItemCursor;
import io.spanweir.data.Overlay;
import io.spanweir.data.Splice;
import io.spanweir.wire.OtlpFields;
import io.spanweir.wire.OtlpLayout;
import org.jspecify.annotations.Nullable;

/**
 * Writes runs of parts as one OTLP request: the envelope of a group once for all runs that follow each other in it, untouched
 * runs as they are, edited items spliced. What a resource message has after its scopes is written before them; the order of
 * fields means nothing. Threading: lane.
 */
final class RequestWriter {
    private static final int ITEM_FIELD = OtlpFields.number(OtlpLayout.NESTED_TAG);
    private static final int NONE = -1;

    private final ExportBuffer buffer;
    private final ItemCursor cursor = new ItemCursor();
    private byte[] scratch = new byte[4096];
    private long partNumber;
    private long openPart;
    private int openGroup = NONE;
    private long openIdentity;
    private int resourceMark;
    private int scopeMark;

    RequestWriter(ExportMemory memory) {
        buffer = new ExportBuffer(memory);
    }

    int lengthBytes() {
        return buffer.lengthBytes();
    }

    int[] sliceLengths() {
        return buffer.sliceLengths();
    }

    byte[][] detach() {
        return buffer.detach();
    }

    /** Appends the message that the part is; false when there is no memory for it. */
    boolean appendMessage(BatchPart part) {
        if (!buffer.reserve(part.messageLength())) {
            return false;
        }
        closeGroup();
        buffer.append(part.messageBytes(), part.messageOffset(), part.messageLength());
        return true;
    }

    /** The group numbers of another part follow. */
    void beginPart() {
        partNumber++;
    }

    /** Group numbers mean nothing any more; a group with an identity stays open for the next part. */
    void endPart() {
        if (openIdentity == 0) {
            closeGroup();
        }
    }

    /** Appends some items of a run; false, with nothing written, when there is no memory for them. */
    boolean appendRun(BatchPart part, int run, int offset, int length, int firstElement, int elements) {
        int group = part.runGroup(run);
        boolean edited = part.edited();
        if (!buffer.reserve(addedBytes(part, run, length, elements))) {
            return false;
        }
        openGroup(part, group, edited);
        byte[] bytes = part.runBytes(run);
        if (edited && part.items().anyEdited(firstElement, elements)) {
            appendItems(part.items(), bytes, offset, length, firstElement);
        } else {
            buffer.append(bytes, offset, length);
        }
        return true;
    }

    void closeGroup() {
        if (openGroup != NONE) {
            if (scopeMark != NONE) {
                buffer.endNested(scopeMark);
            }
            buffer.endNested(resourceMark);
            openGroup = NONE;
            openIdentity = 0;
        }
    }

    /** How much a request may grow by so many bytes of a run: its envelope, where that is not open, and edits come on top. */
    long addedBytes(BatchPart part, int run, int length, int elements) {
        int group = part.runGroup(run);
        boolean edited = part.edited();
        long added = length;
        if (!staysOpen(part, group, edited)) {
            added += (long) part.resourcePrefixLength(group)
                    + part.resourceSuffixLength(group)
                    + part.scopePrefixLength(group)
                    + part.scopeSuffixLength(group)
                    + 2L * ExportBuffer.NESTED_HEADER_BYTES;
        }
        return edited
                ? added
                        + part.items().arenaBytes()
                        + part.resources().arenaBytes()
                        + part.scopes().arenaBytes()
                        + 16L * (elements + 2)
                : added;
    }

    private boolean staysOpen(BatchPart part, int group, boolean edited) {
        long identity = edited ? 0 : part.groupIdentity(group);
        return openGroup != NONE
                && (identity != 0 ? identity == openIdentity : openPart == partNumber && openGroup == group);
    }

    /** Leaves a request that can be closed behind, also when something in here throws. */
    private void openGroup(BatchPart part, int group, boolean edited) {
        if (staysOpen(part, group, edited)) {
            return;
        }
        closeGroup();
        scopeMark = NONE;
        openPart = NONE;
        resourceMark = buffer.beginNested(OtlpLayout.LIST_TAG);
        openGroup = group;
        byte[] bytes = part.groupBytes(group);
        appendPrefix(
                edited ? part.resources() : null,
                bytes,
                part.resourcePrefixOffset(group),
                part.resourcePrefixLength(group),
                group);
        buffer.append(bytes, part.resourceSuffixOffset(group), part.resourceSuffixLength(group));
        scopeMark = buffer.beginNested(OtlpLayout.NESTED_TAG);
        appendPrefix(
                edited ? part.scopes() : null,
                bytes,
                part.scopePrefixOffset(group),
                part.scopePrefixLength(group),
                group);
        buffer.append(bytes, part.scopeSuffixOffset(group), part.scopeSuffixLength(group));
        openPart = partNumber;
        openIdentity = edited ? 0 : part.groupIdentity(group);
    }

    private void appendPrefix(@Nullable Overlay overlay, byte[] bytes, int offset, int length, int group) {
        if (overlay == null || !overlay.edited(group)) {
            buffer.append(bytes, offset, length);
            return;
        }
        int spliced = Splice.prefixLength(bytes, offset, length, overlay, group);
        Splice.writePrefix(bytes, offset, length, overlay, group, scratch(spliced), 0);
        buffer.append(scratch, 0, spliced);
    }

    /** What lies between edited items is copied at once. */
    private void appendItems(Overlay overlay, byte[] bytes, int offset, int length, int firstElement) {
        int element = firstElement;
        int copied = offset;
        int start = offset;
        for (cursor.wrap(bytes, offset, length); cursor.next(); element++) {
            int end = cursor.position();
            if (overlay.edited(element)) {
                buffer.append(bytes, copied, start - copied);
                appendItem(overlay, bytes, element);
                copied = end;
            }
            start = end;
        }
        buffer.append(bytes, copied, offset + length - copied);
    }

    /** Splices the item of the cursor, into the block itself where it has the room in one piece. */
    private void appendItem(Overlay overlay, byte[] bytes, int element) {
        int offset = cursor.offset();
        int length = cursor.length();
        int spliced = Splice.fieldLength(bytes, offset, length, overlay, element, ITEM_FIELD);
        boolean direct = buffer.roomInBlock() >= spliced;
        byte[] target = direct ? buffer.block() : scratch(spliced);
        int at = direct ? buffer.position() : 0;
        Splice.writeField(bytes, offset, length, overlay, element, ITEM_FIELD, target, at);
        if (direct) {
            buffer.appended(spliced);
        } else {
            buffer.append(target, 0, spliced);
        }
    }

    private byte[] scratch(int length) {
        if (scratch.length < length) {
            scratch = new byte[Math.max(length, scratch.length * 2)];
        }
        return scratch;
    }
}
