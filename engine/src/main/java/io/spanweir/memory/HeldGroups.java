package io.spanweir.memory;

import io.spanweir.wire.Bytes;
import java.util.Arrays;

/**
 * The envelopes of held records: what stands around the spans of one resource and scope, as four ranges of bytes. Equal
 * envelopes are kept once and counted by the records that refer to them.
 *
 * <p>The four parts are given one after the other, from whichever arrays hold them, then {@link #intern} looks them up by
 * content. Looking up allocates nothing; a new envelope is copied into an array of its own, charged to the budget of the
 * tables, and dropped when its last holder lets go. Threading: lane.
 */
public final class HeldGroups {
    /** No group. */
    public static final int NONE = -1;

    /** The answer of {@link #intern} when the budget has no room. */
    public static final int FULL = NONE;

    public static final int RESOURCE_PREFIX = 0;
    public static final int RESOURCE_SUFFIX = 1;
    public static final int SCOPE_PREFIX = 2;
    public static final int SCOPE_SUFFIX = 3;
    private static final int PARTS = 4;

    private static final int ARRAY_HEADER_BYTES = 16;
    /** Slots, hash, ends, holders and reference of one group. */
    private static final int ENTRY_BYTES = 64;

    private static final int CAPACITY_INITIAL = 32;

    private final Budget budget;
    private final long seed;

    private final byte[][] partBytes = new byte[PARTS][];
    private final int[] partOffset = new int[PARTS];
    private final int[] partLength = new int[PARTS];

    /** Open addressing, linear probing, at most half full: id + 1, or 0. */
    private int[] slots = new int[CAPACITY_INITIAL * 2];

    private byte[][] content = new byte[CAPACITY_INITIAL][];
    private long[] hashes = new long[CAPACITY_INITIAL];
    private int[] ends = new int[CAPACITY_INITIAL * PARTS];
    private int[] holders = new int[CAPACITY_INITIAL];
    private int[] unused = new int[CAPACITY_INITIAL];
    private int unusedCount;
    private int groupCount;

    /** @param seed makes places in the table unpredictable for a sender */
    public HeldGroups(Budget budget, long seed) {
        this.budget = budget;
        this.seed = seed;
        Arrays.fill(content, Bytes.EMPTY);
        addIds(0, CAPACITY_INITIAL);
        clearParts();
    }

    /** Sets one part of the envelope that {@link #intern} looks up; a part that is not set is empty. */
    public void part(int part, byte[] bytes, int offset, int lengthBytes) {
        partBytes[part] = bytes;
        partOffset[part] = offset;
        partLength[part] = lengthBytes;
    }

    /**
     * The id of the envelope of the parts set since the last call, with one hold, which is the caller's; {@link #FULL} when
     * it is new and the budget has no room.
     */
    public int intern() {
        long hash = seed;
        for (int part = 0; part < PARTS; part++) {
            hash = hash(hash, partBytes[part], partOffset[part], partLength[part]);
        }
        int id = find(hash);
        if (id == NONE) {
            id = add(hash);
        } else {
            holders[id]++;
        }
        clearParts();
        return id;
    }

    /** Adds a hold. */
    public void retain(int id) {
        check(id);
        holders[id]++;
    }

    /** Ends a hold; with the last one the group ends. @throws IllegalStateException when it has ended already */
    public void release(int id) {
        check(id);
        if (--holders[id] == 0) {
            remove(id);
        }
    }

    /** The array that holds all four parts. Valid until the group ends. */
    public byte[] bytes(int id) {
        assert holders[id] > 0 : "held group " + id + " is free";
        return content[id];
    }

    /** Where a part begins in {@link #bytes}. */
    public int offset(int id, int part) {
        return part == 0 ? 0 : ends[id * PARTS + part - 1];
    }

    public int lengthBytes(int id, int part) {
        return ends[id * PARTS + part] - offset(id, part);
    }

    public int groupCount() {
        return groupCount;
    }

    private void check(int id) {
        if (id < 0 || id >= holders.length || holders[id] == 0) {
            throw new IllegalStateException("held group " + id + " released twice, or never made");
        }
    }

    /** Continues a hash over a range; the length takes part, so that neighbouring ranges cannot trade bytes. */
    private static long hash(long before, byte[] bytes, int offset, int lengthBytes) {
        long hash = mix(before + lengthBytes);
        int at = offset;
        int end = offset + lengthBytes;
        while (end - at >= Long.BYTES) {
            hash = mix(hash ^ Bytes.longAt(bytes, at));
            at += Long.BYTES;
        }
        long rest = 0;
        while (at < end) {
            rest = rest << 8 | (bytes[at++] & 0xFF);
        }
        return mix(hash ^ rest);
    }

    private static long mix(long value) {
        long mixed = (value ^ value >>> 32) * 0x9E3779B97F4A7C15L;
        return mixed ^ mixed >>> 29;
    }

    private int find(long hash) {
        int mask = slots.length - 1;
        for (int slot = (int) hash & mask; slots[slot] != 0; slot = slot + 1 & mask) {
            int id = slots[slot] - 1;
            if (hashes[id] == hash && matches(id)) {
                return id;
            }
        }
        return NONE;
    }

    private boolean matches(int id) {
        for (int part = 0; part < PARTS; part++) {
            int from = offset(id, part);
            int at = partOffset[part];
            if (!Arrays.equals(
                    content[id], from, ends[id * PARTS + part], partBytes[part], at, at + partLength[part])) {
                return false;
            }
        }
        return true;
    }

    private int add(long hash) {
        int lengthBytes = 0;
        for (int part = 0; part < PARTS; part++) {
            lengthBytes += partLength[part];
        }
        if (!budget.tryTake(chargedBytes(lengthBytes))) {
            return FULL;
        }
        if (unusedCount == 0) {
            grow();
        }
        int id = unused[--unusedCount];
        byte[] bytes = new byte[lengthBytes];
        int at = 0;
        for (int part = 0; part < PARTS; part++) {
            System.arraycopy(partBytes[part], partOffset[part], bytes, at, partLength[part]);
            at += partLength[part];
            ends[id * PARTS + part] = at;
        }
        content[id] = bytes;
        hashes[id] = hash;
        holders[id] = 1;
        groupCount++;
        insertSlot(id);
        return id;
    }

    private void remove(int id) {
        removeSlot(id);
        budget.give(chargedBytes(content[id].length));
        content[id] = Bytes.EMPTY;
        unused[unusedCount++] = id;
        groupCount--;
    }

    private static long chargedBytes(int contentBytes) {
        return ENTRY_BYTES + ((ARRAY_HEADER_BYTES + (long) contentBytes + 7) & -8L);
    }

    private void insertSlot(int id) {
        int mask = slots.length - 1;
        int slot = (int) hashes[id] & mask;
        while (slots[slot] != 0) {
            slot = slot + 1 & mask;
        }
        slots[slot] = id + 1;
    }

    /** Closes the gap by moving back what probing would no longer reach. */
    private void removeSlot(int id) {
        int mask = slots.length - 1;
        int gap = (int) hashes[id] & mask;
        while (slots[gap] != id + 1) {
            gap = gap + 1 & mask;
        }
        for (int slot = gap + 1 & mask; slots[slot] != 0; slot = slot + 1 & mask) {
            int home = (int) hashes[slots[slot] - 1] & mask;
            if ((slot - home & mask) >= (slot - gap & mask)) {
                slots[gap] = slots[slot];
                gap = slot;
            }
        }
        slots[gap] = 0;
    }

    private void grow() {
        int count = holders.length;
        content = Arrays.copyOf(content, count * 2);
        Arrays.fill(content, count, count * 2, Bytes.EMPTY);
        hashes = Arrays.copyOf(hashes, count * 2);
        ends = Arrays.copyOf(ends, count * 2 * PARTS);
        holders = Arrays.copyOf(holders, count * 2);
        unused = Arrays.copyOf(unused, count * 2);
        addIds(count, count * 2);
        slots = new int[count * 4];
        for (int id = 0; id < count; id++) {
            insertSlot(id);
        }
    }

    private void addIds(int from, int to) {
        for (int id = to - 1; id >= from; id--) {
            unused[unusedCount++] = id;
        }
    }

    private void clearParts() {
        Arrays.fill(partBytes, Bytes.EMPTY);
        Arrays.fill(partOffset, 0);
        Arrays.fill(partLength, 0);
    }
}
