package io.spanweir.trace;

import io.spanweir.memory.Budget;

/**
 * What was decided about traces that are finished, so that late spans follow. Bounded by a number of traces; the memory comes
 * in steps as it fills and is optional use of the budget: where that refuses, the cache stays as large as it is.
 *
 * <p>When it is full, the oldest makes room, except that a decision that was looked up since the hand last came by gets
 * another round (second chance). This is near to the least-recently-used order of the collector without relinking on a
 * look-up: a look-up sets one bit. A put passes over at most eight such entries, so its work is bounded; the ninth goes
 * although it was used. Threading: lane.
 */
public final class DecisionCache implements AutoCloseable {
    /** No decision is known. */
    public static final int NONE = IdSlots.NONE;

    public static final byte KIND_NOT_SAMPLED = 0;
    public static final byte KIND_SAMPLED = 1;
    public static final byte KIND_DROPPED = 2;

    private static final int CHANCES_PER_PUT = 8;

    /* Words of an entry: 0 and 1 the id, 2 the threshold, 3 policy (bits 0-15), kind (16-23), used (24). */
    private static final int THRESHOLD = 2;
    private static final int DECISION = 3;
    private static final int WORDS = 4;
    private static final int KIND_SHIFT = 16;
    private static final long USED_BIT = 1L << 24;

    private final Budget budget;
    private final LongChunks entries;
    private final IdSlots slots;
    private final int capacity;
    private int allocated;
    private int hand;

    /**
     * @param capacity the most decisions to remember, 0 to 16,000,000; 0 remembers none
     * @param seed makes places in the table unpredictable for a sender
     */
    public DecisionCache(Budget budget, int capacity, long seed) {
        if (capacity < 0 || capacity > 16_000_000) {
            throw new IllegalArgumentException("decision cache of " + capacity + " traces, expected 0 to 16000000");
        }
        this.budget = budget;
        this.capacity = capacity;
        this.entries = new LongChunks(budget, WORDS);
        this.slots = new IdSlots(entries, budget, seed);
    }

    public int size() {
        return slots.count();
    }

    public int capacity() {
        return capacity;
    }

    /** Where the decision on a trace stands, or {@link #NONE}. Valid until the next put. */
    public int find(long idHigh, long idLow) {
        int entry = slots.find(idHigh, idLow);
        if (entry != NONE) {
            entries.set(entry, DECISION, entries.get(entry, DECISION) | USED_BIT);
        }
        return entry;
    }

    /** One of the {@code KIND_} constants. */
    public byte kind(int entry) {
        return (byte) (entries.get(entry, DECISION) >>> KIND_SHIFT);
    }

    /** Number of the policy that decided. */
    public short policy(int entry) {
        return (short) entries.get(entry, DECISION);
    }

    /** Rejection threshold, 0 to 2^56 - 1. */
    public long threshold(int entry) {
        return entries.get(entry, THRESHOLD);
    }

    /** Remembers a decision, in place of an earlier one on the same trace. */
    public void put(long idHigh, long idLow, byte kind, short policy, long threshold) {
        if (capacity == 0) {
            return;
        }
        long decision = (policy & 0xFFFFL) | (long) (kind & 0xFF) << KIND_SHIFT;
        int present = slots.find(idHigh, idLow);
        if (present != NONE) {
            entries.set(present, THRESHOLD, threshold);
            entries.set(present, DECISION, decision | USED_BIT);
            return;
        }
        int entry = slots.makeOptionalRoom(idHigh, idLow) ? room() : NONE;
        if (entry == NONE) {
            return;
        }
        entries.set(entry, TraceLayout.ID_HIGH, idHigh);
        entries.set(entry, TraceLayout.ID_LOW, idLow);
        entries.set(entry, THRESHOLD, threshold);
        entries.set(entry, DECISION, decision);
        slots.add(entry);
    }

    /** Gives all memory back; the cache is empty and can be used again. */
    @Override
    public void close() {
        slots.close();
        for (int entry = 0; entry < allocated; entry += LongChunks.ENTRIES_PER_CHUNK) {
            entries.drop(entry >>> LongChunks.CHUNK_SHIFT);
        }
        allocated = 0;
        hand = 0;
    }

    /** An entry to write to: one never used, or the one that the hand takes. */
    private int room() {
        int size = slots.count();
        if (size < capacity && (size < allocated || addChunk())) {
            return size;
        }
        if (size == 0) {
            return NONE;
        }
        for (int chances = 0; chances < CHANCES_PER_PUT; chances++) {
            long decision = entries.get(hand, DECISION);
            if ((decision & USED_BIT) == 0) {
                break;
            }
            entries.set(hand, DECISION, decision & ~USED_BIT);
            advanceHand(size);
        }
        int taken = hand;
        slots.remove(taken);
        advanceHand(size);
        return taken;
    }

    private void advanceHand(int size) {
        hand = hand + 1 == size ? 0 : hand + 1;
    }

    private boolean addChunk() {
        if (!budget.tryTakeOptional(entries.chunkBytes())) {
            return false;
        }
        entries.add(allocated >>> LongChunks.CHUNK_SHIFT);
        allocated += LongChunks.ENTRIES_PER_CHUNK;
        return true;
    }
}
