package io.spanweir.perf.load;

import io.spanweir.testkit.OrderTraffic;
import io.spanweir.wire.Bytes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;

/**
 * Encoded trace requests of orders, ready for the wire, over and over: traces of seven adjacent spans, about 412 bytes a span;
 * 2 % of the traces have an error, 1 % take 800 ms. With each sending trace ids are new and times end now; bodies in gzip are
 * made once with different ids and repeat after some 100,000 spans. Threading: one thread.
 */
public final class RequestImages {
    private static final int DISTINCT_BYTES = 4 << 20;
    private static final int DISTINCT_MIN = 16;
    private static final int GZIP_SPANS = 100_000;
    private static final double SLOW_RATIO = 0.01;
    private static final long SLOW_NANOS = 800_000_000;

    private final int spanCount;
    private final Deque<RequestImage> free = new ArrayDeque<>();
    private final SplittableRandom ids;
    private final double bytesPerSpan;
    private final double wireBytesPerSpan;

    /**
     * @param spanCount of each request
     * @param authority host and port, for the head
     * @param gzipLevel 1 to 9; has a meaning with gzip only
     * @param seed of content and ids
     */
    public RequestImages(LoadProtocol protocol, int spanCount, String authority, int gzipLevel, long seed) {
        this.spanCount = spanCount;
        ids = new SplittableRandom(seed + 1);
        OrderTraffic traffic = new OrderTraffic(new SplittableRandom(seed));
        SplittableRandom slow = new SplittableRandom(seed + 2);
        int distinct = DISTINCT_MIN;
        long bytes = 0;
        long wireBytes = 0;
        for (int i = 0; i < distinct; i++) {
            byte[] message = traffic.request(spanCount);
            slowDown(message, slow);
            if (i == 0) {
                distinct = Math.max(
                        DISTINCT_MIN, protocol.gzip() ? GZIP_SPANS / spanCount : DISTINCT_BYTES / message.length);
            }
            RequestImage image = switch (protocol) {
                case GRPC -> RequestImage.grpc(message, authority);
                case HTTP -> RequestImage.http(message, authority);
                case HTTP_GZIP -> RequestImage.httpGzip(message, authority, gzipLevel);
            };
            bytes += message.length;
            wireBytes += image.bytes().capacity();
            free.addLast(image);
        }
        bytesPerSpan = (double) bytes / distinct / spanCount;
        wireBytesPerSpan = (double) wireBytes / distinct / spanCount;
    }

    public int spanCount() {
        return spanCount;
    }

    /** Bytes of a message divided by its spans, before compression; the resource is included. */
    public double bytesPerSpan() {
        return bytesPerSpan;
    }

    /** As {@link #bytesPerSpan}, compressed, with heads and frames. */
    public double wireBytesPerSpan() {
        return wireBytesPerSpan;
    }

    /** The request that was not sent for the longest time, stamped anew; to be given back when its last byte is sent. */
    RequestImage take(int streamId) {
        RequestImage image = free.pollFirst();
        if (image == null) {
            throw new IllegalStateException("more calls under way than distinct requests");
        }
        image.stamp(ids, System.currentTimeMillis() * 1_000_000L, streamId);
        return image;
    }

    boolean available() {
        return !free.isEmpty();
    }

    void giveBack(RequestImage image) {
        free.addLast(image);
    }

    /** Lets the first span of some traces end late. */
    private static void slowDown(byte[] message, SplittableRandom random) {
        Stamps stamps = Stamps.of(message);
        boolean[] first = stamps.firstOfTrace(message);
        int[] timeAt = stamps.timeAt();
        int[] traceIdAt = stamps.traceIdAt();
        int time = 0;
        for (int span = 0; span < first.length; span++) {
            while (timeAt[time] < traceIdAt[span]) {
                time++;
            }
            if (first[span] && random.nextDouble() < SLOW_RATIO) {
                Bytes.putLong(message, timeAt[time + 1], Bytes.longAt(message, timeAt[time]) + SLOW_NANOS);
            }
        }
    }
}
