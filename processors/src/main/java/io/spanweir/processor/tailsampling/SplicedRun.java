package io.spanweir.processor.tailsampling;

import io.spanweir.data.BatchPart;
import io.spanweir.data.ItemCursor;
import io.spanweir.data.Splice;
import io.spanweir.wire.OtlpFields;

/** Writes runs with the edits of their spans. Threading: lane. */
final class SplicedRun {
    private static final int SPANS = OtlpFields.number(OtlpFields.SCOPE_SPANS_SPANS);

    private SplicedRun() {}

    static int length(BatchPart part, int run, int firstElement, ItemCursor cursor) {
        byte[] bytes = part.runBytes(run);
        int length = 0;
        int element = firstElement;
        for (cursor.wrap(part, run); cursor.next(); element++) {
            length += Splice.fieldLength(bytes, cursor.offset(), cursor.length(), part.items(), element, SPANS);
        }
        return length;
    }

    static void write(BatchPart part, int run, int firstElement, ItemCursor cursor, byte[] into, int offset) {
        byte[] bytes = part.runBytes(run);
        int at = offset;
        int element = firstElement;
        for (cursor.wrap(part, run); cursor.next(); element++) {
            at = Splice.writeField(bytes, cursor.offset(), cursor.length(), part.items(), element, SPANS, into, at);
        }
    }
}
