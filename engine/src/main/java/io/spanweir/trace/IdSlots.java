package io.spanweir.trace;

import io.spanweir.memory.Budget;
import java.util.Arrays;

/**
 * From a 128-bit trace id to an entry whose words 0 and 1 hold that id: open addressing with linear probing, at most half
 * full, deletion by shifting back, so that there are no tombstones to clean.
 *
 * <pre>
 *   31      24 23                    0
 *   | tag     | entry                |      -1: empty
 * </pre>
 *
 * The tag is eight bits of the hash that do not choose the slot: of the slots that a probe passes by, only one in 256 costs a
 * look at an entry. The hash is seeded, so that a sender cannot choose ids that collide.
 *
 * <p>The slots are in 64 parts, chosen by other bits of the hash, and each part doubles on its own when it is half full.
 * Doubling looks at the id of every entry of the part, a cache miss each: for all slots at once that stalls a lane for about a
 * tenth of a second at a million traces, for one part a sixty-fourth of that. Where the budget refuses, a part is filled to
 * seven eighths instead. Parts do not shrink: 8 to 16 bytes for each of the most traces ever present. Threading: lane.
 */
final class IdSlots {
    static final int NONE = -1;

    /** Entry numbers end below this, which marks an empty slot. */
    static final int ENTRY_MAX = 0xFF_FFFE;

    private static final int EMPTY = -1;
    private static final int ENTRY_MASK = 0xFF_FFFF;
    private static final int TAG_SHIFT = 24;
    private static final int SLOTS_INITIAL = 16;
    private static final int PARTS = 64;
    private static final int PART_SHIFT = 40;
    private static final int[] NO_SLOTS = {EMPTY};

    private final LongChunks entries;
    private final Budget budget;
    private final long seed;
    private final int[][] parts = new int[PARTS][];
    private final int[] partCounts = new int[PARTS];
    private int count;

    IdSlots(LongChunks entries, Budget budget, long seed) {
        this.entries = entries;
        this.budget = budget;
        this.seed = seed;
        Arrays.fill(parts, NO_SLOTS);
    }

    int count() {
        return count;
    }

    int find(long idHigh, long idLow) {
        long hash = hash(idHigh, idLow);
        int[] table = parts[part(hash)];
        int mask = table.length - 1;
        int tag = tag(hash);
        for (int slot = (int) hash & mask; table[slot] != EMPTY; slot = slot + 1 & mask) {
            int content = table[slot];
            if ((content & ~ENTRY_MASK) == tag) {
                int entry = content & ENTRY_MASK;
                if (entries.get(entry, TraceLayout.ID_LOW) == idLow
                        && entries.get(entry, TraceLayout.ID_HIGH) == idHigh) {
                    return entry;
                }
            }
        }
        return NONE;
    }

    /** Whether there is room for this id, after growing where needed; false when the budget refuses. */
    boolean makeRoom(long idHigh, long idLow) {
        return makeRoom(part(hash(idHigh, idLow)), false);
    }

    /** As {@link #makeRoom(long, long)}, for a structure that the engine can do without. */
    boolean makeOptionalRoom(long idHigh, long idLow) {
        return makeRoom(part(hash(idHigh, idLow)), true);
    }

    private boolean makeRoom(int part, boolean optional) {
        int length = parts[part].length;
        return partCounts[part] < length / 2 || grow(part, optional) || partCounts[part] < length / 8 * 7;
    }

    /** Adds an entry whose id is written and not present. Room was made. */
    void add(int entry) {
        long hash = hash(entry);
        put(parts[part(hash)], hash, entry);
        partCounts[part(hash)]++;
        count++;
    }

    void remove(int entry) {
        long hash = hash(entry);
        int[] table = parts[part(hash)];
        int mask = table.length - 1;
        int gap = (int) hash & mask;
        while (table[gap] == EMPTY || (table[gap] & ENTRY_MASK) != entry) {
            if (table[gap] == EMPTY) {
                throw new IllegalStateException("entry " + entry + " is not in its table");
            }
            gap = gap + 1 & mask;
        }
        for (int slot = gap + 1 & mask; table[slot] != EMPTY; slot = slot + 1 & mask) {
            int home = (int) hash(table[slot] & ENTRY_MASK) & mask;
            if ((slot - home & mask) >= (slot - gap & mask)) {
                table[gap] = table[slot];
                gap = slot;
            }
        }
        table[gap] = EMPTY;
        partCounts[part(hash)]--;
        count--;
    }

    /** Slots in the longest row of full ones: what a look-up may have to pass by. Reads everything; for tests. */
    int longestRow() {
        int longest = 0;
        for (int[] table : parts) {
            int row = 0;
            for (int at = 0; at < 2 * table.length; at++) {
                row = table[at & table.length - 1] == EMPTY ? 0 : row + 1;
                longest = Math.max(longest, row);
            }
        }
        return longest;
    }

    /** Gives the bytes of the slots back; the table is empty afterwards. */
    void close() {
        for (int part = 0; part < PARTS; part++) {
            budget.give(chargedBytes(parts[part]));
            parts[part] = NO_SLOTS;
            partCounts[part] = 0;
        }
        count = 0;
    }

    private static void put(int[] table, long hash, int entry) {
        int mask = table.length - 1;
        int slot = (int) hash & mask;
        while (table[slot] != EMPTY) {
            slot = slot + 1 & mask;
        }
        table[slot] = tag(hash) | entry;
    }

    private boolean grow(int part, boolean optional) {
        int[] before = parts[part];
        int length = Math.max(SLOTS_INITIAL, before.length * 2);
        long added = (long) length * Integer.BYTES - chargedBytes(before);
        if (optional ? !budget.tryTakeOptional(added) : !budget.tryTake(added)) {
            return false;
        }
        int[] table = new int[length];
        Arrays.fill(table, EMPTY);
        for (int content : before) {
            if (content != EMPTY) {
                int entry = content & ENTRY_MASK;
                put(table, hash(entry), entry);
            }
        }
        parts[part] = table;
        return true;
    }

    private static long chargedBytes(int[] table) {
        return table == NO_SLOTS ? 0 : (long) table.length * Integer.BYTES;
    }

    private long hash(int entry) {
        return hash(entries.get(entry, TraceLayout.ID_HIGH), entries.get(entry, TraceLayout.ID_LOW));
    }

    private long hash(long idHigh, long idLow) {
        long hash = mix(idLow ^ seed) + idHigh;
        return mix(hash ^ Long.rotateLeft(seed, 32));
    }

    private static long mix(long value) {
        long mixed = (value ^ value >>> 31) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 30) * 0x94D049BB133111EBL;
        return mixed ^ mixed >>> 32;
    }

    private static int part(long hash) {
        return (int) (hash >>> PART_SHIFT) & PARTS - 1;
    }

    private static int tag(long hash) {
        return (int) (hash >>> 56) << TAG_SHIFT;
    }
}
