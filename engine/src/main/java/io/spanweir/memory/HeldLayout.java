package io.spanweir.memory;

/**
 * One record of held memory: a header, the payload, padding to a multiple of 8. Little-endian ints. A segment is a sequence
 * of records from offset 0 without gaps.
 *
 * <pre>
 *  0        4        8        12       16       20       24
 *  +--------+--------+--------+--------+--------+--------+-----------------+---------+
 *  | length | next   | prev   | group  | items  | owner  | payload         | padding |
 *  +--------+--------+--------+--------+--------+--------+-----------------+---------+
 * </pre>
 *
 * <ul>
 *   <li>length: bytes of the payload; the complement (negative) once the record is free
 *   <li>next, prev: handles of the neighbours in the chain, or -1
 *   <li>group: id in {@link HeldGroups}, or -1
 *   <li>items: spans or log records in the payload
 *   <li>owner: what the listener of a relocation is told, the entry number of the trace
 * </ul>
 */
final class HeldLayout {
    static final int LENGTH_OFFSET = 0;
    static final int NEXT_OFFSET = 4;
    static final int PREVIOUS_OFFSET = 8;
    static final int GROUP_OFFSET = 12;
    static final int ITEM_COUNT_OFFSET = 16;
    static final int OWNER_OFFSET = 20;
    static final int HEADER_BYTES = 24;

    static final int ALIGNMENT_SHIFT = 3;
    static final int PAYLOAD_BYTES_MAX = Integer.MAX_VALUE - 64 - HEADER_BYTES;

    private HeldLayout() {}

    /** Header, payload and padding. */
    static int recordBytes(int payloadBytes) {
        int alignment = 1 << ALIGNMENT_SHIFT;
        return (HEADER_BYTES + payloadBytes + alignment - 1) & -alignment;
    }
}
