package io.spanweir.memory;

import io.spanweir.wire.Bytes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What one component of one lane holds while it waits: records of bytes, chained per trace. Segments come from the pool that
 * all lanes share; everything else is the lane's own, so a record costs no atomic operation.
 *
 * <p>A record is named by a handle: the number of its segment in this memory and its offset in units of 8 bytes, packed in a
 * non-negative int; {@link #NONE} is no record. A handle is valid until the record is freed or moved by {@link #compact}; the
 * array and offsets read through it, until the next call that changes this memory.
 *
 * <p>Records are appended to one open segment. Each segment counts its live bytes and returns to the pool when none is left;
 * the open one stays until {@link #trim} or {@link #close}.
 * A few long-lived records can keep many segments alive; compaction copies the living out of the emptiest segments, a bounded
 * number of bytes a call.
 *
 * <p>With groups given, a record holds its group: reserving retains it, freeing releases it. Threading: lane.
 */
public final class HeldMemory implements AutoCloseable {
    /** No record: the end of a chain, and the answer when memory is full. */
    public static final int NONE = -1;

    /** The answer of {@link #append} and {@link #reserve} when memory is full. */
    public static final int FULL = NONE;

    private static final int SEGMENTS_INITIAL = 16;
    private static final int HANDLE_BITS = 31;

    private final HeldPool pool;
    private final @Nullable HeldGroups groups;
    private final int segmentLengthBytes;
    private final int segmentShift;
    private final int unitMask;
    private final int segmentsMax;

    private byte[][] segments = new byte[SEGMENTS_INITIAL][];
    private int[] usedBytes = new int[SEGMENTS_INITIAL];
    private int[] liveBytes = new int[SEGMENTS_INITIAL];
    private int[] unused = new int[SEGMENTS_INITIAL];
    private int unusedCount;

    private int open = NONE;
    private int victim = NONE;
    private int victimOffset;
    private long heldBytes;
    private long liveBytesTotal;
    private int recordCount;

    public HeldMemory(HeldPool pool) {
        this(pool, null);
    }

    public HeldMemory(HeldPool pool, @Nullable HeldGroups groups) {
        this.pool = pool;
        this.groups = groups;
        this.segmentLengthBytes = pool.segmentLengthBytes();
        int units = segmentLengthBytes >> HeldLayout.ALIGNMENT_SHIFT;
        this.segmentShift = Integer.SIZE - Integer.numberOfLeadingZeros(units - 1);
        this.unitMask = (1 << segmentShift) - 1;
        this.segmentsMax = 1 << Math.min(HANDLE_BITS - segmentShift, HANDLE_BITS - 1);
        addNumbers(0, SEGMENTS_INITIAL);
    }

    /**
     * Copies a record to the end of a chain.
     *
     * @param owner what {@link Relocation} is told
     * @param previousRecord the last record of the chain, or {@link #NONE} to begin one
     * @param group id of the group, or -1
     * @return its handle, or {@link #FULL}, and then nothing has changed
     */
    public int append(
            int owner, int previousRecord, int group, int itemCount, byte[] source, int offset, int lengthBytes) {
        int record = reserve(owner, previousRecord, group, itemCount, lengthBytes);
        if (record != FULL) {
            System.arraycopy(source, offset, bytes(record), payloadOffset(record), lengthBytes);
        }
        return record;
    }

    /** As {@link #append}; the caller writes the payload, whose bytes are arbitrary. */
    public int reserve(int owner, int previousRecord, int group, int itemCount, int lengthBytes) {
        if (lengthBytes < 0 || lengthBytes > HeldLayout.PAYLOAD_BYTES_MAX) {
            throw new IllegalArgumentException("held record of " + lengthBytes + " bytes");
        }
        assert previousRecord == NONE || next(previousRecord) == NONE : "appended after a record that has a next one";
        int record = place(HeldLayout.recordBytes(lengthBytes));
        if (record == FULL) {
            return FULL;
        }
        byte[] bytes = segments[record >>> segmentShift];
        int at = offset(record);
        Bytes.putInt(bytes, at + HeldLayout.LENGTH_OFFSET, lengthBytes);
        Bytes.putInt(bytes, at + HeldLayout.NEXT_OFFSET, NONE);
        Bytes.putInt(bytes, at + HeldLayout.PREVIOUS_OFFSET, previousRecord);
        Bytes.putInt(bytes, at + HeldLayout.GROUP_OFFSET, group);
        Bytes.putInt(bytes, at + HeldLayout.ITEM_COUNT_OFFSET, itemCount);
        Bytes.putInt(bytes, at + HeldLayout.OWNER_OFFSET, owner);
        if (previousRecord != NONE) {
            put(previousRecord, HeldLayout.NEXT_OFFSET, record);
        }
        if (groups != null && group != HeldGroups.NONE) {
            groups.retain(group);
        }
        recordCount++;
        return record;
    }

    /**
     * Shortens the record that was reserved last to what was written.
     *
     * @throws IllegalStateException when another record was reserved since, or the length is not smaller or equal
     */
    public void truncate(int record, int lengthBytes) {
        int number = checkLive(record);
        int at = offset(record);
        int lengthBefore = payloadLength(record);
        int recordBefore = HeldLayout.recordBytes(lengthBefore);
        if (lengthBytes < 0 || lengthBytes > lengthBefore || at + recordBefore != usedBytes[number]) {
            throw new IllegalStateException("held record of " + lengthBefore + " bytes truncated to " + lengthBytes);
        }
        int saved = recordBefore - HeldLayout.recordBytes(lengthBytes);
        Bytes.putInt(segments[number], at + HeldLayout.LENGTH_OFFSET, lengthBytes);
        usedBytes[number] -= saved;
        liveBytes[number] -= saved;
        liveBytesTotal -= saved;
    }

    /** The array that holds the record. */
    public byte[] bytes(int record) {
        assert isLive(record) : "held record " + record + " is free";
        return segments[record >>> segmentShift];
    }

    /** Where the payload begins in {@link #bytes}. */
    public int payloadOffset(int record) {
        return offset(record) + HeldLayout.HEADER_BYTES;
    }

    public int payloadLength(int record) {
        return get(record, HeldLayout.LENGTH_OFFSET);
    }

    /** The next record of the chain, or {@link #NONE}. */
    public int next(int record) {
        return get(record, HeldLayout.NEXT_OFFSET);
    }

    /** The record before in the chain, or {@link #NONE}. */
    public int previous(int record) {
        return get(record, HeldLayout.PREVIOUS_OFFSET);
    }

    public int group(int record) {
        return get(record, HeldLayout.GROUP_OFFSET);
    }

    public int itemCount(int record) {
        return get(record, HeldLayout.ITEM_COUNT_OFFSET);
    }

    public int owner(int record) {
        return get(record, HeldLayout.OWNER_OFFSET);
    }

    /**
     * Frees one record and joins its neighbours. The caller adapts what it remembers as first and last.
     *
     * @throws IllegalStateException when the record is free already
     */
    public void free(int record) {
        checkLive(record);
        int next = next(record);
        int previous = previous(record);
        if (next != NONE) {
            put(next, HeldLayout.PREVIOUS_OFFSET, previous);
        }
        if (previous != NONE) {
            put(previous, HeldLayout.NEXT_OFFSET, next);
        }
        release(record);
    }

    /** Frees a record and all after it; {@link #NONE} is nothing. Returns the number of records freed. */
    public int freeChain(int first) {
        int freed = 0;
        int record = first;
        if (record != NONE) {
            checkLive(record);
            int previous = previous(record);
            if (previous != NONE) {
                put(previous, HeldLayout.NEXT_OFFSET, NONE);
            }
        }
        while (record != NONE) {
            checkLive(record);
            int next = next(record);
            release(record);
            record = next;
            freed++;
        }
        return freed;
    }

    /**
     * Copies living records out of the segments that are less than half alive, the emptiest first, so that these return to
     * the pool. Needs no room: when the open segment is full and the pool has none, the records of such a segment are moved
     * together within it, and it becomes the open one. Called between batches, while the pool is above its high-water mark.
     *
     * @param workBytesMax ends the call after looking at or copying about this many bytes, at most a segment more, so that a
     *     turn stays bounded
     * @return bytes looked at or copied; 0 when there is nothing worth moving
     */
    public int compact(int workBytesMax, Relocation relocation) {
        int work = 0;
        while (work < workBytesMax && chooseVictim()) {
            int from = handle(victim, victimOffset);
            byte[] bytes = segments[victim];
            int length = Bytes.intAt(bytes, victimOffset + HeldLayout.LENGTH_OFFSET);
            if (length < 0) {
                victimOffset += HeldLayout.recordBytes(~length);
                work += HeldLayout.HEADER_BYTES;
                continue;
            }
            int recordBytes = HeldLayout.recordBytes(length);
            int to = place(recordBytes);
            if (to == FULL) {
                work += slideVictim(relocation);
                continue;
            }
            victimOffset += recordBytes;
            work += recordBytes;
            System.arraycopy(bytes, offset(from), segments[to >>> segmentShift], offset(to), recordBytes);
            relink(from, to, relocation);
            markFree(from);
        }
        return work;
    }

    /** Returns the open segment to the pool when it holds nothing. Who holds nothing must not keep others from receiving. */
    public void trim() {
        if (open != NONE && liveBytes[open] == 0) {
            returnSegment(open);
        }
    }

    /** Bytes of the segments that this memory has from the pool. */
    public long heldBytes() {
        return heldBytes;
    }

    /** Bytes of live records with their headers. */
    public long liveBytes() {
        return liveBytesTotal;
    }

    public int recordCount() {
        return recordCount;
    }

    /** Returns all segments to the pool, and releases the groups of what was still held. */
    @Override
    public void close() {
        for (int number = 0; number < segments.length; number++) {
            if (segments[number].length > 0) {
                closeSegment(number);
            }
        }
    }

    private void closeSegment(int number) {
        int at = 0;
        while (at < usedBytes[number]) {
            int length = Bytes.intAt(segments[number], at + HeldLayout.LENGTH_OFFSET);
            if (length >= 0) {
                releaseGroup(handle(number, at));
                recordCount--;
            }
            at += HeldLayout.recordBytes(length < 0 ? ~length : length);
        }
        liveBytesTotal -= liveBytes[number];
        liveBytes[number] = 0;
        returnSegment(number);
    }

    private int place(int recordBytes) {
        int number = open;
        if (recordBytes > segmentLengthBytes) {
            number = takeSegment(recordBytes);
        } else if (number == NONE || recordBytes > segmentLengthBytes - usedBytes[number]) {
            number = takeSegment(segmentLengthBytes);
            if (number != NONE) {
                open = number;
            }
        }
        if (number == NONE) {
            return FULL;
        }
        int at = usedBytes[number];
        usedBytes[number] = at + recordBytes;
        liveBytes[number] += recordBytes;
        liveBytesTotal += recordBytes;
        return handle(number, at);
    }

    private int takeSegment(int lengthBytes) {
        if (unusedCount == 0 && !growNumbers()) {
            return NONE;
        }
        byte[] bytes = pool.take(lengthBytes);
        if (bytes == null) {
            return NONE;
        }
        int number = unused[--unusedCount];
        segments[number] = bytes;
        usedBytes[number] = 0;
        liveBytes[number] = 0;
        heldBytes += bytes.length;
        return number;
    }

    private boolean growNumbers() {
        int count = segments.length;
        int wanted = Math.min(count * 2, segmentsMax);
        if (wanted <= count) {
            return false;
        }
        segments = Arrays.copyOf(segments, wanted);
        usedBytes = Arrays.copyOf(usedBytes, wanted);
        liveBytes = Arrays.copyOf(liveBytes, wanted);
        unused = Arrays.copyOf(unused, wanted);
        addNumbers(count, wanted);
        return true;
    }

    private void addNumbers(int from, int to) {
        for (int number = to - 1; number >= from; number--) {
            segments[number] = Bytes.EMPTY;
            unused[unusedCount++] = number;
        }
    }

    private void release(int record) {
        releaseGroup(record);
        recordCount--;
        markFree(record);
    }

    private void releaseGroup(int record) {
        if (groups != null) {
            int group = group(record);
            if (group != HeldGroups.NONE) {
                groups.release(group);
            }
        }
    }

    private void markFree(int record) {
        int number = record >>> segmentShift;
        byte[] bytes = segments[number];
        int at = offset(record);
        int length = Bytes.intAt(bytes, at + HeldLayout.LENGTH_OFFSET);
        int recordBytes = HeldLayout.recordBytes(length);
        Bytes.putInt(bytes, at + HeldLayout.LENGTH_OFFSET, ~length);
        assert SegmentPool.poison(bytes, at + HeldLayout.NEXT_OFFSET, at + recordBytes);
        liveBytes[number] -= recordBytes;
        liveBytesTotal -= recordBytes;
        if (liveBytes[number] < 0) {
            throw new IllegalStateException("held segment " + number + ": more bytes freed than were held");
        }
        if (liveBytes[number] == 0) {
            if (number == open) {
                usedBytes[number] = 0;
            } else {
                returnSegment(number);
            }
        }
    }

    private void returnSegment(int number) {
        byte[] bytes = segments[number];
        segments[number] = Bytes.EMPTY;
        usedBytes[number] = 0;
        unused[unusedCount++] = number;
        heldBytes -= bytes.length;
        if (number == victim) {
            victim = NONE;
        }
        if (number == open) {
            open = NONE;
        }
        pool.give(bytes);
    }

    /** Whether there is a segment to move records out of. Looks at each segment once for each one emptied. */
    private boolean chooseVictim() {
        if (victim != NONE) {
            return true;
        }
        int least = segmentLengthBytes / 2;
        for (int number = 0; number < segments.length; number++) {
            if (segments[number].length == segmentLengthBytes && number != open && liveBytes[number] < least) {
                least = liveBytes[number];
                victim = number;
            }
        }
        victimOffset = 0;
        return victim != NONE;
    }

    /** Moves the living records of the victim to its front, lowest first, and opens it. Returns bytes looked at or copied. */
    private int slideVictim(Relocation relocation) {
        int number = victim;
        byte[] bytes = segments[number];
        int from = victimOffset;
        int end = usedBytes[number];
        int to = 0;
        while (from < end) {
            int length = Bytes.intAt(bytes, from + HeldLayout.LENGTH_OFFSET);
            int recordBytes = HeldLayout.recordBytes(length < 0 ? ~length : length);
            if (length >= 0) {
                if (to < from) {
                    System.arraycopy(bytes, from, bytes, to, recordBytes);
                    relink(handle(number, from), handle(number, to), relocation);
                }
                to += recordBytes;
            }
            from += recordBytes;
        }
        assert SegmentPool.poison(bytes, to, end);
        usedBytes[number] = to;
        victim = NONE;
        open = number;
        return end - victimOffset;
    }

    private void relink(int from, int to, Relocation relocation) {
        int next = next(to);
        int previous = previous(to);
        if (next != NONE) {
            put(next, HeldLayout.PREVIOUS_OFFSET, to);
        }
        if (previous != NONE) {
            put(previous, HeldLayout.NEXT_OFFSET, to);
        }
        if (next == NONE || previous == NONE) {
            relocation.moved(owner(to), from, to);
        }
    }

    private int handle(int number, int offset) {
        return number << segmentShift | offset >> HeldLayout.ALIGNMENT_SHIFT;
    }

    private int offset(int record) {
        return (record & unitMask) << HeldLayout.ALIGNMENT_SHIFT;
    }

    private int get(int record, int fieldOffset) {
        assert isLive(record) : "held record " + record + " is free";
        return Bytes.intAt(segments[record >>> segmentShift], offset(record) + fieldOffset);
    }

    private void put(int record, int fieldOffset, int value) {
        assert isLive(record) : "held record " + record + " is free";
        Bytes.putInt(segments[record >>> segmentShift], offset(record) + fieldOffset, value);
    }

    private boolean isLive(int record) {
        int number = record >>> segmentShift;
        return record >= 0
                && number < segments.length
                && offset(record) < usedBytes[number]
                && Bytes.intAt(segments[number], offset(record)) >= 0;
    }

    private int checkLive(int record) {
        if (!isLive(record)) {
            throw new IllegalStateException("held record " + record + " freed twice, or never made");
        }
        return record >>> segmentShift;
    }
}
