package io.spanweir.trace;

/**
 * The traces that wait for one constant time, first in, first out: their deadlines are in the order in which they came, so no
 * heap or wheel is needed. An entry is in one deadline list at most; moving it to another is a removal and an append, both
 * O(1). Threading: lane.
 */
public final class DeadlineList {
    /** What {@link #firstDeadlineNanos} answers for an empty list. */
    public static final long NEVER = Long.MAX_VALUE;

    private static final int LISTS_MAX = TraceLayout.DEADLINE_LIST_MASK - 1;

    private final TraceTable table;
    private final EntryList list;
    private final int mark;
    private final long waitNanos;

    /**
     * @param number 0 to 253, different for each list of the table
     * @param waitNanos how long an entry waits in this list
     */
    public DeadlineList(TraceTable table, int number, long waitNanos) {
        if (number < 0 || number >= LISTS_MAX || waitNanos < 0) {
            throw new IllegalArgumentException("deadline list " + number + " with a wait of " + waitNanos + " ns");
        }
        this.table = table;
        this.list = new EntryList(table, TraceLayout.DEADLINE_LINKS);
        this.mark = number + 1;
        this.waitNanos = waitNanos;
    }

    public long waitNanos() {
        return waitNanos;
    }

    /**
     * Puts an entry at the end, with a deadline of now and the wait, or that of the entry before if it is later.
     *
     * @throws IllegalStateException when it is in a deadline list already
     */
    public void append(int entry, long nowNanos) {
        int membership = table.membership(entry);
        if ((membership & TraceLayout.DEADLINE_LIST_MASK) != 0) {
            throw new IllegalStateException("trace entry " + entry + " is in deadline list "
                    + ((membership & TraceLayout.DEADLINE_LIST_MASK) - 1) + " already");
        }
        long deadline = nowNanos + waitNanos;
        int last = list.last();
        if (last != TraceTable.NONE) {
            deadline = Math.max(deadline, table.deadlineNanos(last));
        }
        table.setDeadlineNanos(entry, deadline);
        table.setMembership(entry, membership | mark);
        list.append(entry);
    }

    /** Takes an entry out. @throws IllegalStateException when it is not in this list */
    public void remove(int entry) {
        if (!contains(entry)) {
            throw new IllegalStateException("trace entry " + entry + " is not in deadline list " + (mark - 1));
        }
        table.setMembership(entry, table.membership(entry) & ~TraceLayout.DEADLINE_LIST_MASK);
        list.remove(entry);
    }

    public boolean contains(int entry) {
        return (table.membership(entry) & TraceLayout.DEADLINE_LIST_MASK) == mark;
    }

    /** The entry that is due first, or {@link TraceTable#NONE}. */
    public int first() {
        return list.first();
    }

    /** The entry that is due after this one, or {@link TraceTable#NONE}. */
    public int next(int entry) {
        return list.next(entry);
    }

    /** The entry that is due first, if its deadline has come; else {@link TraceTable#NONE}. It stays in the list. */
    public int firstDue(long nowNanos) {
        int first = list.first();
        return first != TraceTable.NONE && table.deadlineNanos(first) <= nowNanos ? first : TraceTable.NONE;
    }

    /** For the timer of the list. */
    public long firstDeadlineNanos() {
        int first = list.first();
        return first == TraceTable.NONE ? NEVER : table.deadlineNanos(first);
    }

    public int size() {
        return list.size();
    }
}
