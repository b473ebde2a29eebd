package io.spanweir.receiver.otlp;

/**
 * What became of one request, before it is put into the words of a transport. Threading: any thread, immutable.
 *
 * @param message empty for {@link Kind#ACCEPTED}
 * @param retryDelayNanos after which the sender should try again; 0 when trying again is of no use or the delay is unknown
 */
record Answer(Kind kind, String message, long retryDelayNanos) {
    /** The situations of OTLP, with what they are on either transport. Source: OTLP specification, "Failures". */
    enum Kind {
        ACCEPTED(200, 0),
        /** No room, or the receiver stops: later it may work. UNAVAILABLE. */
        REFUSED(503, 14),
        /** Not a request of OTLP. INVALID_ARGUMENT. */
        MALFORMED(400, 3),
        /** RESOURCE_EXHAUSTED without a retry time: never again. */
        TOO_LARGE(413, 8),
        /** A destination did not take it, but may later. UNAVAILABLE. */
        FAILED_FOR_NOW(503, 14),
        /** A destination will never take it, or a defect of ours. INTERNAL. */
        FAILED(500, 13);

        private final int httpStatus;
        private final int grpcCode;

        Kind(int httpStatus, int grpcCode) {
            this.httpStatus = httpStatus;
            this.grpcCode = grpcCode;
        }

        int httpStatus() {
            return httpStatus;
        }

        /** As in {@code grpc-status} and {@code google.rpc.Status}. */
        int grpcCode() {
            return grpcCode;
        }
    }

    /** Where the answer goes: once, from any thread. */
    interface Target {
        void answer(Answer answer);
    }

    /** Go clients give up when told to wait longer than their deadline allows. */
    private static final long STOPPING_DELAY_NANOS = 1_000_000_000L;

    static final Answer ACCEPTED = new Answer(Kind.ACCEPTED, "", 0);
    static final Answer STOPPING = new Answer(Kind.REFUSED, "the receiver is shutting down", STOPPING_DELAY_NANOS);
    static final Answer INTERNAL_ERROR = new Answer(Kind.FAILED, "internal error", 0);

    static Answer refused(String why, long retryDelayNanos) {
        return new Answer(Kind.REFUSED, why, retryDelayNanos);
    }

    static Answer malformed(String problem) {
        return new Answer(Kind.MALFORMED, problem, 0);
    }

    static Answer tooLarge(int limitBytes) {
        return new Answer(Kind.TOO_LARGE, "request is larger than " + limitBytes + " bytes", 0);
    }

    /** What a settlement says. */
    static Answer settled(String failure, boolean retryable) {
        if (failure.isEmpty()) {
            return ACCEPTED;
        }
        return new Answer(retryable ? Kind.FAILED_FOR_NOW : Kind.FAILED, failure, 0);
    }
}
