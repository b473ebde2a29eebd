package io.spanweir.component;

/**
 * How one attempt to send ended.
 *
 * @param rejectedItems items the backend rejected of a request that it took in part; they are lost and must not be sent again
 * @param message empty, or what the backend or the connection said, as a sentence
 * @param retryDelayNanos the least delay that the backend asked for before another attempt; 0 when it did not
 */
public record SendOutcome(Kind kind, long rejectedItems, String message, long retryDelayNanos) {
    public enum Kind {
        SENT,
        /** The same request may be sent again. */
        RETRYABLE,
        /** Sending it again is of no use. */
        PERMANENT
    }

    private static final SendOutcome SENT = new SendOutcome(Kind.SENT, 0, "", 0);

    public static SendOutcome sent() {
        return SENT;
    }

    /** The backend took the request but rejected some items, or (0) only had something to say. */
    public static SendOutcome partial(long rejectedItems, String message) {
        return new SendOutcome(Kind.SENT, rejectedItems, message, 0);
    }

    public static SendOutcome retryable(String message, long retryDelayNanos) {
        return new SendOutcome(Kind.RETRYABLE, 0, message, retryDelayNanos);
    }

    public static SendOutcome permanent(String message) {
        return new SendOutcome(Kind.PERMANENT, 0, message, 0);
    }
}
