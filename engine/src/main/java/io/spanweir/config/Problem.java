package io.spanweir.config;

/**
 * One thing that is wrong, or worth a look, in the configuration. Threading: any thread, immutable.
 *
 * @param path the option, as in {@code processors.tail_sampling.policies[2].name}; empty for a whole source
 * @param message what was found, what is allowed, what to do; continues a sentence that begins with the option
 */
public record Problem(Severity severity, Position position, String path, String message) {
    /** Whether the configuration can be used in spite of the problem. */
    public enum Severity {
        /** The configuration is refused. */
        ERROR,
        /** The configuration works, but not as its author may think. */
        WARNING
    }

    /** {@code gateway.yaml:14:21: processors.tail_sampling.decision_wait: "30" has no unit; …}. */
    @Override
    public String toString() {
        return path.isEmpty() ? position + ": " + message : position + ": " + path + ": " + message;
    }
}
