package io.spanweir.trace;

/**
 * One entry of the trace table, in longs. Words of two ints name the low half first.
 *
 * <pre>
 *  word  63                      32 31                       0
 *  0     | trace id, first 8 bytes                            |
 *  1     | trace id, last 8 bytes                             |
 *  2     | arrival of the first item, monotonic nanoseconds   |
 *  3     | deadline, monotonic nanoseconds                    |
 *  4     | flags                   | item count               |
 *  5     | membership              | policy                   |
 *  6     | bytes held                                         |
 *  7     | last record             | first record             |
 *  8     | next by deadline        | previous by deadline     |
 *  9     | next by arrival         | previous by arrival      |
 *  10    | threshold                                          |
 *  11..  | summary: bits, minimum start, maximum end, facts   |
 * </pre>
 *
 * Membership: bit 31 the entry is free, bit 30 it is in the arrival list, bits 0 to 7 number of its deadline list + 1, or 0.
 * A free entry has the next free entry of its chunk in word 0.
 */
final class TraceLayout {
    static final int ID_HIGH = 0;
    static final int ID_LOW = 1;
    static final int FIRST_ARRIVAL = 2;
    static final int DEADLINE = 3;
    static final int ITEM_COUNT_AND_FLAGS = 4;
    static final int POLICY_AND_MEMBERSHIP = 5;
    static final int HELD_BYTES = 6;
    static final int RECORDS = 7;
    static final int DEADLINE_LINKS = 8;
    static final int ARRIVAL_LINKS = 9;
    static final int THRESHOLD = 10;
    static final int SUMMARY = 11;

    static final int FREE_BIT = 1 << 31;
    static final int ARRIVAL_BIT = 1 << 30;
    static final int DEADLINE_LIST_MASK = 0xFF;

    private TraceLayout() {}
}
