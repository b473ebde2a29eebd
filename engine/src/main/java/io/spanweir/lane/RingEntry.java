package io.spanweir.lane;

import io.spanweir.data.ClientMetadata;
import io.spanweir.data.Settlement;
import io.spanweir.memory.TransitRegion;
import io.spanweir.wire.Signal;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the ring: a batch, or a command. Cleared by the last lane that passes it, so that nothing old is kept alive.
 * Threading: written by one publisher, then read by the lanes.
 */
final class RingEntry {
    long laneMask;

    @Nullable
    LaneCommand command;

    Signal signal = Signal.TRACES;
    int entrance;

    @Nullable
    TransitRegion message;

    int messageOffset;
    int messageLength;
    /** The packed index, see {@link PackedIndex}. */
    @Nullable
    TransitRegion index;

    ClientMetadata metadata = ClientMetadata.EMPTY;

    @Nullable
    Settlement settlement;

    private final AtomicInteger lanesLeft = new AtomicInteger();

    void batch(Signal signal, int entrance, long laneMask) {
        this.signal = signal;
        this.entrance = entrance;
        this.laneMask = laneMask;
        this.command = null;
        lanesLeft.set(Long.bitCount(laneMask));
    }

    /** A lane is done with the batch. */
    void passed() {
        if (lanesLeft.decrementAndGet() == 0) {
            if (message != null && index != null) {
                message.passed();
                index.passed();
            }
            clearBatch();
        }
    }

    void command(LaneCommand command, long laneMask) {
        this.command = command;
        this.laneMask = laneMask;
        clearBatch();
    }

    private void clearBatch() {
        message = null;
        index = null;
        metadata = ClientMetadata.EMPTY;
        settlement = null;
    }
}
