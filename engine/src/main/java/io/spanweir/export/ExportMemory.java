package io.spanweir.export;

import io.spanweir.memory.Budget;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of which export buffers are made: memory of its own, so that a decision never waits for room that only a decision
 * can free. Allocated on first use, last freed used first. Touched once per block of {@link #blockLengthBytes()}, so a lock is
 * cheap. Threading: any thread.
 */
public final class ExportMemory {
    private static final int BLOCK_BYTES_MAX = 64 * 1024 - 16;
    private static final byte POISON = (byte) 0xDB;

    private final Budget budget;
    private final int blockLengthBytes;
    private final Deque<byte[]> free = new ArrayDeque<>();

    public ExportMemory(Budget budget) {
        this.budget = budget;
        this.blockLengthBytes = (int) Math.min(BLOCK_BYTES_MAX, Math.max(1024, budget.capacityBytes() / 64));
    }

    int blockLengthBytes() {
        return blockLengthBytes;
    }

    /** A block, or null when the budget is used up. */
    byte @Nullable [] take() {
        if (!budget.tryTake(blockLengthBytes)) {
            return null;
        }
        synchronized (free) {
            byte[] block = free.pollFirst();
            if (block != null) {
                return block;
            }
        }
        try {
            return new byte[blockLengthBytes];
        } catch (OutOfMemoryError e) { // the heap is smaller than what was promised: as if the budget were used up
            budget.give(blockLengthBytes);
            return null;
        }
    }

    void give(byte[] block) {
        assert poison(block);
        synchronized (free) {
            free.addFirst(block);
        }
        budget.give(blockLengthBytes);
    }

    /** Overwrites what must not be read any more. Only ever called by {@code assert}. */
    private static boolean poison(byte[] block) {
        Arrays.fill(block, POISON);
        return true;
    }

    public long freeBytes() {
        return budget.capacityBytes() - budget.usedBytes();
    }

    public long capacityBytes() {
        return budget.capacityBytes();
    }
}
