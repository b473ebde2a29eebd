package io.spanweir.processor.tailsampling;

import io.spanweir.sampling.Threshold;

/**
 * What one policy says of a trace, as a long: a rejection threshold from 0 says sampled, with the probability that the threshold
 * states. Threading: any thread.
 */
final class Vote {
    static final long SAMPLED = Threshold.ALWAYS;
    static final long NOT_SAMPLED = -1;

    /** Sampled by something that is not a function of the trace's randomness: no threshold states the probability. */
    static final long SAMPLED_UNKNOWN = -2;

    static final long DROPPED = -3;

    private Vote() {}

    static boolean isSampled(long vote) {
        return vote >= 0 || vote == SAMPLED_UNKNOWN;
    }

    static long ofMatch(boolean matches) {
        return matches ? SAMPLED : NOT_SAMPLED;
    }

    /** Of two policies that both sampled and both had to: the stricter threshold. */
    static long both(long one, long other) {
        return one == SAMPLED_UNKNOWN || other == SAMPLED_UNKNOWN ? SAMPLED_UNKNOWN : Math.max(one, other);
    }
}
