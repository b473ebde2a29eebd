package io.spanweir.filter;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Doubles as text of the fewest digits that read back as the same double, as Go writes them. {@code Double.toString} of Java
 * 17 sometimes has a digit too many. Allocates. Threading: any thread, stateless.
 */
final class Decimals {
    private static final double PLAIN_MIN = 1e-6;
    private static final double PLAIN_LIMIT = 1e21;

    private Decimals() {}

    /** {@code strconv.FormatFloat(value, 'f', -1, 64)}: never an exponent. */
    static String plain(double value) {
        String special = special(value);
        return special.isEmpty() ? shortest(value).toPlainString() : special;
    }

    /** As the collector writes a double value as text, and JSON of Go: an exponent for very small and very large numbers. */
    static String json(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return "json: unsupported value: " + special(value);
        }
        double size = Math.abs(value);
        if (value == 0 || (size >= PLAIN_MIN && size < PLAIN_LIMIT)) {
            return plain(value);
        }
        BigDecimal shortest = shortest(value);
        String digits = shortest.unscaledValue().abs().toString();
        int exponent = digits.length() - 1 - shortest.scale();
        StringBuilder text = new StringBuilder(value < 0 ? "-" : "").append(digits.charAt(0));
        if (digits.length() > 1) {
            text.append('.').append(digits, 1, digits.length());
        }
        return text.append('e')
                .append(exponent < 0 ? '-' : '+')
                .append(Math.abs(exponent))
                .toString();
    }

    /** Of zero, infinities and NaN; empty for others. */
    private static String special(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        if (value == 0) {
            return Double.doubleToRawLongBits(value) == 0 ? "0" : "-0";
        }
        return "";
    }

    private static BigDecimal shortest(double value) {
        BigDecimal exact = new BigDecimal(value);
        BigDecimal best = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        for (int digits = best.precision(); digits > 0; digits--) {
            BigDecimal shorter =
                    exact.round(new MathContext(digits, RoundingMode.HALF_EVEN)).stripTrailingZeros();
            if (shorter.doubleValue() != value) {
                break;
            }
            best = shorter;
        }
        return best;
    }
}
