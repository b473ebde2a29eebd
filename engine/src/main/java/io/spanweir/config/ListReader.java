package io.spanweir.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A list on its way into a record. The lists it returns cannot be changed. Threading: one thread at a time. */
public final class ListReader<T> {
    private final Option option;
    private final @Nullable List<T> items;
    private final boolean broken;

    ListReader(Option option, @Nullable List<T> items, boolean broken) {
        this.option = option;
        this.items = items;
        this.broken = broken;
    }

    /** At most that many items; more is a problem. */
    public ListReader<T> atMost(int count) {
        if (items != null && items.size() > count) {
            option.error("has " + items.size() + " items; at most " + count + " are allowed");
        }
        return this;
    }

    /** The list, or an empty one when there is none. */
    public List<T> orEmpty() {
        return items == null ? List.of() : items;
    }

    /** The list, or the default when there is none or it is null; an empty list stays empty. */
    public List<T> or(List<T> defaultItems) {
        return items == null ? List.copyOf(defaultItems) : items;
    }

    /** The list, or null when there is none or it is null. */
    public @Nullable List<T> orNull() {
        return items;
    }

    /** The list; absence and emptiness are a problem. */
    public List<T> notEmpty() {
        if (items == null && !broken) {
            option.missing();
        } else if (items != null && items.isEmpty()) {
            option.error("must have at least one item");
        }
        return orEmpty();
    }
}
