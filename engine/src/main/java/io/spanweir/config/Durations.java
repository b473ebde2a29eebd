package io.spanweir.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Durations as Go writes them: {@code 30s}, {@code 1m30s}, {@code 1.5h}, {@code 300ms}, {@code 10us}. */
final class Durations {
    private static final Pattern PART = Pattern.compile("([0-9]+\\.?[0-9]*|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)");
    private static final Pattern NUMBER = Pattern.compile("[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)");
    private static final BigDecimal NANOS_MAX = BigDecimal.valueOf(Long.MAX_VALUE);

    /** No number of a duration is longer; parsing digits takes quadratic time. */
    private static final int LENGTH_MAX = 64;

    private Durations() {}

    /** The duration, or null when the text is none or is longer than 292 years. */
    static @Nullable Duration parse(String text) {
        String rest = text;
        boolean negative = rest.startsWith("-");
        if (negative || rest.startsWith("+")) {
            rest = rest.substring(1);
        }
        if (rest.equals("0")) {
            return Duration.ZERO;
        }
        if (rest.isEmpty() || rest.length() > LENGTH_MAX) {
            return null;
        }
        BigDecimal nanos = BigDecimal.ZERO;
        Matcher part = PART.matcher(rest);
        while (part.regionStart() < rest.length()) {
            if (!part.lookingAt()) {
                return null;
            }
            nanos = nanos.add(new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(nanosOf(part.group(2)))));
            part.region(part.end(), rest.length());
        }
        if (nanos.compareTo(NANOS_MAX) > 0) {
            return null;
        }
        return Duration.ofNanos(negative ? -nanos.longValue() : nanos.longValue());
    }

    private static long nanosOf(String unit) {
        return switch (unit) {
            case "ns" -> 1L;
            case "us", "µs", "μs" -> 1_000L;
            case "ms" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            default -> 3_600_000_000_000L;
        };
    }

    /** What is wrong with a text that {@link #parse} refuses, and what would be right. */
    static String problem(String text) {
        String quoted = Texts.quoted(text);
        if (text.length() <= LENGTH_MAX && NUMBER.matcher(text).matches()) {
            return quoted + " has no unit; write " + Texts.quoted(text + "s") + " (ms, s, m, h)";
        }
        String days = text.strip();
        if (days.length() <= 9 && days.matches("[0-9]+ ?(d|days?)")) {
            long hours = 24 * Long.parseLong(days.replaceAll("[^0-9]", ""));
            return quoted + " is in days; write " + Texts.quoted(hours + "h") + " (units are ms, s, m, h)";
        }
        String compact = text.replace(" ", "");
        if (!compact.equals(text) && parse(compact) != null) {
            return quoted + " has a space; write " + Texts.quoted(compact);
        }
        if (compact.length() < LENGTH_MAX
                && compact.matches("(?i)[0-9.]+(seconds?|secs?|minutes?|mins?|hours?|hrs?|millis(econds?)?)")) {
            String unit = compact.replaceAll("[0-9.]", "").substring(0, 1).toLowerCase(java.util.Locale.ROOT);
            String number = compact.replaceAll("[^0-9.]", "");
            boolean millis = compact.toLowerCase(java.util.Locale.ROOT).contains("mil");
            return quoted + " is no duration; write " + Texts.quoted(number + (millis ? "ms" : unit));
        }
        return quoted + " is no duration; write one such as \"30s\" or \"1m30s\" (ms, s, m, h)";
    }

    /** As Go would write it, but without zero parts: {@code 1h}, {@code 1m30s}, {@code 1.5s}, {@code 300ms}. */
    static String format(Duration duration) {
        if (duration.isZero()) {
            return "0s";
        }
        if (duration.isNegative()) {
            return "-" + format(duration.negated());
        }
        long nanos = duration.toNanos();
        if (nanos < 1_000L) {
            return nanos + "ns";
        }
        if (nanos < 1_000_000L) {
            return plain(nanos, 1_000L) + "us";
        }
        if (nanos < 1_000_000_000L) {
            return plain(nanos, 1_000_000L) + "ms";
        }
        StringBuilder text = new StringBuilder();
        if (duration.toHours() > 0) {
            text.append(duration.toHours()).append('h');
        }
        if (duration.toMinutesPart() > 0) {
            text.append(duration.toMinutesPart()).append('m');
        }
        long rest = nanos % 60_000_000_000L;
        if (rest > 0) {
            text.append(plain(rest, 1_000_000_000L)).append('s');
        }
        return text.toString();
    }

    private static String plain(long nanos, long unitNanos) {
        return BigDecimal.valueOf(nanos)
                .divide(BigDecimal.valueOf(unitNanos))
                .stripTrailingZeros()
                .toPlainString();
    }
}
