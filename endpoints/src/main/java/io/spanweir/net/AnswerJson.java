package io.spanweir.net;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the small JSON bodies with which backends answer: objects as maps, arrays as lists, text, numbers as their text,
 * true, false and null. Forgiving where it does no harm. Threading: one thread.
 */
final class AnswerJson {
    private static final int DEPTH_MAX = 32;
    private static final int NUMBER_LENGTH_MAX = 40;

    private final String text;
    private int at;

    /** Ends the reading of a text that is no JSON. */
    private static final class Broken extends RuntimeException {
        Broken() {
            super("no JSON", null, false, false);
        }
    }

    /** A number as it is written. */
    private record Numeral(String digits) {}

    private AnswerJson(String text) {
        this.text = text;
    }

    /** The value, or null for {@code null} and for what is no JSON. */
    static @Nullable Object parse(byte[] utf8) {
        try {
            AnswerJson parser = new AnswerJson(new String(utf8, StandardCharsets.UTF_8));
            Object value = parser.value(0);
            parser.blanks();
            return parser.at == parser.text.length() ? value : null;
        } catch (Broken broken) {
            return null;
        }
    }

    /** The whole number of a JSON number or numeric text; 0 for everything else. */
    static long number(@Nullable Object value) {
        String digits =
                value instanceof Numeral numeral ? numeral.digits : value instanceof String string ? string : "";
        try {
            return digits.isEmpty() || digits.length() > NUMBER_LENGTH_MAX
                    ? 0
                    : new java.math.BigDecimal(digits).longValue();
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private @Nullable Object value(int depth) {
        if (depth > DEPTH_MAX) {
            throw new Broken();
        }
        blanks();
        return switch (peek()) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            default -> word();
        };
    }

    private Map<String, @Nullable Object> object(int depth) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        at++;
        blanks();
        while (peek() != '}') {
            String name = string();
            blanks();
            expect(':');
            members.put(name, value(depth + 1));
            separator('}');
        }
        at++;
        return members;
    }

    private List<@Nullable Object> array(int depth) {
        List<@Nullable Object> items = new ArrayList<>();
        at++;
        blanks();
        while (peek() != ']') {
            items.add(value(depth + 1));
            separator(']');
        }
        at++;
        return items;
    }

    private void separator(char end) {
        blanks();
        if (peek() != end) {
            expect(',');
            blanks();
        }
    }

    private String string() {
        expect('"');
        StringBuilder value = new StringBuilder();
        while (peek() != '"') {
            char letter = text.charAt(at++);
            value.append(letter == '\\' ? escape() : letter);
        }
        at++;
        return value.toString();
    }

    private char escape() {
        char letter = peek();
        at++;
        return switch (letter) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> letter;
        };
    }

    private char unicode() {
        if (text.length() - at < 4) {
            throw new Broken();
        }
        int code = 0;
        for (int end = at + 4; at < end; at++) {
            int digit = Character.digit(text.charAt(at), 16);
            if (digit < 0) {
                throw new Broken();
            }
            code = code << 4 | digit;
        }
        return (char) code;
    }

    private @Nullable Object word() {
        int begin = at;
        while (at < text.length() && "{}[],:\" \t\r\n".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String word = text.substring(begin, at);
        return switch (word) {
            case "null" -> null;
            case "true" -> true;
            case "false" -> false;
            default -> numeral(word);
        };
    }

    private static Numeral numeral(String word) {
        if (word.isEmpty() || "-0123456789".indexOf(word.charAt(0)) < 0) {
            throw new Broken();
        }
        return new Numeral(word);
    }

    private void blanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() {
        if (at >= text.length()) {
            throw new Broken();
        }
        return text.charAt(at);
    }

    private void expect(char letter) {
        if (peek() != letter) {
            throw new Broken();
        }
        at++;
    }
}
