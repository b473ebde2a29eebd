package io.spanweir.config;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An option with an order: numbers, durations, sizes. Threading: one thread at a time. */
public final class RangeReader<T extends Comparable<T>> extends ValueReader<T> {
    private final Function<T, String> format;

    RangeReader(Option option, @Nullable T value, boolean broken, T harmless, Function<T, String> format) {
        super(option, value, broken, harmless);
        this.format = format;
    }

    /** More than the bound. */
    public RangeReader<T> above(T bound) {
        T value = value();
        if (value != null && value.compareTo(bound) <= 0) {
            refuse(option().shown() + " is too small; write more than " + format.apply(bound));
        }
        return this;
    }

    /** The bound or more. */
    public RangeReader<T> atLeast(T bound) {
        harmless(bound);
        T value = value();
        if (value != null && value.compareTo(bound) < 0) {
            refuse(option().shown() + " is too small; write " + format.apply(bound) + " or more");
        }
        return this;
    }

    /** The bound or less. */
    public RangeReader<T> atMost(T bound) {
        T value = value();
        if (value != null && value.compareTo(bound) > 0) {
            refuse(option().shown() + " is too large; write " + format.apply(bound) + " or less");
        }
        return this;
    }

    /** Less than the bound. */
    public RangeReader<T> below(T bound) {
        T value = value();
        if (value != null && value.compareTo(bound) >= 0) {
            refuse(option().shown() + " is too large; write less than " + format.apply(bound));
        }
        return this;
    }
}
