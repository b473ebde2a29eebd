package io.spanweir.config;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Sizes in bytes: {@code 64MiB}, {@code 1GB}, {@code 512KiB}, {@code 4096}. */
final class Sizes {
    private static final Pattern SIZE = Pattern.compile("([0-9]+(?:\\.[0-9]+)?) ?([A-Za-z]*)");
    private static final BigDecimal BYTES_MAX = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final int LENGTH_MAX = 40;
    private static final String[] UNITS = {"TiB", "GiB", "MiB", "KiB"};

    private Sizes() {}

    /** The number of bytes; negative when the text is no size. */
    static long parse(String text) {
        Matcher size = SIZE.matcher(text.length() > LENGTH_MAX ? "" : text);
        if (!size.matches()) {
            return -1;
        }
        long unit = unitBytes(size.group(2));
        if (unit < 0) {
            return -1;
        }
        BigDecimal bytes = new BigDecimal(size.group(1)).multiply(BigDecimal.valueOf(unit));
        boolean whole = bytes.stripTrailingZeros().scale() <= 0;
        return whole && bytes.compareTo(BYTES_MAX) <= 0 ? bytes.longValue() : -1;
    }

    private static long unitBytes(String unit) {
        return switch (unit.toLowerCase(Locale.ROOT)) {
            case "", "b" -> 1L;
            case "kib" -> 1L << 10;
            case "mib" -> 1L << 20;
            case "gib" -> 1L << 30;
            case "tib" -> 1L << 40;
            case "kb" -> 1_000L;
            case "mb" -> 1_000_000L;
            case "gb" -> 1_000_000_000L;
            case "tb" -> 1_000_000_000_000L;
            default -> -1;
        };
    }

    /** What is wrong with a text that {@link #parse} refuses, and what would be right. */
    static String problem(String text) {
        Matcher size = SIZE.matcher(text.length() > LENGTH_MAX ? "" : text);
        String allowed = "(B, KiB, MiB, GiB, KB, MB, GB)";
        if (size.matches()) {
            String suggested = suggestedUnit(size.group(2));
            if (suggested != null) {
                return Texts.quoted(text) + " has an unknown unit; write " + Texts.quoted(size.group(1) + suggested)
                        + " " + allowed;
            }
        }
        return Texts.quoted(text) + " is no size; write one such as \"64MiB\" " + allowed;
    }

    private static @Nullable String suggestedUnit(String unit) {
        return switch (unit.toLowerCase(Locale.ROOT)) {
            case "k", "ki" -> "KiB";
            case "m", "mi" -> "MiB";
            case "g", "gi" -> "GiB";
            case "t", "ti" -> "TiB";
            default -> null;
        };
    }

    /** The size in the largest binary unit that divides it. */
    static String format(long bytes) {
        for (int index = 0; index < UNITS.length; index++) {
            long unit = 1L << (10 * (UNITS.length - index));
            if (bytes != 0 && bytes % unit == 0) {
                return bytes / unit + UNITS[index];
            }
        }
        return bytes + "B";
    }
}
