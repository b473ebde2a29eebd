package io.spanweir.trace;

/**
 * The undecided traces of a lane in the order of their first arrival, beside the deadline lists: what pressure decides is the
 * oldest first, whatever it waits for. Threading: lane.
 */
public final class ArrivalList {
    /** What {@link #oldestNanos} answers for an empty list; the same as {@code Pressure.NOTHING_WAITS}. */
    public static final long NOTHING_WAITS = Long.MAX_VALUE;

    private final TraceTable table;
    private final EntryList list;

    public ArrivalList(TraceTable table) {
        this.table = table;
        this.list = new EntryList(table, TraceLayout.ARRIVAL_LINKS);
    }

    /** Puts an entry that was just inserted at the end. @throws IllegalStateException when it is in the list already */
    public void append(int entry) {
        if (contains(entry)) {
            throw new IllegalStateException("trace entry " + entry + " is in the arrival list already");
        }
        assert list.last() == TraceTable.NONE || table.firstArrivalNanos(list.last()) <= table.firstArrivalNanos(entry)
                : "trace entry " + entry + " arrived before the one before it";
        table.setMembership(entry, table.membership(entry) | TraceLayout.ARRIVAL_BIT);
        list.append(entry);
    }

    /** Takes an entry out. @throws IllegalStateException when it is not in the list */
    public void remove(int entry) {
        if (!contains(entry)) {
            throw new IllegalStateException("trace entry " + entry + " is not in the arrival list");
        }
        table.setMembership(entry, table.membership(entry) & ~TraceLayout.ARRIVAL_BIT);
        list.remove(entry);
    }

    public boolean contains(int entry) {
        return (table.membership(entry) & TraceLayout.ARRIVAL_BIT) != 0;
    }

    /** The oldest entry, or {@link TraceTable#NONE}. */
    public int first() {
        return list.first();
    }

    public int next(int entry) {
        return list.next(entry);
    }

    /** The oldest entry if it began before a position in monotonic nanoseconds; else {@link TraceTable#NONE}. */
    public int firstBefore(long positionNanos) {
        int first = list.first();
        return first != TraceTable.NONE && table.firstArrivalNanos(first) < positionNanos ? first : TraceTable.NONE;
    }

    /** What a lane publishes to {@code Pressure}. */
    public long oldestNanos() {
        int first = list.first();
        return first == TraceTable.NONE ? NOTHING_WAITS : table.firstArrivalNanos(first);
    }

    public int size() {
        return list.size();
    }
}
