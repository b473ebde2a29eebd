package io.spanweir.filter;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.spanweir.data.ValueView;
import io.spanweir.wire.WireWriter;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/**
 * Arrays, maps and bytes as the text that the collector makes of them: JSON as Go writes it, with keys in the order of their
 * bytes, and {@code <}, {@code >}, {@code &} escaped. A number that JSON does not have makes the whole text empty. Allocates.
 * Threading: any thread.
 */
final class JsonText {
    private static final byte[] HEX = "0123456789abcdef".getBytes(UTF_8);

    private final WireWriter out = new WireWriter();
    private boolean broken;

    private JsonText() {}

    static byte[] of(ValueView value) {
        if (value.type() == ValueView.Type.BYTES) {
            return base64(value);
        }
        JsonText text = new JsonText();
        text.value(value);
        return text.broken ? new byte[0] : text.out.toByteArray();
    }

    private static byte[] base64(ValueView value) {
        int from = value.contentOffset();
        return Base64.getEncoder().encode(Arrays.copyOfRange(value.bytes(), from, from + value.contentLength()));
    }

    private void value(ValueView value) {
        switch (value.type()) {
            case EMPTY -> ascii("null");
            case STRING -> string(value.bytes(), value.contentOffset(), value.contentLength());
            case BOOL -> ascii(String.valueOf(value.booleanValue()));
            case INT -> ascii(String.valueOf(value.longValue()));
            case DOUBLE -> number(value.doubleValue());
            case BYTES -> {
                out.raw((byte) '"');
                put(base64(value));
                out.raw((byte) '"');
            }
            case ARRAY -> array(value);
            case MAP -> map(value);
        }
    }

    private void number(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            broken = true;
        } else {
            ascii(Decimals.json(value));
        }
    }

    private void array(ValueView value) {
        ValueView item = new ValueView();
        out.raw((byte) '[');
        value.rewind();
        for (boolean first = true; value.next(item); first = false) {
            if (!first) {
                out.raw((byte) ',');
            }
            value(item);
        }
        out.raw((byte) ']');
    }

    private void map(ValueView value) {
        Map<byte[], ValueView> entries = new TreeMap<>(Arrays::compareUnsigned);
        ValueView item = new ValueView();
        value.rewind();
        while (value.next(item)) {
            byte[] key = Arrays.copyOfRange(value.bytes(), value.keyOffset(), value.keyOffset() + value.keyLength());
            entries.put(key, item);
            item = new ValueView();
        }
        out.raw((byte) '{');
        boolean first = true;
        for (Map.Entry<byte[], ValueView> entry : entries.entrySet()) {
            if (!first) {
                out.raw((byte) ',');
            }
            first = false;
            string(entry.getKey(), 0, entry.getKey().length);
            out.raw((byte) ':');
            value(entry.getValue());
        }
        out.raw((byte) '}');
    }

    private void string(byte[] bytes, int offset, int length) {
        out.raw((byte) '"');
        for (int at = offset; at < offset + length; at++) {
            int b = bytes[at] & 0xFF;
            if (b == '"' || b == '\\') {
                out.raw((byte) '\\');
                out.raw((byte) b);
            } else if (b < ' ') {
                control(b);
            } else if (b == '<' || b == '>' || b == '&') {
                unicode(0, b);
            } else if (b == 0xE2
                    && at + 2 < offset + length
                    && (bytes[at + 1] & 0xFF) == 0x80
                    && (bytes[at + 2] & 0xFE) == 0xA8) {
                unicode(0x20, 0x28 + (bytes[at + 2] & 1)); // the two line separators that JavaScript knows
                at += 2;
            } else {
                out.raw((byte) b);
            }
        }
        out.raw((byte) '"');
    }

    private void control(int b) {
        switch (b) {
            case '\n' -> ascii("\\n");
            case '\r' -> ascii("\\r");
            case '\t' -> ascii("\\t");
            case '\b' -> ascii("\\b");
            case '\f' -> ascii("\\f");
            default -> unicode(0, b);
        }
    }

    private void unicode(int high, int low) {
        ascii("\\u");
        out.raw(HEX[high >> 4]);
        out.raw(HEX[high & 15]);
        out.raw(HEX[low >> 4]);
        out.raw(HEX[low & 15]);
    }

    private void ascii(String text) {
        put(text.getBytes(UTF_8));
    }

    private void put(byte[] text) {
        out.raw(text, 0, text.length);
    }
}
