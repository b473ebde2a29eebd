package io.spanweir.wire;

import io.spanweir.wire.OtlpJsonProblem.Kind;
import java.util.Objects;

/**
 * OTLP/JSON to protobuf in one pass over the text, without a tree, driven by {@link OtlpSchema}.
 *
 * <p>What it accepts beyond what writers may write: integers as strings or numbers, also {@code 1e3} and {@code 2.0};
 * doubles as numeric strings; enums by number or by the name in the .proto file; base64 in the standard or the URL-safe
 * alphabet, padded or not; hex in either case; {@code null} for an absent field. Names are lowerCamelCase only; a name that
 * OTLP does not define is skipped with its value, which must still be JSON. Two members of a oneof and a name that occurs
 * twice are errors ({@code null} does not count). A surrogate escape without its other half becomes U+FFFD; bytes that are
 * not UTF-8 are an error.
 *
 * <p>What it writes is canonical up to the order of fields, which is that of the text: singular fields occur once, repeated
 * numbers are packed, lengths are minimal, defaults of fields without presence are left out. Its nesting is below the
 * nesting of the text.
 *
 * <p>Source of the rules: opentelemetry-proto, docs/specification.md, "JSON Protobuf Encoding", and the ProtoJSON format.
 * Threading: one thread at a time; one instance serves any number of reads.
 */
public final class OtlpJsonReader {
    /** Objects and arrays that may be open at once. One level of a nested attribute value takes three. */
    public static final int DEPTH_MAX_DEFAULT = 100;

    private static final int DEPTH_MAX_LIMIT = 500;
    private static final int OUTPUT_LENGTH_MAX = Integer.MAX_VALUE - 64;
    private static final int NUMBER_LENGTH_MAX = 1000;
    private static final int ONEOF_TAKEN = 1; // field number 0 does not exist
    private static final byte[] NAN = {'N', 'a', 'N'};
    private static final byte[] INFINITY = {'I', 'n', 'f', 'i', 'n', 'i', 't', 'y'};
    private static final byte[] NEGATIVE_INFINITY = {'-', 'I', 'n', 'f', 'i', 'n', 'i', 't', 'y'};

    private final int depthMax;
    private final int outputLengthMax;
    private final OtlpJsonProblem problem;
    private final OtlpJsonText text;
    private final OtlpJsonBuffer output;
    private final OtlpJsonNumber number = new OtlpJsonNumber();
    private byte[] json = Bytes.EMPTY;
    private int start;
    private int end;
    /** The value that was read last: an integer, the bits of a double, 0 or 1 for a boolean. */
    private long scalar;

    public OtlpJsonReader() {
        this(DEPTH_MAX_DEFAULT, OUTPUT_LENGTH_MAX);
    }

    /**
     * @param depthMax objects and arrays that may be open at once, also in skipped values, 1 to 500
     * @param outputLengthMax bytes that the protobuf form may take; it can be four times as long as the text
     */
    public OtlpJsonReader(int depthMax, int outputLengthMax) {
        if (depthMax < 1 || depthMax > DEPTH_MAX_LIMIT || outputLengthMax < 0) {
            throw new IllegalArgumentException("depthMax %d, outputLengthMax %d".formatted(depthMax, outputLengthMax));
        }
        this.depthMax = depthMax;
        this.outputLengthMax = Math.min(outputLengthMax, OUTPUT_LENGTH_MAX);
        this.problem = new OtlpJsonProblem(depthMax);
        this.text = new OtlpJsonText(depthMax, problem);
        this.output = new OtlpJsonBuffer(this.outputLengthMax);
    }

    /**
     * Reads one message, usually a whole request.
     *
     * @return the length of its protobuf form at the start of {@link #output()}, or -1 when {@link #problem()} says why not
     * @throws IllegalArgumentException when the type is no part of an export request
     * @throws IndexOutOfBoundsException when the range is not inside the array
     */
    public int read(OtlpSchema.Message type, byte[] jsonBytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, jsonBytes.length);
        OtlpJsonType root = OtlpJsonType.of(type);
        json = jsonBytes;
        start = offset;
        end = offset + length;
        problem.clear();
        output.clear();
        text.wrap(jsonBytes, offset, length);
        boolean complete = message(root, 1);
        if (complete && text.peek() >= 0) {
            complete = problem.at(Kind.END_EXPECTED, text.position());
        }
        if (complete) { // a reader that waits for its next request must not hold the text of the last one
            json = Bytes.EMPTY;
            text.wrap(Bytes.EMPTY, 0, 0);
        }
        return complete ? output.length() : -1;
    }

    /** The array that the last read wrote to, from 0. Valid until the next read. */
    public byte[] output() {
        return output.bytes();
    }

    /**
     * What was wrong, for example {@code resourceSpans[0].scopeSpans[0].spans[3].traceId: "5b8e" has 4 hex digits, expected
     * 32 (line 1, column 1204)}. Empty after a read that succeeded. Needs the text unchanged.
     */
    public String problem() {
        return problem.present() ? problem.text(json, start, end) : "";
    }

    private boolean message(OtlpJsonType type, int level) {
        if (text.peek() != '{') {
            return problem.at(Kind.OBJECT_EXPECTED, text.position());
        }
        if (level > depthMax) {
            return problem.at(Kind.DEPTH, text.position(), depthMax);
        }
        text.advance();
        if (text.peek() == '}') {
            text.advance();
            return true;
        }
        int seen = 0;
        while (true) {
            text.peek();
            int nameOffset = text.position();
            if (!text.takeName()) {
                return false;
            }
            OtlpJsonType.Field field = type.find(text.stringBytes(), text.stringFrom(), text.stringTo());
            if (!text.take(':', Kind.COLON_EXPECTED)) {
                return false;
            }
            if (field == null) {
                if (!text.skip(level)) {
                    return false;
                }
            } else if (text.peek() != 'n' || !text.takeNull()) {
                int bit = 1 << field.number;
                if ((seen & bit) != 0) {
                    return report(Kind.DUPLICATE, nameOffset, field);
                }
                if (field.oneof && (seen & ONEOF_TAKEN) != 0) {
                    return report(Kind.ONEOF, nameOffset, field);
                }
                seen |= field.oneof ? bit | ONEOF_TAKEN : bit;
                if (!(field.repeated ? array(field, level + 1) : member(field, level))) {
                    return false;
                }
            }
            int next = text.peek();
            if (next == '}') {
                text.advance();
                return true;
            }
            if (next != ',') {
                return problem.at(Kind.COMMA_OR_BRACE_EXPECTED, text.position());
            }
            text.advance();
        }
    }

    private boolean report(Kind kind, int offset, OtlpJsonType.Field field) {
        problem.at(kind, offset);
        return problem.inside(field);
    }

    /** A field that is not repeated. {@code level} is that of the message it belongs to. */
    private boolean member(OtlpJsonType.Field field, int level) {
        return value(field, level, field.presence) || problem.inside(field);
    }

    private boolean array(OtlpJsonType.Field field, int level) {
        if (text.peek() != '[') {
            return report(Kind.ARRAY_EXPECTED, text.position(), field);
        }
        if (level > depthMax) {
            problem.at(Kind.DEPTH, text.position(), depthMax);
            return problem.inside(field);
        }
        text.advance();
        if (text.peek() == ']') {
            text.advance();
            return true;
        }
        boolean packed = field.schema.packable();
        int begin = 0;
        if (packed) {
            output.putVarint(field.number << 3 | WireType.LENGTH);
            begin = output.beginLength();
        }
        int index = 0;
        while (true) {
            if (text.peek() == 'n') {
                return elementProblem(field, index);
            }
            if (!(packed ? packedElement(field) : value(field, level, true))) {
                return problem.inside(field, index);
            }
            index++;
            int next = text.peek();
            if (next == ']') {
                text.advance();
                break;
            }
            if (next != ',') {
                return report(Kind.COMMA_OR_BRACKET_EXPECTED, text.position(), field);
            }
            text.advance();
        }
        if (packed) {
            output.endLength(begin);
        }
        return fits() || problem.inside(field);
    }

    private boolean elementProblem(OtlpJsonType.Field field, int index) {
        int offset = text.position();
        problem.at(text.takeNull() ? Kind.NULL_ELEMENT : Kind.VALUE_EXPECTED, offset);
        return problem.inside(field, index);
    }

    private boolean packedElement(OtlpJsonType.Field field) {
        if (!scalar(field)) {
            return false;
        }
        putScalar(field.kind);
        return fits();
    }

    /** Reads a value and writes it with its tag. {@code level} is that of the object or array that holds it. */
    private boolean value(OtlpJsonType.Field field, int level, boolean writesDefault) {
        switch (field.kind) {
            case MESSAGE -> {
                output.putVarint(field.tag);
                int begin = output.beginLength();
                if (!message(field.type(), level + 1)) {
                    return false;
                }
                output.endLength(begin);
            }
            case STRING -> {
                if (!string()) {
                    return false;
                }
                int length = text.stringTo() - text.stringFrom();
                if (length > 0 || writesDefault) {
                    output.putVarint(field.tag);
                    output.putVarint(length);
                    output.put(text.stringBytes(), text.stringFrom(), length);
                }
            }
            case ID -> {
                if (!id(field)) {
                    return false;
                }
            }
            case BYTES -> {
                if (!base64(field, writesDefault)) {
                    return false;
                }
            }
            default -> {
                if (!scalar(field)) {
                    return false;
                }
                if (scalar != 0 || writesDefault) {
                    output.putVarint(field.tag);
                    putScalar(field.kind);
                }
            }
        }
        return fits();
    }

    private boolean fits() {
        return !output.overflowed() || problem.at(Kind.OUTPUT_LENGTH, text.position(), outputLengthMax);
    }

    private boolean string() {
        return text.peek() == '"' ? text.takeString() : problem.at(Kind.STRING_EXPECTED, text.position());
    }

    private boolean id(OtlpJsonType.Field field) {
        text.peek();
        int offset = text.position();
        if (!string()) {
            return false;
        }
        byte[] bytes = text.stringBytes();
        int from = text.stringFrom();
        int digits = text.stringTo() - from;
        for (int i = 0; i < digits; i++) {
            if (OtlpJsonText.hexDigit(bytes[from + i]) < 0) {
                return problem.at(Kind.ID_DIGIT, offset);
            }
        }
        int length = field.schema.idLength();
        if (digits == 0) {
            return true;
        }
        if (digits != 2 * length) {
            return problem.at(Kind.ID_LENGTH, offset, digits);
        }
        output.putVarint(field.tag);
        output.putVarint(length);
        for (int i = from; i < from + digits; i += 2) {
            output.put(OtlpJsonText.hexDigit(bytes[i]) << 4 | OtlpJsonText.hexDigit(bytes[i + 1]));
        }
        return true;
    }

    private boolean base64(OtlpJsonType.Field field, boolean writesDefault) {
        text.peek();
        int offset = text.position();
        if (!string()) {
            return false;
        }
        byte[] bytes = text.stringBytes();
        int from = text.stringFrom();
        int to = text.stringTo();
        if ((to - from) % 4 == 0) { // padding is all there or not at all
            for (int i = 0; i < 2 && to > from && bytes[to - 1] == '='; i++) {
                to--;
            }
        }
        int characters = to - from;
        for (int i = from; i < to; i++) {
            if (sextet(bytes[i]) < 0) {
                return problem.at(Kind.BASE64, offset);
            }
        }
        if (characters % 4 == 1) {
            return problem.at(Kind.BASE64, offset);
        }
        if (characters == 0 && !writesDefault) {
            return true;
        }
        output.putVarint(field.tag);
        output.putVarint(characters * 3L / 4);
        int bits = 0;
        int bitCount = 0;
        for (int i = from; i < to; i++) {
            bits = bits << 6 | sextet(bytes[i]);
            bitCount += 6;
            if (bitCount >= 8) {
                bitCount -= 8;
                output.put(bits >>> bitCount);
            }
        }
        return true;
    }

    private static int sextet(byte b) {
        if (b >= 'A' && b <= 'Z') {
            return b - 'A';
        }
        if (b >= 'a' && b <= 'z') {
            return b - 'a' + 26;
        }
        if (b >= '0' && b <= '9') {
            return b - '0' + 52;
        }
        return switch (b) {
            case '+', '-' -> 62;
            case '/', '_' -> 63;
            default -> -1;
        };
    }

    private boolean scalar(OtlpJsonType.Field field) {
        int next = text.peek();
        int offset = text.position();
        if (field.kind == OtlpSchema.Kind.BOOL) {
            scalar = text.takeBoolean();
            return scalar >= 0 || problem.at(Kind.BOOLEAN_EXPECTED, offset);
        }
        if (next == '"') {
            if (!text.takeString()) {
                return false;
            }
            byte[] bytes = text.stringBytes();
            int from = text.stringFrom();
            int to = text.stringTo();
            if (field.kind == OtlpSchema.Kind.DOUBLE && named(bytes, from, to)) {
                return true;
            }
            if (number.scan(bytes, from, to) != to) {
                return field.kind == OtlpSchema.Kind.ENUM
                        ? enumName(field, bytes, from, to, offset)
                        : problem.at(Kind.NUMBER_EXPECTED, offset);
            }
        } else if (!text.takeNumber(number)) {
            return problem.at(Kind.NUMBER_EXPECTED, offset);
        }
        if (text.position() - offset > NUMBER_LENGTH_MAX) {
            return problem.at(Kind.NUMBER_LENGTH, offset, NUMBER_LENGTH_MAX);
        }
        return field.kind == OtlpSchema.Kind.DOUBLE ? finiteDouble(offset) : integer(field.kind, offset);
    }

    /** The doubles that have no number in JSON. */
    private boolean named(byte[] bytes, int from, int to) {
        double value;
        if (Bytes.equal(bytes, from, to - from, NAN)) {
            value = Double.NaN;
        } else if (Bytes.equal(bytes, from, to - from, INFINITY)) {
            value = Double.POSITIVE_INFINITY;
        } else if (Bytes.equal(bytes, from, to - from, NEGATIVE_INFINITY)) {
            value = Double.NEGATIVE_INFINITY;
        } else {
            return false;
        }
        scalar = Double.doubleToLongBits(value);
        return true;
    }

    private boolean enumName(OtlpJsonType.Field field, byte[] bytes, int from, int to, int offset) {
        for (int i = 0; i < field.valueNames.length; i++) {
            byte[] name = field.valueNames[i];
            if (Bytes.equal(bytes, from, to - from, name)) {
                scalar = i;
                return true;
            }
        }
        return problem.at(Kind.ENUM_NAME, offset, field.valueNames.length - 1);
    }

    private boolean finiteDouble(int offset) {
        double value = number.toDouble();
        if (Double.isInfinite(value)) {
            return problem.at(Kind.DOUBLE_RANGE, offset);
        }
        scalar = Double.doubleToLongBits(value);
        return true;
    }

    private boolean integer(OtlpSchema.Kind kind, int offset) {
        if (!number.integral()) {
            return problem.at(Kind.INTEGER_EXPECTED, offset);
        }
        if (!number.resolveMagnitude()) {
            return problem.at(Kind.RANGE, offset);
        }
        long magnitude = number.magnitude();
        boolean negative = number.negative();
        boolean inRange = switch (kind) {
            case UINT32, FIXED32 -> !negative && magnitude >>> 32 == 0;
            case UINT64, FIXED64 -> !negative;
            case INT64, SFIXED64 -> magnitude >= 0 || (negative && magnitude == Long.MIN_VALUE);
            default -> magnitude >>> 31 == 0 || (negative && magnitude == 1L << 31);
        };
        scalar = negative ? -magnitude : magnitude;
        return inRange || problem.at(Kind.RANGE, offset);
    }

    private void putScalar(OtlpSchema.Kind kind) {
        switch (kind) {
            case FIXED32 -> output.putFixed32((int) scalar);
            case FIXED64, SFIXED64, DOUBLE -> output.putFixed64(scalar);
            case SINT32 -> output.putVarint(Bytes.zigzagEncoded(scalar));
            default -> output.putVarint(scalar);
        }
    }
}
