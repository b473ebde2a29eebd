package io.spanweir.perf.compare;

import java.util.Map;

/**
 * What one part of a run showed; of several rounds: the median of each figure.
 *
 * @param seconds that it took
 * @param cpuNanosPerSpan of the engine's process, by accepted span
 * @param engineCore share of a core that the engine used
 * @param latencyP50Nanos of accepted requests
 * @param refusedRequests not accepted, broken connections included
 * @param unsentRequests due and not sent, of an open loop
 * @param residentBytes at the end
 * @param residentBytesMax the largest since the process began
 * @param generatorNanosPerSpan CPU of the load's own thread
 * @param sinkNanosPerSpan CPU of the sink's thread, by accepted span
 * @param loadCoreBusy share of the load's core that was busy, whoever kept it so
 * @param cpuNanosPerSpanByThread {@code cpuNanosPerSpan} by names of threads; those below a hundredth of it are left out
 */
record Phase(
        double seconds,
        double cpuNanosPerSpan,
        double engineCore,
        double spansPerSecond,
        double latencyP50Nanos,
        double latencyP99Nanos,
        double latencyP999Nanos,
        double latencyMaxNanos,
        double refusedRequests,
        double unsentRequests,
        double residentBytes,
        double residentBytesMax,
        double generatorNanosPerSpan,
        double sinkNanosPerSpan,
        double loadCoreBusy,
        Map<String, Double> cpuNanosPerSpanByThread) {
    private static final double BUSY = 0.9;

    Phase {
        cpuNanosPerSpanByThread = Map.copyOf(cpuNanosPerSpanByThread);
    }

    /** Whether the load may have been what limited the rate. */
    boolean loadBound() {
        return loadCoreBusy > BUSY;
    }
}
