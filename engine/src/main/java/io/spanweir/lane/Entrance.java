package io.spanweir.lane;

import io.spanweir.component.ComponentId;
import io.spanweir.export.ExportMemory;
import io.spanweir.export.ExportQueue;
import io.spanweir.wire.Signal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the data of one receiver and signal enters the lanes.
 *
 * @param number its place among the entrances of each lane
 * @param traceAffinity whether some pipeline behind it needs all items of a trace on one lane
 * @param holdsData whether some processor behind it keeps data, which takes held memory
 * @param direct the queues it leads to without a processor that holds data: when one is full, receivers refuse
 */
public record Entrance(
        int number,
        ComponentId receiver,
        Signal signal,
        boolean traceAffinity,
        boolean holdsData,
        List<ExportQueue> direct) {
    public Entrance {
        direct = List.copyOf(direct);
    }

    /** A queue that has no room and makes senders go away, or null; one that makes them wait does not hide another. */
    @Nullable
    ExportQueue full() {
        for (int i = 0; i < direct.size(); i++) {
            ExportQueue queue = direct.get(i);
            if (queue.full() && !queue.config().blockOnOverflow()) {
                return queue;
            }
        }
        return null;
    }

    /**
     * Whether senders are answered when their data is sent or on its way. Where all queues make senders wait and none is in a
     * back-off, they do so before memory gets so full that they would be refused.
     */
    boolean waitsForResult(ExportMemory memory) {
        boolean early = !direct.isEmpty() && fills(memory);
        for (int i = 0; i < direct.size(); i++) {
            ExportQueue queue = direct.get(i);
            boolean blocks = queue.config().blockOnOverflow();
            if (queue.config().waitForResult() || (blocks && queue.full())) {
                return true;
            }
            early &= blocks && !queue.backsOff();
        }
        return early;
    }

    private static boolean fills(ExportMemory memory) {
        return memory.capacityBytes() - memory.freeBytes() > memory.capacityBytes() / 8;
    }

    /** Whether export memory could take all that is in transit now, once for each exporter, and what lanes have begun to write. */
    boolean exportHasRoom(ExportMemory memory, long transitUsedBytes) {
        return memory.freeBytes() > Math.max(1, direct.size()) * transitUsedBytes + memory.capacityBytes() / 8;
    }
}
