package io.spanweir.perf.compare;

import java.util.List;
import java.util.Map;
import java.util.Optional;

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
    static Optional<Double> ratio(Measurement peer, List<Measurement> medians) {
        Phase its = peer.warm();
        if (peer.engine() == Engine.SPANWEIR || its == null) {
            return Optional.empty();
        }
        for (Measurement ours : medians) {
            Phase warm = ours.warm();
            if (ours.engine() == Engine.SPANWEIR && ours.sameCase(peer) && warm != null) {
                return Optional.of(its.cpuNanosPerSpan() / warm.cpuNanosPerSpan());
            }
        }
        return Optional.empty();
    }
}
