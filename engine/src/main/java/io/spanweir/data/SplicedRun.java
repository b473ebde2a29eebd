package io.spanweir.data;

import io.spanweir.wire.OtlpFields;
import io.spanweir.wire.OtlpLayout;

/** Writes runs of a part with the edits of their items. Threading: lane. */
public final class SplicedRun {
    private static final int ITEMS = OtlpFields.number(OtlpLayout.NESTED_TAG);

    private SplicedRun() {}

    /** Bytes of the run with its edits. */
    public static int length(BatchPart part, int run, int firstElement, ItemCursor cursor) {
        byte[] bytes = part.runBytes(run);
        int length = 0;
        int element = firstElement;
        for (cursor.wrap(part, run); cursor.next(); element++) {
            length += Splice.fieldLength(bytes, cursor.offset(), cursor.length(), part.items(), element, ITEMS);
        }
        return length;
    }

    /** Writes what {@link #length} measured. */
    public static void write(BatchPart part, int run, int firstElement, ItemCursor cursor, byte[] into, int offset) {
        byte[] bytes = part.runBytes(run);
        int at = offset;
        int element = firstElement;
        for (cursor.wrap(part, run); cursor.next(); element++) {
            at = Splice.writeField(bytes, cursor.offset(), cursor.length(), part.items(), element, ITEMS, into, at);
        }
    }
}
