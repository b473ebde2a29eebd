package io.spanweir.trace;

import io.spanweir.memory.Budget;
import java.util.Arrays;

/**
 * The traces that one lane knows and has not finished with. An entry is named by a number that stays the same until it is
 * removed; its fields are read and written through the table, no object stands for it.
 *
 * <p>Entries come in chunks of 512, each charged to the budget when it is made. New traces go into the lowest chunk that has
 * room, so that the upper ones run empty when there are fewer; an empty chunk is dropped, but for one that is kept in reserve
 * against making and dropping it in turns. Layout: {@code TraceLayout}. Threading: lane.
 */
public final class TraceTable implements AutoCloseable {
    /** No entry. */
    public static final int NONE = IdSlots.NONE;

    /** The answer of {@link #insert} when the budget has no room, or 16,777,214 traces are present. */
    public static final int FULL = NONE;

    /** No held record. */
    public static final int NO_RECORD = -1;

    private static final int CHUNKS_MAX = IdSlots.ENTRY_MAX >>> LongChunks.CHUNK_SHIFT;
    private static final int NO_FREE_ENTRY = -1;

    private final Budget budget;
    private final LongChunks entries;
    private final IdSlots slots;
    private final int summaryLongs;

    /** By chunk: the first free entry, or -1; how many live. One bit a chunk: it has a free entry. */
    private int[] firstFree = new int[0];

    private int[] liveCount = new int[0];
    private long[] hasFree = new long[0];
    private int hasFreeFrom;
    private int emptyChunks;

    /**
     * @param summaryLongs longs of each entry that belong to the user of the table, 0 at first
     * @param seed makes places in the table unpredictable for a sender
     */
    public TraceTable(Budget budget, int summaryLongs, long seed) {
        this.budget = budget;
        this.summaryLongs = summaryLongs;
        this.entries = new LongChunks(budget, TraceLayout.SUMMARY + summaryLongs);
        this.slots = new IdSlots(entries, budget, seed);
    }

    public int traceCount() {
        return slots.count();
    }

    /** Of its places: the longest row that a look-up may have to pass by. Reads everything; for tests. */
    int longestRow() {
        return slots.longestRow();
    }

    public int summaryLongs() {
        return summaryLongs;
    }

    /** The entry of a trace, or {@link #NONE}. */
    public int find(long idHigh, long idLow) {
        return slots.find(idHigh, idLow);
    }

    /**
     * Adds a trace that is not present, with all fields 0, no records, in no list.
     *
     * @return its entry, or {@link #FULL}, and then nothing has changed
     */
    public int insert(long idHigh, long idLow, long nowNanos) {
        assert find(idHigh, idLow) == NONE : "trace inserted twice";
        if (!slots.makeRoom(idHigh, idLow)) {
            return FULL;
        }
        int chunk = chunkWithRoom();
        if (chunk == NONE) {
            return FULL;
        }
        int entry = takeEntry(chunk);
        entries.clear(entry);
        entries.set(entry, TraceLayout.ID_HIGH, idHigh);
        entries.set(entry, TraceLayout.ID_LOW, idLow);
        entries.set(entry, TraceLayout.FIRST_ARRIVAL, nowNanos);
        entries.set(entry, TraceLayout.RECORDS, -1L);
        entries.set(entry, TraceLayout.DEADLINE_LINKS, -1L);
        entries.set(entry, TraceLayout.ARRIVAL_LINKS, -1L);
        slots.add(entry);
        return entry;
    }

    /**
     * Ends an entry; its number may be given out again at once.
     *
     * @throws IllegalStateException when it has ended already, is still in a list, or still has records
     */
    public void remove(int entry) {
        int membership = checkedMembership(entry);
        if (membership != 0) {
            throw new IllegalStateException("trace entry " + entry + " removed while in a list");
        }
        if (entries.get(entry, TraceLayout.RECORDS) != -1L) {
            throw new IllegalStateException("trace entry " + entry + " removed while it has records");
        }
        slots.remove(entry);
        giveEntry(entry);
    }

    /** The first entry in use after this one, in no particular order; {@link #NONE} begins and ends. */
    public int nextInUse(int after) {
        int entry = after + 1;
        while (entry >>> LongChunks.CHUNK_SHIFT < firstFree.length) {
            int chunk = entry >>> LongChunks.CHUNK_SHIFT;
            if (liveCount[chunk] == 0) {
                entry = (chunk + 1) << LongChunks.CHUNK_SHIFT;
            } else if (isFree(entry)) {
                entry++;
            } else {
                return entry;
            }
        }
        return NONE;
    }

    public long idHigh(int entry) {
        return get(entry, TraceLayout.ID_HIGH);
    }

    public long idLow(int entry) {
        return get(entry, TraceLayout.ID_LOW);
    }

    /** Monotonic nanoseconds. */
    public long firstArrivalNanos(int entry) {
        return get(entry, TraceLayout.FIRST_ARRIVAL);
    }

    /** Monotonic nanoseconds; set by the deadline list that the entry was last put in. */
    public long deadlineNanos(int entry) {
        return get(entry, TraceLayout.DEADLINE);
    }

    void setDeadlineNanos(int entry, long nanos) {
        set(entry, TraceLayout.DEADLINE, nanos);
    }

    public int itemCount(int entry) {
        return (int) get(entry, TraceLayout.ITEM_COUNT_AND_FLAGS);
    }

    public void setItemCount(int entry, int itemCount) {
        entries.setLow(entry, TraceLayout.ITEM_COUNT_AND_FLAGS, itemCount);
    }

    /** 32 bits whose meaning is the user's. */
    public int flags(int entry) {
        return (int) (get(entry, TraceLayout.ITEM_COUNT_AND_FLAGS) >>> Integer.SIZE);
    }

    public void setFlags(int entry, int flags) {
        entries.setHigh(entry, TraceLayout.ITEM_COUNT_AND_FLAGS, flags);
    }

    public long heldBytes(int entry) {
        return get(entry, TraceLayout.HELD_BYTES);
    }

    public void setHeldBytes(int entry, long bytes) {
        set(entry, TraceLayout.HELD_BYTES, bytes);
    }

    /** Handle of the first held record, or {@link #NO_RECORD}. */
    public int firstRecord(int entry) {
        return (int) get(entry, TraceLayout.RECORDS);
    }

    public void setFirstRecord(int entry, int record) {
        entries.setLow(entry, TraceLayout.RECORDS, record);
    }

    /** Handle of the last held record, or {@link #NO_RECORD}. */
    public int lastRecord(int entry) {
        return (int) (get(entry, TraceLayout.RECORDS) >>> Integer.SIZE);
    }

    public void setLastRecord(int entry, int record) {
        entries.setHigh(entry, TraceLayout.RECORDS, record);
    }

    /** What compaction tells: see {@link io.spanweir.memory.Relocation}. */
    public void recordMoved(int entry, int from, int to) {
        if (firstRecord(entry) == from) {
            setFirstRecord(entry, to);
        }
        if (lastRecord(entry) == from) {
            setLastRecord(entry, to);
        }
    }

    /** Number of the policy that decided; the user says what it means. */
    public int policy(int entry) {
        return (int) get(entry, TraceLayout.POLICY_AND_MEMBERSHIP);
    }

    public void setPolicy(int entry, int policy) {
        entries.setLow(entry, TraceLayout.POLICY_AND_MEMBERSHIP, policy);
    }

    /** Rejection threshold of the decision, 0 to 2^56 - 1. */
    public long threshold(int entry) {
        return get(entry, TraceLayout.THRESHOLD);
    }

    public void setThreshold(int entry, long threshold) {
        set(entry, TraceLayout.THRESHOLD, threshold);
    }

    /**
     * One of the longs that belong to the user of the table.
     *
     * @param index 0 to {@link #summaryLongs()} - 1
     */
    public long summary(int entry, int index) {
        assert index >= 0 && index < summaryLongs : "summary long " + index;
        return get(entry, TraceLayout.SUMMARY + index);
    }

    public void setSummary(int entry, int index, long value) {
        assert index >= 0 && index < summaryLongs : "summary long " + index;
        set(entry, TraceLayout.SUMMARY + index, value);
    }

    /** Gives all memory back, whatever is still present. */
    @Override
    public void close() {
        slots.close();
        for (int chunk = 0; chunk < firstFree.length; chunk++) {
            if (entries.has(chunk)) {
                entries.drop(chunk);
            }
        }
        firstFree = new int[0];
        liveCount = new int[0];
        hasFree = new long[0];
        hasFreeFrom = 0;
        emptyChunks = 0;
    }

    int membership(int entry) {
        return (int) (get(entry, TraceLayout.POLICY_AND_MEMBERSHIP) >>> Integer.SIZE);
    }

    void setMembership(int entry, int membership) {
        entries.setHigh(entry, TraceLayout.POLICY_AND_MEMBERSHIP, membership);
    }

    int previousLink(int entry, int linksWord) {
        return (int) get(entry, linksWord);
    }

    int nextLink(int entry, int linksWord) {
        return (int) (get(entry, linksWord) >>> Integer.SIZE);
    }

    void setPreviousLink(int entry, int linksWord, int other) {
        entries.setLow(entry, linksWord, other);
    }

    void setNextLink(int entry, int linksWord, int other) {
        entries.setHigh(entry, linksWord, other);
    }

    private long get(int entry, int word) {
        assert !isFree(entry) : "trace entry " + entry + " is free";
        return entries.get(entry, word);
    }

    private void set(int entry, int word, long value) {
        assert !isFree(entry) : "trace entry " + entry + " is free";
        entries.set(entry, word, value);
    }

    private boolean isFree(int entry) {
        return entries.high(entry, TraceLayout.POLICY_AND_MEMBERSHIP) < 0;
    }

    private int checkedMembership(int entry) {
        int chunk = entry >>> LongChunks.CHUNK_SHIFT;
        if (entry < 0 || !entries.has(chunk) || isFree(entry)) {
            throw new IllegalStateException("trace entry " + entry + " removed twice, or never made");
        }
        return membership(entry);
    }

    private int chunkWithRoom() {
        for (int word = hasFreeFrom; word < hasFree.length; word++) {
            if (hasFree[word] != 0) {
                hasFreeFrom = word;
                return word * Long.SIZE + Long.numberOfTrailingZeros(hasFree[word]);
            }
        }
        hasFreeFrom = hasFree.length;
        return addChunk();
    }

    private int addChunk() {
        int chunk = 0;
        while (entries.has(chunk)) {
            chunk++;
        }
        if (chunk >= CHUNKS_MAX || !budget.tryTake(entries.chunkBytes())) {
            return NONE;
        }
        entries.add(chunk);
        if (chunk >= firstFree.length) {
            int length = entries.chunkLimit();
            firstFree = Arrays.copyOf(firstFree, length);
            liveCount = Arrays.copyOf(liveCount, length);
            hasFree = Arrays.copyOf(hasFree, (length + Long.SIZE - 1) / Long.SIZE);
        }
        int base = chunk << LongChunks.CHUNK_SHIFT;
        for (int index = 0; index < LongChunks.ENTRIES_PER_CHUNK; index++) {
            boolean last = index == LongChunks.ENTRIES_PER_CHUNK - 1;
            entries.set(base + index, TraceLayout.ID_HIGH, last ? NO_FREE_ENTRY : base + index + 1);
            entries.setHigh(base + index, TraceLayout.POLICY_AND_MEMBERSHIP, TraceLayout.FREE_BIT);
        }
        firstFree[chunk] = base;
        liveCount[chunk] = 0;
        emptyChunks++;
        markHasFree(chunk);
        return chunk;
    }

    private int takeEntry(int chunk) {
        int entry = firstFree[chunk];
        firstFree[chunk] = (int) entries.get(entry, TraceLayout.ID_HIGH);
        if (firstFree[chunk] == NO_FREE_ENTRY) {
            hasFree[chunk / Long.SIZE] &= ~(1L << chunk);
        }
        if (liveCount[chunk]++ == 0) {
            emptyChunks--;
        }
        return entry;
    }

    private void giveEntry(int entry) {
        int chunk = entry >>> LongChunks.CHUNK_SHIFT;
        entries.set(entry, TraceLayout.ID_HIGH, firstFree[chunk]);
        entries.setHigh(entry, TraceLayout.POLICY_AND_MEMBERSHIP, TraceLayout.FREE_BIT);
        firstFree[chunk] = entry;
        markHasFree(chunk);
        if (--liveCount[chunk] == 0 && ++emptyChunks > 1) {
            dropChunk(chunk);
        }
    }

    private void dropChunk(int chunk) {
        hasFree[chunk / Long.SIZE] &= ~(1L << chunk);
        emptyChunks--;
        entries.drop(chunk);
    }

    private void markHasFree(int chunk) {
        hasFree[chunk / Long.SIZE] |= 1L << chunk;
        hasFreeFrom = Math.min(hasFreeFrom, chunk / Long.SIZE);
    }
}
