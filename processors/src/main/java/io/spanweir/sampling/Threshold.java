package io.spanweir.sampling;

/**
 * Rejection thresholds of consistent probability sampling: a trace is kept when its 56-bit randomness is at least the
 * threshold. A threshold is a long from {@link #ALWAYS} to {@link #NEVER}; {@link #ABSENT} stands for an unknown one.
 * Source: OpenTelemetry, "TraceState: Probability Sampling". Threading: any thread.
 */
public final class Threshold {
    /** Keeps everything: {@code th:0}. */
    public static final long ALWAYS = 0;

    /** Keeps nothing: above every randomness. It has no encoding. */
    public static final long NEVER = 1L << 56;

    /** No threshold is known: the probability with which a trace was kept so far is unknown. */
    public static final long ABSENT = -1;

    /** Most hexadecimal digits of a threshold, and all digits of a randomness. */
    public static final int DIGITS_MAX = 14;

    /** Digits behind the leading {@code f} or {@code 0} digits that samplers write when nothing else is asked for. */
    public static final int DEFAULT_PRECISION = 4;

    /** The smallest probability above 0. */
    public static final double PROBABILITY_MIN = 0x1p-56;

    private static final double SPACE = 0x1p56;

    private Threshold() {}

    /**
     * The threshold of a probability, rounded half up to a number of digits that grows with the leading {@code f} or {@code 0}
     * digits, so that the relative error stays below about 16^-precision. The rule is that of the collector's
     * {@code pkg/sampling}.
     *
     * @param probability 0 to 1; below {@link #PROBABILITY_MIN} nothing is kept
     * @param precision 1 to 14 digits
     */
    public static long of(double probability, int precision) {
        assert precision >= 1 && precision <= DIGITS_MAX : precision;
        if (!(probability >= PROBABILITY_MIN)) {
            return NEVER;
        }
        if (probability >= 1) {
            return ALWAYS;
        }
        int extra = Math.max(leadingDigits(probability), leadingDigits(1 - probability));
        int digits = Math.min(DIGITS_MAX, precision + extra);
        // 1 - p first would lose bits: 2^56 - round(p * 2^56) is exact.
        long exact = NEVER - Math.round(probability * SPACE);
        int shift = 4 * (DIGITS_MAX - digits);
        if (shift == 0) {
            return exact;
        }
        return ((exact + (1L << (shift - 1))) >>> shift) << shift;
    }

    /** The threshold of a probability with all 14 digits. */
    public static long exactly(double probability) {
        return of(probability, DIGITS_MAX);
    }

    /** The probability that a threshold stands for: 2^-56 to 1, or 0 for {@link #NEVER}. */
    public static double probability(long threshold) {
        return (NEVER - threshold) / SPACE;
    }

    /** How many traces one that was kept stands for; infinite for {@link #NEVER}. */
    public static double adjustedCount(long threshold) {
        return SPACE / (NEVER - threshold);
    }

    /** Whether a trace of this randomness is kept. */
    public static boolean keeps(long threshold, long randomness) {
        return randomness >= threshold;
    }

    /** The larger of what was known before and what this stage does: a stage may raise a threshold, never lower it. */
    public static long compose(long incoming, long own) {
        return Math.max(incoming, own);
    }

    /**
     * Reads a {@code th} value.
     *
     * @return the threshold, or {@link #ABSENT} when it is not 1 to 14 lower-case hexadecimal digits
     */
    public static long read(byte[] bytes, int offset, int length) {
        if (length < 1 || length > DIGITS_MAX) {
            return ABSENT;
        }
        long digits = Hex.read(bytes, offset, length);
        return digits < 0 ? ABSENT : digits << (4 * (DIGITS_MAX - length));
    }

    /**
     * Writes a {@code th} value: 1 to 14 digits.
     *
     * @param threshold below {@link #NEVER}
     * @return the offset behind it
     */
    public static int write(long threshold, byte[] into, int offset) {
        assert threshold >= 0 && threshold < NEVER : threshold;
        int digits = digitCount(threshold);
        Hex.write(threshold >>> (4 * (DIGITS_MAX - digits)), digits, into, offset);
        return offset + digits;
    }

    /** Digits that {@link #write} writes: trailing zeros are left out. */
    public static int digitCount(long threshold) {
        return threshold == 0 ? 1 : DIGITS_MAX - Long.numberOfTrailingZeros(threshold) / 4;
    }

    /** Leading f digits of the threshold of a small probability; of 1 - p: leading 0 digits. Both as frexp estimates them. */
    private static int leadingDigits(double fraction) {
        int exponent = Math.getExponent(fraction) + 1; // fraction = m * 2^exponent with 0.5 <= m < 1
        return -exponent / 4;
    }
}
