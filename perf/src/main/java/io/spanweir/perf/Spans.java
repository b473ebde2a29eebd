package io.spanweir.perf;

import io.spanweir.data.ItemCursor;
import io.spanweir.perf.load.Requests;
import io.spanweir.wire.OtlpIndex;
import io.spanweir.wire.OtlpLimits;
import io.spanweir.wire.OtlpScanner;
import io.spanweir.wire.Signal;

/** The spans of one request of orders, in place. Threading: one thread. */
final class Spans {
    /** 100 traces of seven. */
    static final int COUNT = 700;

    private final byte[] bytes = new Requests(COUNT, 7).next();
    private final int[] offsets = new int[COUNT];
    private final int[] lengths = new int[COUNT];
    private final OtlpIndex index;

    Spans() {
        OtlpScanner scanner = new OtlpScanner(OtlpLimits.DEFAULTS);
        if (scanner.scan(Signal.TRACES, bytes, 0, bytes.length) != COUNT) {
            throw new IllegalStateException(scanner.problem());
        }
        index = scanner.index();
        ItemCursor cursor = new ItemCursor();
        int count = 0;
        for (int run = 0; run < index.runCount(); run++) {
            cursor.wrap(bytes, index.runOffset(run), index.runLength(run));
            while (cursor.next()) {
                offsets[count] = cursor.offset();
                lengths[count++] = cursor.length();
            }
        }
    }

    byte[] bytes() {
        return bytes;
    }

    /** Where the message of a span begins. */
    int offset(int span) {
        return offsets[span];
    }

    int length(int span) {
        return lengths[span];
    }

    OtlpIndex index() {
        return index;
    }
}
