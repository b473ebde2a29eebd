package io.spanweir.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How messages show values, and what they suggest. */
final class Texts {
    private static final int SHOWN_LENGTH_MAX = 80;
    private static final int EXTENDED_LENGTH_MIN = 4;
    private static final int LINE_LENGTH_MAX = 1_500;
    private static final int LISTED_COUNT_MAX = 20;

    private static final Pattern PASSWORD = Pattern.compile("(://[^/@:\\s]*:)[^/@\\s]*@");

    private Texts() {}

    /** The text with the password of a URL masked. */
    static String withoutPassword(String text) {
        return text.contains("://") ? PASSWORD.matcher(text).replaceAll("$1" + Secret.MASKED + "@") : text;
    }

    /** The text in quotes, on one line, cut when long, without the password of a URL. */
    static String quoted(String given) {
        String text = withoutPassword(given);
        StringBuilder shown = new StringBuilder(text.length() + 2).append('"');
        int end = Math.min(text.length(), SHOWN_LENGTH_MAX);
        for (int index = 0; index < end; index++) {
            char letter = text.charAt(index);
            switch (letter) {
                case '"' -> shown.append("\\\"");
                case '\n' -> shown.append("\\n");
                case '\r' -> shown.append("\\r");
                case '\t' -> shown.append("\\t");
                default -> {
                    if (Character.isISOControl(letter)) {
                        shown.append(String.format("\\u%04x", (int) letter));
                    } else {
                        shown.append(letter);
                    }
                }
            }
        }
        return shown.append(end < text.length() ? "…\"" : "\"").toString();
    }

    /** The text on one line, cut when it is very long. */
    static String line(String text) {
        String shown = text.length() > LINE_LENGTH_MAX ? text.substring(0, LINE_LENGTH_MAX) + "…" : text;
        if (shown.chars().noneMatch(Texts::breaksLine)) {
            return shown;
        }
        StringBuilder line = new StringBuilder(shown.length() + 8);
        for (int index = 0; index < shown.length(); index++) {
            char letter = shown.charAt(index);
            switch (letter) {
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                default -> line.append(breaksLine(letter) ? String.format("\\u%04x", (int) letter) : letter);
            }
        }
        return line.toString();
    }

    private static boolean breaksLine(int letter) {
        return Character.isISOControl(letter) || letter == 0x2028 || letter == 0x2029;
    }

    /** {@code ; did you mean "x"?} or, when nothing is close, {@code ; known: a, b}, or nothing when there are many. */
    static String suggestion(String given, Collection<String> known, String listLabel) {
        String closest = closest(given, known);
        if (closest != null) {
            return "; did you mean " + quoted(closest) + "?";
        }
        return known.isEmpty() || known.size() > LISTED_COUNT_MAX ? "" : "; " + listLabel + ": " + listed(known);
    }

    static String listed(Collection<String> names) {
        return names.stream().map(name -> name.isEmpty() ? "\"\"" : name).collect(Collectors.joining(", "));
    }

    /** The name that the author most likely meant, or null when none is near. */
    static @Nullable String closest(String given, Collection<String> known) {
        String simplified = simplified(given);
        int allowed = Math.max(1, simplified.length() / 3);
        String best = null;
        int bestDistance = allowed + 1;
        for (String candidate : known) {
            int distance = distance(simplified, simplified(candidate), bestDistance);
            if (distance < bestDistance) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return best == null ? extended(simplified, known) : best;
    }

    /** {@code client_ca} for {@code client_ca_file}: the one name that begins with what was written. */
    private static @Nullable String extended(String simplified, Collection<String> known) {
        String only = null;
        for (String candidate : known) {
            if (simplified.length() >= EXTENDED_LENGTH_MIN
                    && simplified(candidate).startsWith(simplified)) {
                if (only != null) {
                    return null;
                }
                only = candidate;
            }
        }
        return only;
    }

    /** {@code decisionWait}, {@code decision-wait} and {@code decision_wait} are the same mistake. */
    private static String simplified(String name) {
        StringBuilder plain = new StringBuilder(name.length());
        for (int index = 0; index < Math.min(name.length(), SHOWN_LENGTH_MAX); index++) {
            char letter = name.charAt(index);
            if (letter != '_' && letter != '-') {
                plain.append(Character.toLowerCase(letter));
            }
        }
        return plain.toString();
    }

    /** Edits (insert, delete, replace, swap of neighbours) between the two; {@code limit} or more means "far". */
    static int distance(String from, String to, int limit) {
        if (Math.abs(from.length() - to.length()) >= limit) {
            return limit;
        }
        int[][] cost = new int[from.length() + 1][to.length() + 1];
        for (int row = 0; row <= from.length(); row++) {
            cost[row][0] = row;
        }
        for (int column = 0; column <= to.length(); column++) {
            cost[0][column] = column;
        }
        for (int row = 1; row <= from.length(); row++) {
            for (int column = 1; column <= to.length(); column++) {
                boolean same = from.charAt(row - 1) == to.charAt(column - 1);
                int best = Math.min(cost[row - 1][column], cost[row][column - 1]) + 1;
                best = Math.min(best, cost[row - 1][column - 1] + (same ? 0 : 1));
                if (row > 1
                        && column > 1
                        && from.charAt(row - 1) == to.charAt(column - 2)
                        && from.charAt(row - 2) == to.charAt(column - 1)) {
                    best = Math.min(best, cost[row - 2][column - 2] + 1);
                }
                cost[row][column] = best;
            }
        }
        return cost[from.length()][to.length()];
    }

    /** The path of a child: {@code a.b}, or {@code a["b.c"]} when the key has a dot of its own. */
    static String childPath(String path, String key) {
        if (key.indexOf('.') >= 0 || key.indexOf('[') >= 0 || key.isEmpty()) {
            return path + "[" + quoted(key) + "]";
        }
        return path.isEmpty() ? key : path + "." + key;
    }

    static String itemPath(String path, int index) {
        return path + "[" + index + "]";
    }

    /** The parts of {@code a,b, c}, trimmed. */
    static List<String> commaSeparated(String text) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int comma = text.indexOf(','); comma >= 0; comma = text.indexOf(',', from)) {
            parts.add(text.substring(from, comma).strip());
            from = comma + 1;
        }
        parts.add(text.substring(from).strip());
        return parts;
    }
}
