package io.spanweir.exporter.debug;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/** Attribute values, numbers and times as the collector prints them. Threading: any thread. */
final class Values {
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
    private static final double EXPONENT_FROM = 1e21;
    private static final double EXPONENT_BELOW = 1e-6;

    private Values() {}

    /** {@code Str(checkout)}. */
    static String typed(OtlpTree any) {
        return type(any) + "(" + text(any) + ")";
    }

    private static String type(OtlpTree any) {
        if (any.has("string_value")) {
            return "Str";
        } else if (any.has("bool_value")) {
            return "Bool";
        } else if (any.has("int_value")) {
            return "Int";
        } else if (any.has("double_value")) {
            return "Double";
        } else if (any.has("array_value")) {
            return "Slice";
        } else if (any.has("kvlist_value")) {
            return "Map";
        }
        return any.has("bytes_value") ? "Bytes" : "Empty";
    }

    /** The value as text: strings bare, lists and maps as JSON, bytes as base64, nothing as nothing. */
    static String text(OtlpTree any) {
        return switch (type(any)) {
            case "Str" -> any.text("string_value");
            case "Bytes" -> Base64.getEncoder().encodeToString(any.bytes("bytes_value"));
            case "Empty" -> "";
            default -> json(any);
        };
    }

    private static String json(OtlpTree any) {
        return switch (type(any)) {
            case "Str" -> quoted(any.text("string_value"));
            case "Bool" -> String.valueOf(any.number("bool_value") != 0);
            case "Int" -> String.valueOf(any.number("int_value"));
            case "Double" -> shortest(any.decimal("double_value"));
            case "Slice" -> {
                StringJoiner items = new StringJoiner(",", "[", "]");
                any.child("array_value").list("values").forEach(item -> items.add(json(item)));
                yield items.toString();
            }
            case "Map" -> {
                StringJoiner members = new StringJoiner(",", "{", "}");
                any.child("kvlist_value")
                        .list("values")
                        .forEach(entry -> members.add(quoted(entry.text("key")) + ":" + json(entry.child("value"))));
                yield members.toString();
            }
            case "Bytes" -> quoted(Base64.getEncoder().encodeToString(any.bytes("bytes_value")));
            default -> "null";
        };
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int index = 0; index < text.length(); index++) {
            char letter = text.charAt(index);
            switch (letter) {
                case '"', '\\' -> quoted.append('\\').append(letter);
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (letter < ' ') {
                        quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) letter));
                    } else {
                        quoted.append(letter);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }

    /** {@code key=value} of each attribute. */
    static List<String> pairs(List<OtlpTree> attributes) {
        List<String> pairs = new ArrayList<>();
        for (OtlpTree attribute : attributes) {
            pairs.add(attribute.text("key") + "=" + text(attribute.child("value")));
        }
        return pairs;
    }

    /** {@code 2020-02-11 20:26:12.000000321 +0000 UTC}. */
    static String time(long unixNanos) {
        long seconds = Long.divideUnsigned(unixNanos, 1_000_000_000);
        long nanos = Long.remainderUnsigned(unixNanos, 1_000_000_000);
        String fraction =
                nanos == 0 ? "" : String.format(Locale.ROOT, ".%09d", nanos).replaceFirst("0+$", "");
        return SECONDS.format(Instant.ofEpochSecond(seconds).atOffset(ZoneOffset.UTC)) + fraction + " +0000 UTC";
    }

    /** Six decimals. */
    static String fixed(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.6f", value) : special(value);
    }

    /** As few digits as tell the number, without an exponent unless it is very large or small. */
    static String shortest(double value) {
        if (!Double.isFinite(value)) {
            return special(value);
        }
        double size = Math.abs(value);
        if (size != 0 && (size >= EXPONENT_FROM || size < EXPONENT_BELOW)) {
            return Double.toString(value)
                    .replace(".0E", "E")
                    .replace("E-", "e-")
                    .replace("E", "e+");
        }
        String plain =
                new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
        return value == 0 ? (1 / value < 0 ? "-0" : "0") : plain;
    }

    private static String special(double value) {
        return Double.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
    }
}
