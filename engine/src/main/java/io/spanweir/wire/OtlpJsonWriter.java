package io.spanweir.wire;

import io.spanweir.wire.OtlpSchema.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Protobuf to OTLP/JSON without white space: ids in lower-case hex, 64-bit integers as strings, enums as numbers, bytes in
 * padded base64, fields in the order of their numbers. Unknown fields are dropped, and so are defaults of fields without
 * presence. Of a scalar that occurs twice the last counts, messages that occur twice merge, and a repeated field becomes one
 * array wherever its elements stand.
 *
 * <p>The bytes must be valid: validated by the scanner of this package or written by {@link OtlpJsonReader}. Texts are
 * appended to one output until {@link #clear()}. Threading: one thread at a time.
 */
public final class OtlpJsonWriter {
    /*
     * Each message is walked twice. The first walk notes for every field number where its first and last occurrence are, in
     * a window of two arrays that moves with the nesting level; the second walks the fields of the schema and goes back to
     * those places. A field that occurs once or stands together, which is what encoders write, costs no further search.
     * Merging copies: the bytes of two messages one after the other are the bytes of the merged message.
     */
    private static final int FIELDS = OtlpSchema.TABLE_LIMIT;
    private static final int ABSENT = -1;
    private static final double EXACT_INTEGER_LIMIT = 1e15;
    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
    private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BASE64 =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".getBytes(StandardCharsets.US_ASCII);

    private final OtlpJsonBuffer output = new OtlpJsonBuffer(Integer.MAX_VALUE - 64);
    private final byte[] digits = new byte[20];
    /** Where the tags of the first and last occurrence begin, or ABSENT; {@link #FIELDS} entries per level. */
    private int[] first = new int[8 * FIELDS];

    private int[] last = new int[8 * FIELDS];
    /** Results of {@link #readVarint} and {@link #readTag}. */
    private int position;

    private long varint;

    /**
     * Appends one message.
     *
     * @throws IllegalArgumentException when the type is no part of an export request
     */
    public void write(OtlpSchema.Message type, byte[] protobuf, int offset, int length) {
        message(OtlpJsonType.of(type), protobuf, offset, offset + length, 0);
    }

    /** Appends a line end, for files with one text a line. */
    public void newLine() {
        output.put('\n');
    }

    public void clear() {
        output.clear();
    }

    /** The array with everything that was appended, from 0 to {@link #length()}. Valid until the next call that writes. */
    public byte[] output() {
        return output.bytes();
    }

    /** Bytes appended since {@link #clear()}. */
    public int length() {
        return output.length();
    }

    /** Whether texts were too long for one array, about 2 GiB; then the output is incomplete. */
    public boolean overflowed() {
        return output.overflowed();
    }

    private void message(OtlpJsonType type, byte[] bytes, int from, int to, int level) {
        index(type, bytes, from, to, level);
        int window = level * FIELDS;
        boolean separated = false;
        output.put('{');
        for (OtlpJsonType.Field field : type.fields) {
            int firstAt = first[window + field.number];
            int lastAt = last[window + field.number];
            if (firstAt != ABSENT && (field.repeated || !omitted(field, bytes, lastAt))) {
                if (separated) {
                    output.put(',');
                }
                separated = true;
                output.put(field.label, 0, field.label.length);
                if (field.repeated) {
                    array(field, bytes, firstAt, lastAt, level);
                } else if (field.kind == Kind.MESSAGE && firstAt != lastAt) {
                    merged(field, bytes, firstAt, lastAt, level);
                } else {
                    readTag(bytes, lastAt);
                    value(field, bytes, position, level);
                }
            }
        }
        output.put('}');
    }

    private void index(OtlpJsonType type, byte[] bytes, int from, int to, int level) {
        int window = level * FIELDS;
        if (first.length < window + FIELDS) {
            first = Arrays.copyOf(first, first.length * 2);
            last = Arrays.copyOf(last, last.length * 2);
        }
        Arrays.fill(first, window, window + FIELDS, ABSENT);
        int oneof = 0;
        int at = from;
        while (at < to) {
            int tag = readTag(bytes, at);
            OtlpJsonType.Field field = type.find(tag >>> 3);
            if (field != null && readable(field, tag & 7)) {
                if (field.oneof && oneof != field.number) {
                    first[window + oneof] = ABSENT; // the later member clears the earlier
                    oneof = field.number;
                }
                if (first[window + field.number] == ABSENT) {
                    first[window + field.number] = at;
                }
                last[window + field.number] = at;
            }
            at = Bytes.valueEnd(bytes, position, tag);
        }
    }

    /** A wire type that the schema does not expect makes a field unknown. */
    private static boolean readable(OtlpJsonType.Field field, int wireType) {
        return wireType == field.kind.wireType() || (wireType == WireType.LENGTH && field.schema.packable());
    }

    /** Whether a field that is there holds the default and has no presence. */
    private boolean omitted(OtlpJsonType.Field field, byte[] bytes, int tagAt) {
        if (field.presence) {
            return false;
        }
        readTag(bytes, tagAt);
        return switch (field.kind.wireType()) {
            case WireType.FIXED32 -> Bytes.intAt(bytes, position) == 0;
            case WireType.FIXED64 -> Bytes.longAt(bytes, position) == 0;
            default -> { // 0, or no bytes
                readVarint(bytes, position);
                yield varintOf(field.kind) == 0;
            }
        };
    }

    private void array(OtlpJsonType.Field field, byte[] bytes, int firstAt, int lastAt, int level) {
        output.put('[');
        int begin = output.length();
        int at = firstAt;
        while (at <= lastAt) {
            int tag = readTag(bytes, at);
            int next = Bytes.valueEnd(bytes, position, tag);
            if (tag >>> 3 == field.number && readable(field, tag & 7)) {
                if ((tag & 7) == field.kind.wireType()) {
                    separate(begin);
                    value(field, bytes, position, level);
                } else {
                    readVarint(bytes, position);
                    while (position < next) {
                        separate(begin);
                        position = value(field, bytes, position, level);
                    }
                }
            }
            at = next;
        }
        output.put(']');
    }

    private void separate(int begin) {
        if (output.length() > begin) {
            output.put(',');
        }
    }

    private void merged(OtlpJsonType.Field field, byte[] bytes, int firstAt, int lastAt, int level) {
        int lastTag = readTag(bytes, lastAt);
        byte[] all = new byte[Bytes.valueEnd(bytes, position, lastTag) - firstAt];
        int length = 0;
        int at = firstAt;
        while (at <= lastAt) {
            int tag = readTag(bytes, at);
            int next = Bytes.valueEnd(bytes, position, tag);
            if (tag >>> 3 == field.number && readable(field, tag & 7)) {
                readVarint(bytes, position);
                System.arraycopy(bytes, position, all, length, next - position);
                length += next - position;
            }
            at = next;
        }
        message(field.type(), all, 0, length, level + 1);
    }

    /** Writes the value that begins at that place; returns where it ends. */
    private int value(OtlpJsonType.Field field, byte[] bytes, int at, int level) {
        switch (field.kind.wireType()) {
            case WireType.LENGTH -> {
                readVarint(bytes, at);
                int from = position;
                int to = from + (int) varint;
                switch (field.kind) {
                    case MESSAGE -> message(field.type(), bytes, from, to, level + 1);
                    case ID -> hex(bytes, from, to);
                    case BYTES -> base64(bytes, from, to);
                    default -> string(bytes, from, to);
                }
                return to;
            }
            case WireType.FIXED64 -> {
                fixed64Value(field.kind, Bytes.longAt(bytes, at));
                return at + 8;
            }
            case WireType.FIXED32 -> {
                decimal(Bytes.intAt(bytes, at) & 0xFFFF_FFFFL, false);
                return at + 4;
            }
            default -> {
                readVarint(bytes, at);
                varintValue(field.kind);
                return position;
            }
        }
    }

    private void fixed64Value(Kind kind, long value) {
        if (kind == Kind.DOUBLE) {
            number(Double.longBitsToDouble(value));
        } else {
            quotedDecimal(value, kind == Kind.SFIXED64);
        }
    }

    private void varintValue(Kind kind) {
        long value = varintOf(kind);
        switch (kind) {
            case BOOL -> {
                byte[] word = value != 0 ? TRUE : FALSE;
                output.put(word, 0, word.length);
            }
            case INT64 -> quotedDecimal(value, true);
            case UINT64 -> quotedDecimal(value, false);
            default -> decimal(value, true);
        }
    }

    /** The value of the varint that was read; 32-bit kinds keep the low 32 bits. */
    private long varintOf(Kind kind) {
        return switch (kind) {
            case INT32, ENUM -> (int) varint;
            case UINT32 -> varint & 0xFFFF_FFFFL;
            case SINT32 -> Bytes.zigzagDecoded(varint & 0xFFFF_FFFFL);
            default -> varint;
        };
    }

    private void quotedDecimal(long value, boolean signed) {
        output.put('"');
        decimal(value, signed);
        output.put('"');
    }

    private void decimal(long value, boolean signed) {
        long rest = value;
        if (signed && value < 0) {
            output.put('-');
            rest = -value; // as unsigned also right for the smallest long
        }
        int at = digits.length;
        do {
            long quotient = Long.divideUnsigned(rest, 10);
            digits[--at] = (byte) ('0' + rest - quotient * 10);
            rest = quotient;
        } while (rest != 0);
        output.put(digits, at, digits.length - at);
    }

    private void number(double value) {
        if (Double.isNaN(value)) {
            output.putText("\"NaN\"");
        } else if (Double.isInfinite(value)) {
            output.putText(value > 0 ? "\"Infinity\"" : "\"-Infinity\"");
        } else if (value == Math.rint(value) && Math.abs(value) < EXACT_INTEGER_LIMIT) {
            if (value == 0 && Double.doubleToRawLongBits(value) != 0) {
                output.put('-'); // an integer has no negative zero
            }
            decimal((long) value, true);
        } else {
            text(Double.toString(value)); // the shortest that reads back as the same double, with JDK 19 or later
        }
    }

    /** Without the {@code .0} that Java writes in {@code 1.0E23}. */
    private void text(String number) {
        int exponent = number.indexOf('E');
        if (exponent > 2 && number.startsWith(".0", exponent - 2)) {
            output.putText(number.substring(0, exponent - 2));
            output.putText(number.substring(exponent));
        } else {
            output.putText(number);
        }
    }

    private void hex(byte[] bytes, int from, int to) {
        output.put('"');
        for (int i = from; i < to; i++) {
            output.put(HEX[bytes[i] >> 4 & 15]);
            output.put(HEX[bytes[i] & 15]);
        }
        output.put('"');
    }

    private void base64(byte[] bytes, int from, int to) {
        output.put('"');
        for (int i = from; i < to; i += 3) {
            int count = Math.min(3, to - i);
            int group = (bytes[i] & 0xFF) << 16
                    | (count > 1 ? (bytes[i + 1] & 0xFF) << 8 : 0)
                    | (count > 2 ? bytes[i + 2] & 0xFF : 0);
            output.put(BASE64[group >>> 18]);
            output.put(BASE64[group >>> 12 & 63]);
            output.put(count > 1 ? BASE64[group >>> 6 & 63] : '=');
            output.put(count > 2 ? BASE64[group & 63] : '=');
        }
        output.put('"');
    }

    private void string(byte[] bytes, int from, int to) {
        output.put('"');
        escaped(output, bytes, from, to);
        output.put('"');
    }

    /** Writes UTF-8 text for the inside of a JSON string: what needs no escape in runs, the rest one by one. */
    static void escaped(OtlpJsonBuffer output, byte[] bytes, int from, int to) {
        int runFrom = from;
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (b == '"' || b == '\\' || (b >= 0 && b < ' ')) {
                output.put(bytes, runFrom, i - runFrom);
                runFrom = i + 1;
                output.put('\\');
                switch (b) {
                    case '"', '\\' -> output.put(b);
                    case '\n' -> output.put('n');
                    case '\r' -> output.put('r');
                    case '\t' -> output.put('t');
                    default -> {
                        output.put('u');
                        output.put('0');
                        output.put('0');
                        output.put(HEX[b >> 4]);
                        output.put(HEX[b & 15]);
                    }
                }
            }
        }
        output.put(bytes, runFrom, to - runFrom);
    }

    private int readTag(byte[] bytes, int at) {
        readVarint(bytes, at);
        return (int) varint;
    }

    private void readVarint(byte[] bytes, int at) {
        varint = Bytes.varintAt(bytes, at);
        position = Bytes.varintEnd(bytes, at);
    }
}
