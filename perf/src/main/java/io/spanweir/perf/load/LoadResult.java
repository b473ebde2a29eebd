package io.spanweir.perf.load;

/**
 * What a run of the generator saw.
 *
 * @param acceptedRequests answered with success
 * @param refusedRequests answered with anything else, or not answered because a connection broke
 * @param unsentRequests of an open loop: those that were due and had not been sent when the time was over
 * @param lastProblem the last refusal; empty when there was none
 * @param wallNanos from the first request to the last answer
 * @param cpuNanos of the generator's thread
 * @param latency of accepted requests: closed loop from the sending, open loop from the moment at which it was due
 */
public record LoadResult(
        int spansPerRequest,
        long acceptedRequests,
        long refusedRequests,
        long unsentRequests,
        String lastProblem,
        long wallNanos,
        long cpuNanos,
        LatencyHistogram latency) {

    public long acceptedSpans() {
        return acceptedRequests * spansPerRequest;
    }
}
