package io.spanweir.export;

import io.spanweir.component.SendingQueueConfig;
import io.spanweir.component.SendingQueueConfig.BatchConfig;
import io.spanweir.data.BatchPart;
import io.spanweir.data.ClientMetadata;
import io.spanweir.data.ExportRequest;
import io.spanweir.data.ItemCursor;
import io.spanweir.data.MetricView;
import io.spanweir.data.PartConsumer;
import io.spanweir.data.Settlement;
import io.spanweir.time.Clock;
import io.spanweir.time.Timer;
import io.spanweir.time.Timers;
import io.spanweir.wire.Signal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The end of pipelines on one lane for one exporter and signal: writes parts into the open request and hands it to the queue.
 *
 * <p>Without a batch configuration a request leaves at the end of the turn when a slot is free, and gathers more while all are
 * busy. With one it leaves at the minimum size, or after the flush timeout. Never more than {@link #REQUEST_BYTES_MAX}, unless a
 * single item is larger. Threading: lane.
 */
public final class ExportSink implements PartConsumer {
    /** Largest request unless {@code batch::max_size} in bytes says otherwise: what most gRPC servers take. */
    public static final int REQUEST_BYTES_MAX = 4 * 1024 * 1024;

    private static final long REQUEST_BYTES_LIMIT = 64L << 20;

    private final ExportQueue queue;
    private final Signal signal;
    private final Clock clock;
    private final Timers timers;
    private final Timer flushTimer;
    private final Runnable wakeLane;
    private final SendingQueueConfig config;
    private final List<String> metadataKeys;
    private final long requestBytesMax;
    private final RequestWriter writer;
    private final ItemCursor cursor = new ItemCursor();
    private final MetricView metric = new MetricView();

    private int itemCount;
    private List<Settlement> settlements = new ArrayList<>();
    /** Of the part in hand; on the list once something of the part is in the open request. */
    private @Nullable Settlement current;

    private boolean currentListed;

    private ClientMetadata metadata = ClientMetadata.EMPTY;
    private volatile boolean waitsForSlot;

    public ExportSink(
            ExportQueue queue, Signal signal, ExportMemory memory, Clock clock, Timers timers, Runnable wakeLane) {
        this.queue = queue;
        this.signal = signal;
        this.clock = clock;
        this.timers = timers;
        this.wakeLane = wakeLane;
        this.config = queue.config();
        BatchConfig batch = config.batch();
        this.metadataKeys = batch == null ? List.of() : batch.metadataKeys();
        this.requestBytesMax = requestBytesMax(batch);
        this.writer = new RequestWriter(memory);
        this.flushTimer = timers.timer(this::seal);
        queue.onRoom(this::slotFreed);
    }

    private static long requestBytesMax(@Nullable BatchConfig batch) {
        return batch != null && batch.sizer() == SendingQueueConfig.Sizer.BYTES && batch.maxSize() > 0
                ? Math.min(batch.maxSize(), REQUEST_BYTES_LIMIT)
                : REQUEST_BYTES_MAX;
    }

    @Override
    public void accept(BatchPart part) {
        if (part.itemCount() == 0 && part.elementCount() == 0) {
            return;
        }
        ClientMetadata partition = part.metadata().only(metadataKeys);
        if (!metadata.equals(partition)) {
            seal();
            metadata = partition;
        }
        current = part.settlement();
        currentListed = false;
        boolean taken = part.whole() && !part.edited() ? takeWhole(part) : takeRuns(part);
        if (!taken && current != null) {
            current.hold();
            current.fail("exporter " + queue.id() + ": no memory for its requests is left", true);
        }
        current = null;
        BatchConfig batch = batch();
        if (batch != null && !isEmpty() && !flushTimer.scheduled()) {
            timers.schedule(flushTimer, clock.nanos() + batch.flushTimeout().toNanos());
        }
        sealIfLarge();
    }

    /** At the end of a turn. Returns 1 when a request left. */
    public int endOfTurn() {
        if (isEmpty() || batch() != null) {
            return 0;
        }
        if (queue.hasFreeSlot()) {
            seal();
            return 1;
        }
        waitsForSlot = true;
        if (queue.hasFreeSlot()) { // freed between the two looks
            waitsForSlot = false;
            seal();
            return 1;
        }
        return 0;
    }

    /** Hands over what is gathered: shutting down. */
    public void flush() {
        seal();
    }

    /** Whether nothing is gathered. */
    public boolean idle() {
        return isEmpty();
    }

    private void slotFreed() {
        if (waitsForSlot) {
            waitsForSlot = false;
            wakeLane.run();
        }
    }

    /** Metrics without data points have bytes and no items. */
    private boolean isEmpty() {
        return writer.lengthBytes() == 0;
    }

    private @Nullable BatchConfig batch() {
        return config.batch();
    }

    private boolean takeWhole(BatchPart part) {
        if (limitFor(part.itemCount(), part.messageLength())) {
            seal();
        }
        if (exceedsLimit(part.itemCount(), part.messageLength())) {
            return takeRuns(part);
        }
        if (!writer.appendMessage(part)) {
            queue.countRefused(signal, part.itemCount());
            return false;
        }
        taken(part.itemCount());
        return true;
    }

    private void taken(int items) {
        itemCount += items;
        if (current != null && !currentListed) {
            current.hold();
            settlements.add(current);
            currentListed = true;
        }
    }

    private boolean takeRuns(BatchPart part) {
        boolean all = true;
        int element = 0;
        writer.beginPart();
        for (int run = 0; run < part.runCount(); run++) {
            int length = part.runLength(run);
            long added = writer.addedBytes(part, run, length, part.runElementCount(run));
            if (exceedsLimit(part.runItemCount(run), added)) {
                all &= takeItems(part, run, element);
            } else {
                if (limitFor(part.runItemCount(run), added)) {
                    seal();
                }
                all &= take(
                        part,
                        run,
                        part.runOffset(run),
                        length,
                        part.runItemCount(run),
                        element,
                        part.runElementCount(run));
            }
            element += part.runElementCount(run);
        }
        writer.endPart();
        return all;
    }

    /** A run that does not fit into one request: item by item. */
    private boolean takeItems(BatchPart part, int run, int firstElement) {
        boolean all = true;
        int element = firstElement;
        int start = part.runOffset(run);
        cursor.wrap(part, run);
        while (cursor.next()) {
            int length = cursor.position() - start;
            boolean ofPoints = signal == Signal.METRICS;
            int items = ofPoints
                    ? metric.wrap(cursor.bytes(), cursor.offset(), cursor.length())
                            .pointCount()
                    : 1;
            if (limitFor(items, writer.addedBytes(part, run, length, 1))) {
                seal();
            }
            all &= take(part, run, start, length, items, element, 1);
            start = cursor.position();
            element++;
        }
        return all;
    }

    private boolean take(BatchPart part, int run, int offset, int length, int items, int element, int elements) {
        if (!writer.appendRun(part, run, offset, length, element, elements)) {
            queue.countRefused(signal, items);
            return false;
        }
        taken(items);
        return true;
    }

    /** Whether the open request has to leave before so much is added. */
    private boolean limitFor(int items, long added) {
        return !isEmpty() && (writer.lengthBytes() + added > requestBytesMax || exceedsMaxSize(items, added));
    }

    private boolean exceedsMaxSize(int items, long added) {
        BatchConfig batch = batch();
        if (batch == null || batch.maxSize() == 0) {
            return false;
        }
        return switch (batch.sizer()) {
            case REQUESTS -> false;
            case ITEMS -> (long) itemCount + items > batch.maxSize();
            case BYTES -> writer.lengthBytes() + added > batch.maxSize();
        };
    }

    /** Whether it alone is more than a request may have. */
    private boolean exceedsLimit(int items, long added) {
        BatchConfig batch = batch();
        boolean large = batch != null
                && batch.maxSize() > 0
                && (batch.sizer() == SendingQueueConfig.Sizer.ITEMS ? items : added) > batch.maxSize()
                && batch.sizer() != SendingQueueConfig.Sizer.REQUESTS;
        return large || added > requestBytesMax;
    }

    private void sealIfLarge() {
        BatchConfig batch = batch();
        if (batch == null) {
            return;
        }
        long size = switch (batch.sizer()) {
            case REQUESTS -> 1;
            case ITEMS -> itemCount;
            case BYTES -> writer.lengthBytes();
        };
        if (!isEmpty() && size >= batch.minSize()) {
            seal();
        }
    }

    private void seal() {
        timers.cancel(flushTimer);
        if (isEmpty()) {
            return;
        }
        writer.closeGroup();
        int[] lengths = writer.sliceLengths();
        byte[][] blocks = writer.detach();
        ExportRequest request = new ExportRequest(signal, itemCount, blocks, lengths, metadata);
        long size = switch (config.sizer()) {
            case REQUESTS -> 1;
            case ITEMS -> itemCount;
            case BYTES -> request.lengthBytes();
        };
        List<Settlement> attached = settlements;
        settlements = new ArrayList<>();
        currentListed = false;
        itemCount = 0;
        queue.offer(new QueuedRequest(request, blocks, size, attached));
    }
}
