package io.spanweir.data;

import io.spanweir.wire.Bytes;
import io.spanweir.wire.OtlpFields;
import java.util.Arrays;

/** The body of one {@code KeyValue}. The usual order, key before value with short lengths, is tried first. */
final class Entry {
    private Entry() {}

    /** Wraps the value if the key is the given one. */
    static boolean find(byte[] b, int start, int end, byte[] key, ValueView into) {
        int value = start + 2 + key.length;
        if (usual(b, start, end, key.length)) {
            if (Arrays.equals(b, start + 2, value, key, 0, key.length)) {
                into.wrap(b, value + 2, end - value - 2);
                return true;
            }
            return false;
        }
        if (!keyIs(b, start, end, key)) {
            return false;
        }
        into.wrap(b, end, 0);
        for (int at = start; at < end; ) {
            int tag = (int) Bytes.varintAt(b, at);
            int content = Bytes.varintEnd(b, at);
            at = Bytes.valueEnd(b, content, tag);
            if (tag == OtlpFields.KEY_VALUE_VALUE) {
                int body = Bytes.varintEnd(b, content);
                into.wrap(b, body, at - body);
            }
        }
        return true;
    }

    /** Whether it is a key of so many bytes and a value that fills the rest, both of less than 128 bytes. */
    static boolean usual(byte[] b, int start, int end, int keyLength) {
        int value = start + 2 + keyLength;
        return value + 2 <= end
                && b[start] == OtlpFields.KEY_VALUE_KEY
                && b[value] == OtlpFields.KEY_VALUE_VALUE
                && b[start + 1] == keyLength
                && value + 2 + b[value + 1] == end;
    }

    /** Whether the key, which is the last of its field, is the given one. */
    static boolean keyIs(byte[] b, int start, int end, byte[] key) {
        if (usual(b, start, end, key.length)) {
            return Arrays.equals(b, start + 2, start + 2 + key.length, key, 0, key.length);
        }
        int keyOffset = start;
        int keyLength = 0;
        for (int at = start; at < end; ) {
            int tag = (int) Bytes.varintAt(b, at);
            int content = Bytes.varintEnd(b, at);
            at = Bytes.valueEnd(b, content, tag);
            if (tag == OtlpFields.KEY_VALUE_KEY) {
                keyOffset = Bytes.varintEnd(b, content);
                keyLength = at - keyOffset;
            }
        }
        return Bytes.equal(b, keyOffset, keyLength, key);
    }
}
