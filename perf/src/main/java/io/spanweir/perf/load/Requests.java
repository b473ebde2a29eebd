package io.spanweir.perf.load;

import io.spanweir.data.ItemCursor;
import io.spanweir.data.SpanView;
import io.spanweir.testkit.OrderTraffic;
import io.spanweir.wire.Bytes;
import io.spanweir.wire.OtlpIndex;
import io.spanweir.wire.OtlpLimits;
import io.spanweir.wire.OtlpScanner;
import io.spanweir.wire.Signal;
import java.util.SplittableRandom;

/**
 * Encoded trace requests of orders, over and over: traces of seven spans, about 412 bytes a span, each time with new trace
 * ids, which are written over the old ones in place. Threading: one thread.
 */
public final class Requests {
    private static final int DISTINCT_BYTES = 4 << 20;
    private static final int DISTINCT_MIN = 8;

    private final int spanCount;
    private final byte[][] messages;
    /** By message: where each span has its trace id; the ends of traces are marked by {@link #firstOfTrace}. */
    private final int[][] idOffsets;

    private final boolean[][] firstOfTrace;
    private final SplittableRandom ids;
    private int next;

    /** @param seed of content and ids */
    public Requests(int spanCount, long seed) {
        this.spanCount = spanCount;
        OrderTraffic traffic = new OrderTraffic(new SplittableRandom(seed));
        byte[] first = traffic.request(spanCount);
        int distinct = Math.max(DISTINCT_MIN, DISTINCT_BYTES / first.length);
        messages = new byte[distinct][];
        idOffsets = new int[distinct][];
        firstOfTrace = new boolean[distinct][];
        for (int i = 0; i < distinct; i++) {
            messages[i] = i == 0 ? first : traffic.request(spanCount);
            findIds(i);
        }
        ids = new SplittableRandom(seed + 1);
    }

    public int spanCount() {
        return spanCount;
    }

    /** How many requests there are before content, but for the ids, repeats. */
    public int distinctCount() {
        return messages.length;
    }

    /** Bytes of a request divided by its spans: the resource is included. */
    public double bytesPerSpan() {
        long bytes = 0;
        for (byte[] message : messages) {
            bytes += message.length;
        }
        return (double) bytes / messages.length / spanCount;
    }

    /** The next request; its content changes when it comes round again. */
    public byte[] next() {
        int message = next;
        next = message + 1 == messages.length ? 0 : message + 1;
        byte[] bytes = messages[message];
        int[] offsets = idOffsets[message];
        boolean[] first = firstOfTrace[message];
        long high = 0;
        long low = 0;
        for (int span = 0; span < offsets.length; span++) {
            if (first[span]) {
                high = ids.nextLong() | 1;
                low = ids.nextLong();
            }
            Bytes.putLong(bytes, offsets[span], high);
            Bytes.putLong(bytes, offsets[span] + Long.BYTES, low);
        }
        return bytes;
    }

    private void findIds(int message) {
        byte[] bytes = messages[message];
        OtlpScanner scanner = new OtlpScanner(OtlpLimits.DEFAULTS);
        if (scanner.scan(Signal.TRACES, bytes, 0, bytes.length) != spanCount) {
            throw new IllegalStateException("made a request that does not scan: " + scanner.problem());
        }
        OtlpIndex index = scanner.index();
        int[] offsets = new int[spanCount];
        boolean[] first = new boolean[spanCount];
        ItemCursor cursor = new ItemCursor();
        SpanView span = new SpanView();
        int count = 0;
        for (int run = 0; run < index.runCount(); run++) {
            first[count] = true;
            cursor.wrap(bytes, index.runOffset(run), index.runLength(run));
            while (cursor.next()) {
                span.wrap(bytes, cursor.offset(), cursor.length());
                offsets[count++] = span.traceIdOffset();
            }
        }
        idOffsets[message] = offsets;
        firstOfTrace[message] = first;
    }
}
