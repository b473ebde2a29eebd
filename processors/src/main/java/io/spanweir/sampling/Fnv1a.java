package io.spanweir.sampling;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;

/**
 * The hash by which the collector's {@code probabilistic} policy samples, so that a fleet with both keeps the same traces: FNV-1a
 * of 64 bits over a salt and the trace id, kept when at most a limit. Threading: any thread.
 */
public final class Fnv1a {
    private static final long OFFSET_BASIS = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;
    private static final String DEFAULT_SALT = "default-hash-seed";
    private static final BigInteger LARGEST = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    private Fnv1a() {}

    /** The state after the salt; an empty one is the collector's default. */
    public static long salted(String salt) {
        byte[] bytes = (salt.isEmpty() ? DEFAULT_SALT : salt).getBytes(StandardCharsets.UTF_8);
        return hash(OFFSET_BASIS, bytes, 0, bytes.length);
    }

    /** Goes on with some bytes. */
    public static long hash(long state, byte[] bytes, int offset, int length) {
        long hash = state;
        for (int at = offset; at < offset + length; at++) {
            hash = (hash ^ (bytes[at] & 0xff)) * PRIME;
        }
        return hash;
    }

    /** Goes on with the eight bytes of a number, the highest first: half of a trace id. */
    public static long hashBigEndian(long state, long value) {
        long hash = state;
        for (int shift = 56; shift >= 0; shift -= 8) {
            hash = (hash ^ (value >>> shift & 0xff)) * PRIME;
        }
        return hash;
    }

    /**
     * The largest hash that is kept, as an unsigned number: (2^64 - 1) * (percentage / 100), the quotient in double precision,
     * the product rounded to 64 significant bits (half to even) and cut. The collector computes it so.
     */
    public static long limit(double percentage) {
        double fraction = percentage / 100;
        if (!(fraction > 0)) {
            return 0;
        }
        BigDecimal product = new BigDecimal(LARGEST).multiply(new BigDecimal(fraction));
        BigInteger cut = roundTo64Bits(product).toBigInteger();
        return cut.min(LARGEST).longValue();
    }

    /** Whether a hash is at most the limit; both unsigned. */
    public static boolean keeps(long hash, long limit) {
        return Long.compareUnsigned(hash, limit) <= 0;
    }

    private static BigDecimal roundTo64Bits(BigDecimal value) {
        int bits = value.toBigInteger().bitLength();
        if (bits == 0) {
            return BigDecimal.ZERO;
        }
        // Scaled by 2^(64 - bits) the number has 64 bits in front of the point.
        BigDecimal scale = new BigDecimal(BigInteger.ONE.shiftLeft(64 - Math.min(bits, 64)));
        BigDecimal scaled = value.multiply(scale).setScale(0, RoundingMode.HALF_EVEN);
        return scaled.divide(scale, MathContext.UNLIMITED);
    }
}
