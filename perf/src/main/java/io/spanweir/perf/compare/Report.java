package io.spanweir.perf.compare;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * What was measured, and how.
 *
 * @param setting names and values, in the order in which they are to be read
 * @param rounds all measurements, in the order of the runs
 */
record Report(Map<String, String> setting, List<Measurement> rounds) {
    List<Measurement> medians() {
        return Medians.of(rounds);
    }

    /** CPU per span of a peer divided by Spanweir's, after the warm-up; nothing when one of them has no figure. */
    static Optional<Double> cpuRatio(Measurement peer, List<Measurement> medians) {
        return ratio(peer, medians, one -> {
            Phase warm = one.warm();
            return warm == null ? 0 : warm.cpuNanosPerSpan();
        });
    }

    /** As {@link #cpuRatio}, of the largest resident memory. */
    static Optional<Double> memoryRatio(Measurement peer, List<Measurement> medians) {
        return ratio(peer, medians, one -> {
            Phase phase = one.memoryPhase();
            return phase == null ? 0 : phase.residentBytesMax();
        });
    }

    private static Optional<Double> ratio(
            Measurement peer, List<Measurement> medians, ToDoubleFunction<Measurement> figure) {
        double its = figure.applyAsDouble(peer);
        if (peer.engine() == Engine.SPANWEIR || its == 0) {
            return Optional.empty();
        }
        return medians.stream()
                .filter(one -> one.engine() == Engine.SPANWEIR && one.sameCase(peer))
                .map(figure::applyAsDouble)
                .filter(ours -> ours > 0)
                .map(ours -> its / ours)
                .findFirst();
    }
}
