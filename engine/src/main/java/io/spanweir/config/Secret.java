package io.spanweir.config;

/**
 * Text that must not appear in logs, messages and printed configurations. Threading: any thread, immutable.
 */
public final class Secret {
    /** What is shown instead. */
    public static final String MASKED = "<masked>";

    private final String text;

    private Secret(String text) {
        this.text = text;
    }

    public static Secret of(String text) {
        return new Secret(text);
    }

    /** The text itself, for the one place that sends it. */
    public String reveal() {
        return text;
    }

    public boolean isEmpty() {
        return text.isEmpty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && text.equals(secret.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** Never the text. */
    @Override
    public String toString() {
        return MASKED;
    }
}
