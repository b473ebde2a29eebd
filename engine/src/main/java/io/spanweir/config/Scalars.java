package io.spanweir.config;

import java.math.BigInteger;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a plain scalar means. Follows the parser of the collector (go-yaml v3): YAML 1.2 with the octal {@code 0123},
 * binary {@code 0b1} and underscores of YAML 1.1; {@code yes} and its relatives are text unless the option is a boolean;
 * dates stay text.
 */
final class Scalars {
    /** What a scalar is before it meets its option. */
    enum Kind {
        NULL,
        BOOLEAN,
        INTEGER,
        DECIMAL,
        STRING
    }

    private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");
    private static final Set<String> TRUES = Set.of("true", "True", "TRUE");
    private static final Set<String> FALSES = Set.of("false", "False", "FALSE");
    private static final Set<String> OLD_TRUES = Set.of("y", "yes", "on");
    private static final Set<String> OLD_FALSES = Set.of("n", "no", "off");
    private static final Set<String> INFINITE_OR_NAN = Set.of(
            ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF", ".nan", ".NaN", ".NAN");
    private static final Pattern DECIMAL = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
    private static final Pattern INTEGER =
            Pattern.compile("[-+]?(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)");

    /** Longer digits are no number anybody means, and parsing them takes quadratic time. */
    private static final int NUMBER_LENGTH_MAX = 400;

    private Scalars() {}

    /** The kind of a scalar that was written without quotes and without a tag. */
    static Kind kindOf(String text) {
        if (NULLS.contains(text)) {
            return Kind.NULL;
        }
        if (TRUES.contains(text) || FALSES.contains(text)) {
            return Kind.BOOLEAN;
        }
        if (integerOf(text) != null) {
            return Kind.INTEGER;
        }
        return decimalOf(text) == null ? Kind.STRING : Kind.DECIMAL;
    }

    /** The boolean, or null when the text is none; {@code yes}, {@code off} and their relatives count. */
    static @Nullable Boolean booleanOf(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (TRUES.contains(text) || OLD_TRUES.contains(lower)) {
            return true;
        }
        return (FALSES.contains(text) || OLD_FALSES.contains(lower)) ? Boolean.FALSE : null;
    }

    /** The integer in any of the notations, or null when the text is none. */
    static @Nullable BigInteger integerOf(String text) {
        if (!startsLikeANumber(text)) {
            return null;
        }
        String plain = text.replace("_", "");
        if (!INTEGER.matcher(plain).matches()) {
            return null;
        }
        boolean negative = plain.charAt(0) == '-';
        String digits = negative || plain.charAt(0) == '+' ? plain.substring(1) : plain;
        BigInteger value = unsigned(digits.toLowerCase(Locale.ROOT));
        return negative ? value.negate() : value;
    }

    private static BigInteger unsigned(String digits) {
        if (digits.startsWith("0x")) {
            return new BigInteger(digits.substring(2), 16);
        }
        if (digits.startsWith("0b")) {
            return new BigInteger(digits.substring(2), 2);
        }
        if (digits.startsWith("0o")) {
            return new BigInteger(digits.substring(2), 8);
        }
        return new BigInteger(digits, digits.startsWith("0") ? 8 : 10);
    }

    /** The number as a double, or null when the text is none. */
    static @Nullable Double decimalOf(String text) {
        if (!startsLikeANumber(text)) {
            return null;
        }
        if (INFINITE_OR_NAN.contains(text)) {
            String lower = text.toLowerCase(Locale.ROOT);
            if (lower.equals(".nan")) {
                return Double.NaN;
            }
            return lower.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        BigInteger integer = integerOf(text);
        if (integer != null) {
            return integer.doubleValue();
        }
        String plain = text.replace("_", "");
        return DECIMAL.matcher(plain).matches() ? Double.valueOf(plain) : null;
    }

    private static boolean startsLikeANumber(String text) {
        if (text.isEmpty() || text.length() > NUMBER_LENGTH_MAX) {
            return false;
        }
        char first = text.charAt(0);
        return first == '.' || first == '-' || first == '+' || (first >= '0' && first <= '9');
    }
}
