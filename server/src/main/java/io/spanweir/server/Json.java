package io.spanweir.server;

import java.util.List;
import java.util.stream.Collectors;

/** Writes JSON text. Threading: any thread. */
final class Json {
    private static final int CONTROL_END = 0x20;

    private Json() {}

    /** A string with its quotes. */
    static String text(String value) {
        StringBuilder json = new StringBuilder(value.length() + 2).append('"');
        for (int index = 0; index < value.length(); index++) {
            char letter = value.charAt(index);
            switch (letter) {
                case '"' -> json.append("\\\"");
                case '\\' -> json.append("\\\\");
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                default -> {
                    if (letter < CONTROL_END || Character.isSurrogate(letter)) {
                        json.append(String.format("\\u%04x", (int) letter));
                    } else {
                        json.append(letter);
                    }
                }
            }
        }
        return json.append('"').toString();
    }

    /** A list of strings. */
    static String texts(List<String> values) {
        return values.stream().map(Json::text).collect(Collectors.joining(",", "[", "]"));
    }
}
