package io.spanweir.trace;

/** A doubly linked list through one word of the entries of a trace table. Threading: lane. */
final class EntryList {
    private final TraceTable table;
    private final int linksWord;
    private int first = TraceTable.NONE;
    private int last = TraceTable.NONE;
    private int size;

    EntryList(TraceTable table, int linksWord) {
        this.table = table;
        this.linksWord = linksWord;
    }

    int first() {
        return first;
    }

    int last() {
        return last;
    }

    int size() {
        return size;
    }

    int next(int entry) {
        return table.nextLink(entry, linksWord);
    }

    void append(int entry) {
        table.setPreviousLink(entry, linksWord, last);
        table.setNextLink(entry, linksWord, TraceTable.NONE);
        if (last == TraceTable.NONE) {
            first = entry;
        } else {
            table.setNextLink(last, linksWord, entry);
        }
        last = entry;
        size++;
    }

    void remove(int entry) {
        int next = table.nextLink(entry, linksWord);
        int previous = table.previousLink(entry, linksWord);
        if (previous == TraceTable.NONE) {
            first = next;
        } else {
            table.setNextLink(previous, linksWord, next);
        }
        if (next == TraceTable.NONE) {
            last = previous;
        } else {
            table.setPreviousLink(next, linksWord, previous);
        }
        size--;
    }
}
