package io.spanweir.wire;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The first thing that was wrong with a JSON text, as offsets; the sentence about it is built when somebody asks.
 *
 * <p>The path is collected inside out while the reader returns through its levels. Threading: one thread at a time.
 */
final class OtlpJsonProblem {
    private static final int EXCERPT_LENGTH_MAX = 40;
    private static final int NO_INDEX = -1;

    /** What was wrong; {@link #sentence} has the words. */
    enum Kind {
        OBJECT_EXPECTED,
        ARRAY_EXPECTED,
        STRING_EXPECTED,
        NAME_EXPECTED,
        COLON_EXPECTED,
        COMMA_OR_BRACE_EXPECTED,
        COMMA_OR_BRACKET_EXPECTED,
        VALUE_EXPECTED,
        END_EXPECTED,
        QUOTE_EXPECTED,
        CONTROL_CHARACTER,
        ESCAPE,
        UTF_8,
        DEPTH,
        ID_LENGTH,
        ID_DIGIT,
        BASE64,
        BOOLEAN_EXPECTED,
        NUMBER_EXPECTED,
        NUMBER_LENGTH,
        INTEGER_EXPECTED,
        RANGE,
        DOUBLE_RANGE,
        ENUM_NAME,
        NULL_ELEMENT,
        DUPLICATE,
        ONEOF,
        OUTPUT_LENGTH
    }

    private final OtlpJsonType.Field[] pathFields;
    private final int[] pathIndexes;
    private int pathLength;
    private @Nullable Kind kind;
    private int offset;
    private long detail;

    OtlpJsonProblem(int depthMax) {
        pathFields = new OtlpJsonType.Field[depthMax + 1];
        pathIndexes = new int[depthMax + 1];
    }

    void clear() {
        kind = null;
        pathLength = 0;
    }

    boolean present() {
        return kind != null;
    }

    int offset() {
        return offset;
    }

    /** Notes the problem. Always false, so that a reader can write {@code return problem.at(...)}. */
    boolean at(Kind problemKind, int problemOffset, long problemDetail) {
        assert kind == null : kind + " before " + problemKind;
        kind = problemKind;
        offset = problemOffset;
        detail = problemDetail;
        return false;
    }

    boolean at(Kind problemKind, int problemOffset) {
        return at(problemKind, problemOffset, 0);
    }

    /** Adds a field to the path. Always false. */
    boolean inside(OtlpJsonType.Field field) {
        return inside(field, NO_INDEX);
    }

    /** Adds an element of a repeated field to the path. Always false. */
    boolean inside(OtlpJsonType.Field field, int index) {
        pathFields[pathLength] = field;
        pathIndexes[pathLength] = index;
        pathLength++;
        return false;
    }

    /** The place by names and indexes, the sentence, the place by line and column; both count from 1. */
    String text(byte[] json, int start, int limit) {
        StringBuilder text = new StringBuilder();
        for (int i = pathLength - 1; i >= 0; i--) {
            text.append(pathFields[i].schema.jsonName());
            if (pathIndexes[i] != NO_INDEX) {
                text.append('[').append(pathIndexes[i]).append(']');
            }
            text.append(i == 0 ? ": " : ".");
        }
        text.append(sentence(excerpt(json, limit)));
        int line = 1;
        int column = 1;
        for (int i = start; i < offset; i++) {
            if (json[i] == '\n') {
                line++;
                column = 1;
            } else if ((json[i] & 0xC0) != 0x80) { // one column per character, not per byte
                column++;
            }
        }
        return text.append(" (line %d, column %d)".formatted(line, column)).toString();
    }

    private String sentence(String found) {
        if (kind == null) {
            throw new IllegalStateException("asked for a problem where there is none");
        }
        return switch (kind) {
            case OBJECT_EXPECTED -> found + ", expected an object";
            case ARRAY_EXPECTED -> found + ", expected an array";
            case STRING_EXPECTED -> found + ", expected a string";
            case NAME_EXPECTED -> found + ", expected a name in quotes";
            case COLON_EXPECTED -> found + ", expected \":\"";
            case COMMA_OR_BRACE_EXPECTED -> found + ", expected \",\" or \"}\"";
            case COMMA_OR_BRACKET_EXPECTED -> found + ", expected \",\" or \"]\"";
            case VALUE_EXPECTED -> found + ", expected a value";
            case END_EXPECTED -> found + " after the end of the request";
            case QUOTE_EXPECTED -> "a string without closing quote";
            case CONTROL_CHARACTER -> "byte 0x%02x inside a string; write \"\\u%04x\"".formatted(detail, detail);
            case ESCAPE -> "no escape of JSON; a backslash itself is \"\\\\\"";
            case UTF_8 -> "byte 0x%02x is not UTF-8".formatted(detail);
            case DEPTH -> "nested deeper than " + detail + " levels";
            default -> valueSentence(kind, found);
        };
    }

    private String valueSentence(Kind valueKind, String found) {
        return switch (valueKind) {
            case ID_LENGTH ->
                found + " has " + detail + " hex digits, expected "
                        + 2 * field().schema.idLength();
            case ID_DIGIT ->
                found + " has other characters than hex digits, expected "
                        + 2 * field().schema.idLength() + " hex digits";
            case BASE64 -> found + " is no base64";
            case BOOLEAN_EXPECTED -> found + ", expected true or false";
            case NUMBER_EXPECTED -> found + ", expected a number";
            case NUMBER_LENGTH -> "a number of more than " + detail + " characters";
            case INTEGER_EXPECTED -> found + ", expected an integer";
            case RANGE -> found + " is out of range, expected " + range(field().kind);
            case DOUBLE_RANGE -> found + " is out of range, expected the range of a double";
            case ENUM_NAME -> found + " is no name of a value; write the number, 0 to " + detail;
            case NULL_ELEMENT -> "null inside an array; leave the element out";
            case DUPLICATE -> "the name occurs twice in one object";
            case ONEOF -> "a second value; one object holds one of " + members();
            case OUTPUT_LENGTH -> "more than " + detail + " bytes as protobuf up to here";
            default -> throw new IllegalStateException("no sentence for " + valueKind);
        };
    }

    private OtlpJsonType.Field field() {
        return pathFields[0];
    }

    private static String range(OtlpSchema.Kind kind) {
        return switch (kind) {
            case UINT32, FIXED32 -> "0 to 4294967295";
            case INT64, SFIXED64 -> Long.MIN_VALUE + " to " + Long.MAX_VALUE;
            case UINT64, FIXED64 -> "0 to 18446744073709551615";
            default -> Integer.MIN_VALUE + " to " + Integer.MAX_VALUE;
        };
    }

    private String members() {
        StringBuilder names = new StringBuilder();
        for (OtlpJsonType.Field member : field().owner.fields) {
            if (member.oneof) {
                names.append(names.length() == 0 ? "" : ", ").append(member.schema.jsonName());
            }
        }
        return names.toString();
    }

    /** What stands at the offset: a string in its quotes, a number or word as it is, any other character in quotes. */
    private String excerpt(byte[] json, int limit) {
        if (offset >= limit) {
            return "end of text";
        }
        int end = offset + 1;
        boolean string = json[offset] == '"';
        int endMax = Math.min(limit, offset + EXCERPT_LENGTH_MAX);
        while (end < endMax && (string ? json[end] != '"' : wordByte(json[offset]) && wordByte(json[end]))) {
            end += string && json[end] == '\\' && end + 1 < endMax ? 2 : 1;
        }
        boolean closed = string && end < endMax;
        boolean cut = end == endMax && endMax < limit;
        while (end < limit && (json[end] & 0xC0) == 0x80) {
            end++; // no half characters
        }
        String text = new String(json, offset, closed ? end + 1 - offset : end - offset, StandardCharsets.UTF_8);
        StringBuilder printable = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            printable.append(c < ' ' || c == 0x7F ? "\\u%04x".formatted((int) c) : String.valueOf(c));
        }
        if (string) {
            return closed ? printable.toString() : printable + "...\"";
        }
        return wordByte(json[offset]) ? printable + (cut ? "..." : "") : "\"" + printable + '"';
    }

    private static boolean wordByte(byte b) {
        return (b >= 'a' && b <= 'z')
                || (b >= 'A' && b <= 'Z')
                || (b >= '0' && b <= '9')
                || b == '-'
                || b == '+'
                || b == '.';
    }
}
