package io.spanweir.perf.compare;

import org.jspecify.annotations.Nullable;

/**
 * One process of one engine, from start to end.
 *
 * @param round 1 for the first; 0: medians of all, of what is counted: sums
 * @param problem why there are no figures, or what is wrong with them; empty when all is well
 * @param startMillis from the start of the process to the first accepted request
 * @param idleBytes resident, a second after that
 * @param first the fresh process: of a paced case at its rate, otherwise at full speed
 * @param warm what followed
 * @param acceptedSpans in the whole life of the process
 * @param sinkSpans that arrived at the sink in that time
 * @param sinkBytes of messages that arrived there, compressed where they were
 * @param bytesPerSpan of a message as it was made, before compression
 * @param lastRefusal the last answer that was no success; empty when there was none
 */
record Measurement(
        CompareCase what,
        Engine engine,
        int spansPerRequest,
        int round,
        String problem,
        double startMillis,
        double idleBytes,
        @Nullable Phase first,
        @Nullable Phase warm,
        double acceptedSpans,
        double sinkSpans,
        double sinkBytes,
        double bytesPerSpan,
        String lastRefusal) {

    static Measurement failed(CompareCase what, Engine engine, int spansPerRequest, int round, String problem) {
        return new Measurement(what, engine, spansPerRequest, round, problem, 0, 0, null, null, 0, 0, 0, 0, "");
    }

    /** Whether the sink got another number of spans than were accepted, where it must get all. */
    boolean lossy() {
        return warm != null && what.work().deliversAll() && acceptedSpans != sinkSpans;
    }

    /** Bytes of messages that wait for their decision at the rate of a phase; 0 for work that does not wait. */
    double waitingBytes(Phase phase) {
        return what.work() == Work.TAIL_SAMPLING
                ? phase.spansPerSecond() * WorkConfig.DECISION_WAIT_SECONDS * bytesPerSpan
                : 0;
    }

    /** Where memory is read: of a paced case the first phase, because full speed leaves a larger heap behind. */
    @Nullable
    Phase memoryPhase() {
        return what.paced() ? first : warm;
    }

    boolean sameCase(Measurement other) {
        return what == other.what && spansPerRequest == other.spansPerRequest;
    }
}
