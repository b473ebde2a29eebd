package io.spanweir.wire;

import io.spanweir.wire.OtlpJsonProblem.Kind;
import java.util.Arrays;

/**
 * A cursor over JSON text that reads strings, skips values and checks the grammar on the way (RFC 8259, UTF-8). What is
 * wrong goes to the {@link OtlpJsonProblem}; nothing throws. Threading: one thread at a time.
 */
final class OtlpJsonText {
    private static final int SCRATCH_KEPT = 1 << 20;
    private static final int REPLACEMENT_CHARACTER = 0xFFFD;
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};
    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
    private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};

    private final int depthMax;
    private final OtlpJsonProblem problem;
    private final OtlpJsonNumber number = new OtlpJsonNumber();

    private byte[] bytes = Bytes.EMPTY;
    private int position;
    private int limit;
    private byte[] scratch = new byte[256];

    /** The bytes of the last string without quotes and escapes: a range of the text itself or of the scratch. */
    private byte[] stringBytes = bytes;

    private int stringFrom;
    private int stringTo;

    OtlpJsonText(int depthMax, OtlpJsonProblem problem) {
        this.depthMax = depthMax;
        this.problem = problem;
    }

    void wrap(byte[] json, int offset, int length) {
        bytes = json;
        position = offset;
        limit = offset + length;
        if (scratch.length > SCRATCH_KEPT) {
            scratch = new byte[256];
        }
    }

    int position() {
        return position;
    }

    int limit() {
        return limit;
    }

    byte[] stringBytes() {
        return stringBytes;
    }

    int stringFrom() {
        return stringFrom;
    }

    int stringTo() {
        return stringTo;
    }

    /** Moves to the next byte that is no white space and returns it, or -1 at the end. */
    int peek() {
        while (position < limit) {
            byte b = bytes[position];
            if (b > ' ' || (b != ' ' && b != '\n' && b != '\r' && b != '\t')) {
                return b & 0xFF;
            }
            position++;
        }
        return -1;
    }

    /** Steps over the byte that was peeked. */
    void advance() {
        position++;
    }

    /** Steps over that byte after white space, or reports what was expected. */
    boolean take(int expected, Kind otherwise) {
        if (peek() != expected) {
            return problem.at(otherwise, position);
        }
        position++;
        return true;
    }

    /** {@code true} or {@code false}: 1 or 0; -1 when neither is there. */
    int takeBoolean() {
        if (takeWord(TRUE)) {
            return 1;
        }
        return takeWord(FALSE) ? 0 : -1;
    }

    boolean takeNull() {
        return takeWord(NULL);
    }

    private boolean takeWord(byte[] word) {
        int end = position + word.length;
        if (end > limit || !Arrays.equals(bytes, position, end, word, 0, word.length)) {
            return false;
        }
        position = end;
        return true;
    }

    /** Steps over a bare number; false without a problem when there is none. */
    boolean takeNumber(OtlpJsonNumber into) {
        int end = into.scan(bytes, position, limit);
        if (end < 0) {
            return false;
        }
        position = end;
        return true;
    }

    /** Reads the string whose opening quote is next. */
    boolean takeString() {
        int from = position + 1;
        int at = from;
        int union = 0;
        while (at < limit) {
            byte b = bytes[at];
            if (b == '"') {
                position = at + 1;
                stringBytes = bytes;
                stringFrom = from;
                stringTo = at;
                return union >= 0 || utf8(from, at);
            }
            if (b == '\\') {
                return takeEscapedString(from, at);
            }
            if (b >= 0 && b < ' ') {
                return problem.at(Kind.CONTROL_CHARACTER, at, b);
            }
            union |= b;
            at++;
        }
        return problem.at(Kind.QUOTE_EXPECTED, position);
    }

    private boolean takeEscapedString(int from, int firstEscape) {
        int end = firstEscape;
        while (end < limit && bytes[end] != '"') {
            if (bytes[end] >= 0 && bytes[end] < ' ') {
                return problem.at(Kind.CONTROL_CHARACTER, end, bytes[end]);
            }
            end += bytes[end] == '\\' ? 2 : 1;
        }
        if (end >= limit) {
            return problem.at(Kind.QUOTE_EXPECTED, position);
        }
        if (!utf8(from, end)) {
            return false;
        }
        if (scratch.length < end - from) { // every escape is longer than what it stands for
            scratch = new byte[Math.max(end - from, scratch.length * 2)];
        }
        int to = firstEscape - from;
        System.arraycopy(bytes, from, scratch, 0, to);
        int at = firstEscape;
        while (at < end) {
            byte b = bytes[at];
            if (b != '\\') {
                scratch[to++] = b;
                at++;
            } else if (bytes[at + 1] == 'u') {
                int unit = unit(at, end);
                if (unit < 0) {
                    return problem.at(Kind.ESCAPE, at);
                }
                at += 6;
                if (Character.isHighSurrogate((char) unit)) {
                    int low = unit(at, end);
                    if (low >= 0 && Character.isLowSurrogate((char) low)) {
                        unit = Character.toCodePoint((char) unit, (char) low);
                        at += 6;
                    }
                }
                to = encode(unit, to);
            } else {
                int character = simpleEscape(bytes[at + 1]);
                if (character < 0) {
                    return problem.at(Kind.ESCAPE, at);
                }
                scratch[to++] = (byte) character;
                at += 2;
            }
        }
        position = end + 1;
        stringBytes = scratch;
        stringFrom = 0;
        stringTo = to;
        return true;
    }

    private static int simpleEscape(byte escape) {
        return switch (escape) {
            case '"', '\\', '/' -> escape;
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            default -> -1;
        };
    }

    /** The UTF-16 unit that is escaped at that place, or -1. */
    private int unit(int at, int end) {
        if (end - at < 6 || bytes[at] != '\\' || bytes[at + 1] != 'u') {
            return -1;
        }
        int unit = 0;
        for (int i = at + 2; i < at + 6; i++) {
            int digit = hexDigit(bytes[i]);
            if (digit < 0) {
                return -1;
            }
            unit = unit << 4 | digit;
        }
        return unit;
    }

    /** The value of a hexadecimal digit in either case, or -1. */
    static int hexDigit(byte b) {
        if (b >= '0' && b <= '9') {
            return b - '0';
        }
        int lower = b | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    /** A surrogate without its other half has no UTF-8; it becomes U+FFFD, as Java's own encoders do with "?". */
    private int encode(int codePoint, int to) {
        int c = codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE
                ? REPLACEMENT_CHARACTER
                : codePoint;
        int at = to;
        if (c < 0x80) {
            scratch[at++] = (byte) c;
        } else if (c < 0x800) {
            scratch[at++] = (byte) (0xC0 | (c >> 6));
            scratch[at++] = (byte) (0x80 | (c & 0x3F));
        } else if (c < 0x10000) {
            scratch[at++] = (byte) (0xE0 | (c >> 12));
            scratch[at++] = (byte) (0x80 | ((c >> 6) & 0x3F));
            scratch[at++] = (byte) (0x80 | (c & 0x3F));
        } else {
            scratch[at++] = (byte) (0xF0 | (c >> 18));
            scratch[at++] = (byte) (0x80 | ((c >> 12) & 0x3F));
            scratch[at++] = (byte) (0x80 | ((c >> 6) & 0x3F));
            scratch[at++] = (byte) (0x80 | (c & 0x3F));
        }
        return at;
    }

    private boolean utf8(int from, int to) {
        int at = Bytes.utf8ProblemOffset(bytes, from, to - from);
        return at < 0 || problem.at(Kind.UTF_8, at, bytes[at] & 0xFF);
    }

    /** Steps over any value. {@code level} is how many objects and arrays are open. */
    boolean skip(int level) {
        int next = peek();
        boolean skipped;
        switch (next) {
            case '{', '[' -> {
                return skipItems(next == '{', level + 1);
            }
            case '"' -> {
                return takeString();
            }
            case 't', 'f' -> skipped = takeBoolean() >= 0;
            case 'n' -> skipped = takeNull();
            default -> skipped = takeNumber(number);
        }
        return skipped || problem.at(Kind.VALUE_EXPECTED, position);
    }

    private boolean skipItems(boolean object, int level) {
        if (level > depthMax) {
            return problem.at(Kind.DEPTH, position, depthMax);
        }
        int close = object ? '}' : ']';
        advance();
        if (peek() == close) {
            advance();
            return true;
        }
        while (true) {
            if (object && !(takeName() && take(':', Kind.COLON_EXPECTED))) {
                return false;
            }
            if (!skip(level)) {
                return false;
            }
            int next = peek();
            if (next == close) {
                advance();
                return true;
            }
            if (next != ',') {
                return problem.at(object ? Kind.COMMA_OR_BRACE_EXPECTED : Kind.COMMA_OR_BRACKET_EXPECTED, position);
            }
            advance();
        }
    }

    /** Reads the name of a member, not its colon. */
    boolean takeName() {
        return peek() == '"' ? takeString() : problem.at(Kind.NAME_EXPECTED, position);
    }
}
