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

    /** Takes back what {@link #take} or {@link #fitted} gave. */
    void give(byte[] block) {
        assert poison(block);
        budget.give(block.length);
        if (block.length == blockLengthBytes) {
            keep(block);
        }
    }

    /**
     * What the last block of a request is kept as: where memory becomes scarce and less than half of the block is filled, an array of
     * just those bytes. Admission counts bytes, so many small requests must not take a block each.
     */
    byte[] fitted(byte[] block, int length) {
        if (length > blockLengthBytes / 2 || budget.usedBytes() <= budget.capacityBytes() / 2) {
            return block;
        }
        byte[] exact;
        try {
            exact = Arrays.copyOf(block, length);
        } catch (OutOfMemoryError e) { // as it is, then
            return block;
        }
        assert poison(block);
        budget.give(blockLengthBytes - length);
        keep(block);
        return exact;
    }

    /** For the next one, unless blocks that are kept and arrays in use would be more than the budget. */
    private void keep(byte[] block) {
        synchronized (free) {
            if (budget.usedBytes() + (free.size() + 1L) * blockLengthBytes <= budget.capacityBytes()) {
                free.addFirst(block);
            }
        }
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
