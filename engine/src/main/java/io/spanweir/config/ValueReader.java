package io.spanweir.config;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One option on its way into a record: rules first, then one of {@link #or}, {@link #orNull} and {@link #required}. What
 * breaks a rule is reported where it stands and counts as absent. Threading: one thread at a time.
 */
public sealed class ValueReader<T> permits RangeReader {
    private final Option option;
    private @Nullable T value;
    private boolean broken;
    private T harmless;

    ValueReader(Option option, @Nullable T value, boolean broken, T harmless) {
        this.option = option;
        this.value = value;
        this.broken = broken;
        this.harmless = harmless;
    }

    final Option option() {
        return option;
    }

    final @Nullable T value() {
        return value;
    }

    final void harmless(T better) {
        this.harmless = better;
    }

    final void refuse(String message) {
        option.error(message);
        value = null;
        broken = true;
    }

    /**
     * A rule of the option's own.
     *
     * @param message continues the sentence that begins with the value: {@code must end with "/"}
     */
    public ValueReader<T> matching(Predicate<? super T> rule, String message) {
        if (value != null && !rule.test(value)) {
            refuse(option.shown() + " " + message);
        }
        return this;
    }

    /** The value, or the default when there is none or it is null. */
    public T or(T defaultValue) {
        return value == null ? defaultValue : value;
    }

    /** The value, or null when there is none or it is null. */
    public @Nullable T orNull() {
        return value;
    }

    /** The value; absence is a problem, and then this is some value that does no harm. */
    public T required() {
        if (value == null) {
            if (!broken) {
                option.missing();
            }
            return harmless;
        }
        if (value instanceof String text && text.isEmpty()) {
            option.error("must not be empty");
        }
        return value;
    }
}
