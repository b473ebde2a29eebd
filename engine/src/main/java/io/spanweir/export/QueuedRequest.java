package io.spanweir.export;

import io.spanweir.data.ExportRequest;
import io.spanweir.data.Settlement;
import java.util.List;

/** A request in the sending queue, with what hangs on it. Threading: handed from the lane to the queue's runner. */
final class QueuedRequest {
    final ExportRequest request;
    final long size;
    private final byte[][] blocks;
    private final List<Settlement> settlements;
    int attempts;
    long firstAttemptNanos;
    long backoffNanos;
    /** Counted as lost while an attempt was under way. */
    boolean givenUp;

    QueuedRequest(ExportRequest request, byte[][] blocks, long size, List<Settlement> settlements) {
        this.request = request;
        this.blocks = blocks;
        this.size = size;
        this.settlements = settlements;
    }

    /** The bytes go back; the request must not be read any more. */
    void release(ExportMemory memory) {
        for (byte[] block : blocks) {
            memory.give(block);
        }
    }

    void settle() {
        settlements.forEach(Settlement::settle);
        settlements.clear();
    }

    void fail(String why, boolean retryable) {
        settlements.forEach(settlement -> settlement.fail(why, retryable));
        settlements.clear();
    }
}
