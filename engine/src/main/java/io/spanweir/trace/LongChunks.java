package io.spanweir.trace;

import io.spanweir.memory.Budget;
import java.util.Arrays;

/**
 * Entries of a fixed number of longs, in chunks that come and go one by one and are charged to a budget. An entry number
 * stays what it is while its chunk lives. Threading: lane.
 */
final class LongChunks {
    static final int CHUNK_SHIFT = 9;
    static final int ENTRIES_PER_CHUNK = 1 << CHUNK_SHIFT;

    private static final int CHUNK_MASK = ENTRIES_PER_CHUNK - 1;
    private static final int ARRAY_HEADER_BYTES = 16;
    private static final long[] NOTHING = new long[0];

    private final Budget budget;
    private final int wordsPerEntry;
    private long[][] chunks = new long[4][];

    LongChunks(Budget budget, int wordsPerEntry) {
        this.budget = budget;
        this.wordsPerEntry = wordsPerEntry;
        Arrays.fill(chunks, NOTHING);
    }

    long chunkBytes() {
        return (long) ENTRIES_PER_CHUNK * wordsPerEntry * Long.BYTES + ARRAY_HEADER_BYTES;
    }

    /** Makes a chunk that the caller has already charged. */
    void add(int chunk) {
        if (chunk >= chunks.length) {
            int before = chunks.length;
            chunks = Arrays.copyOf(chunks, Math.max(before * 2, chunk + 1));
            Arrays.fill(chunks, before, chunks.length, NOTHING);
        }
        chunks[chunk] = new long[ENTRIES_PER_CHUNK * wordsPerEntry];
    }

    /** Drops a chunk and gives its bytes back. */
    void drop(int chunk) {
        chunks[chunk] = NOTHING;
        budget.give(chunkBytes());
    }

    boolean has(int chunk) {
        return chunk < chunks.length && chunks[chunk].length > 0;
    }

    int chunkLimit() {
        return chunks.length;
    }

    long get(int entry, int word) {
        return chunks[entry >>> CHUNK_SHIFT][(entry & CHUNK_MASK) * wordsPerEntry + word];
    }

    void set(int entry, int word, long value) {
        chunks[entry >>> CHUNK_SHIFT][(entry & CHUNK_MASK) * wordsPerEntry + word] = value;
    }

    int low(int entry, int word) {
        return (int) get(entry, word);
    }

    int high(int entry, int word) {
        return (int) (get(entry, word) >>> Integer.SIZE);
    }

    void setLow(int entry, int word, int value) {
        set(entry, word, (get(entry, word) & 0xFFFF_FFFF_0000_0000L) | (value & 0xFFFF_FFFFL));
    }

    void setHigh(int entry, int word, int value) {
        set(entry, word, (get(entry, word) & 0xFFFF_FFFFL) | ((long) value << Integer.SIZE));
    }

    void clear(int entry) {
        int from = (entry & CHUNK_MASK) * wordsPerEntry;
        Arrays.fill(chunks[entry >>> CHUNK_SHIFT], from, from + wordsPerEntry, 0);
    }
}
