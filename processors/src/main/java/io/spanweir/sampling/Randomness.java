package io.spanweir.sampling;

import io.spanweir.wire.Bytes;

/**
 * The 56-bit randomness of a trace: {@code rv} of its tracestate, else the low 56 bits of its trace id, which are taken to be
 * random whether or not the random flag says so. Source: OpenTelemetry, "TraceState: Probability Sampling". Threading: any
 * thread.
 */
public final class Randomness {
    /** No randomness is stated. */
    public static final long ABSENT = -1;

    private static final long MASK = (1L << 56) - 1;

    private Randomness() {}

    /** Of the 16 bytes of a trace id. */
    public static long ofTraceId(byte[] bytes, int offset) {
        return ofTraceIdLow(Bytes.longBigEndianAt(bytes, offset + 8));
    }

    /** Of the right half of a trace id. */
    public static long ofTraceIdLow(long traceIdLow) {
        return traceIdLow & MASK;
    }

    /** Of a trace: what its tracestate states, else its trace id. */
    public static long of(byte[] bytes, int traceIdOffset, TraceState traceState) {
        return traceState.randomness() == ABSENT ? ofTraceId(bytes, traceIdOffset) : traceState.randomness();
    }

    /** Reads an {@code rv} value: exactly 14 lower-case hexadecimal digits, else {@link #ABSENT}. */
    public static long read(byte[] bytes, int offset, int length) {
        return length == Threshold.DIGITS_MAX ? Hex.read(bytes, offset, length) : ABSENT;
    }
}
