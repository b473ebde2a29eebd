package io.spanweir.data;

import io.spanweir.wire.Bytes;
import io.spanweir.wire.OtlpFields;
import io.spanweir.wire.WireType;

/**
 * Finds attributes by key in the bytes of the message that holds them. Threading: any thread.
 *
 * <p>Nearly every sender writes an attribute as tag, length, key, value with lengths below 128, so its first eight bytes tell
 * almost for sure whether it has a key: one load and one comparison an attribute. Whatever looks different is a candidate too,
 * and {@link #keyIs} has the last word.
 *
 * <pre>
 * | tag | length | 0x0A | key length | four bytes of the key |     compared under a mask that leaves the length out
 * </pre>
 */
final class AttributeScan {
    /** The bytes of {@link #pattern} that every attribute with the key has; keys of four bytes and more. */
    private static final long LONG_KEY_MASK = 0xFFFFFFFF_FFFF00FFL;

    /** Tag, upper bit of the length, tag of the key, upper bit of its length. */
    private static final int USUAL_MASK = 0x80FF80FF;

    /** Zero under this mask: the tag and the length have one byte each; what is left is the wire type. */
    private static final int SHORT_FIELD_MASK = 0x8087;

    private static final int TRACE_ID = 16 << 8 | OtlpFields.SPAN_TRACE_ID;

    private AttributeScan() {}

    static long pattern(int attributesTag, byte[] key) {
        long start = 0;
        for (int i = Math.min(4, key.length) - 1; i >= 0; i--) {
            start = start << 8 | key[i] & 0xFF;
        }
        // A length of 128 or more never shows in one byte; 255 is none.
        int length = Math.min(key.length, 0xFF) | (key.length >= 0x80 ? 0xFF : 0);
        return start << 32 | (long) length << 24 | OtlpFields.KEY_VALUE_KEY << 16 | attributesTag;
    }

    static long mask(byte[] key) {
        return key.length >= 4 ? LONG_KEY_MASK : LONG_KEY_MASK & (1L << 8 * (4 + key.length)) - 1;
    }

    /**
     * The first attribute at or behind an offset that may have one of two keys.
     *
     * @return where its tag is, or -1
     */
    static int candidate(
            byte[] b, int from, int limit, int tag, long pattern, long mask, long otherPattern, long otherMask) {
        int loadable = Math.min(limit, b.length - 7);
        int usual = OtlpFields.KEY_VALUE_KEY << 16 | tag;
        int at = from;
        while (at < loadable) {
            long head = Bytes.longAt(b, at);
            int next = at + 2 + b[at + 1]; // read alone: the walk waits for it
            if (((int) head & USUAL_MASK) == usual) {
                int value = at + 4 + ((int) head >>> 24);
                if (((head ^ pattern) & mask) == 0
                        || ((head ^ otherPattern) & otherMask) == 0
                        || !valueFills(b, value, next)) {
                    return at;
                }
                at = next;
            } else if (((int) head & 0xFF) == tag) {
                return at;
            } else {
                int type = (int) head & SHORT_FIELD_MASK;
                if (((int) head & 0xFFFF) == TRACE_ID) { // foreseen: the walk does not wait for the length
                    at += 18;
                } else if (((int) head & 0xFF87) == (8 << 8 | WireType.LENGTH)) {
                    at += 10;
                } else if (type == WireType.LENGTH) {
                    at = next;
                } else if ((type & 0x87) == WireType.FIXED64) {
                    at += 9;
                } else if (type == WireType.VARINT) {
                    at += 2;
                } else if (type == (0x80 | WireType.FIXED32)) { // the flags of a span: a tag of two bytes
                    at += 6;
                } else {
                    int fieldTag = (int) Bytes.varintAt(b, at);
                    if (fieldTag == tag) { // written longer than need be
                        return at;
                    }
                    at = Bytes.valueEnd(b, Bytes.varintEnd(b, at), fieldTag);
                }
            }
        }
        return nextAttribute(b, at, limit, tag);
    }

    /** Whether a value of less than 128 bytes, with its tag, is all that an attribute has from an offset on. */
    private static boolean valueFills(byte[] b, int value, int next) {
        return value <= next - 2 && b[value] == OtlpFields.KEY_VALUE_VALUE && value + 2 + b[value + 1] == next;
    }

    /** The first attribute at or behind an offset with a key, or -1. */
    static int find(byte[] b, int from, int limit, int tag, byte[] key, long pattern, long mask) {
        int at = candidate(b, from, limit, tag, pattern, mask, pattern, mask);
        while (at >= 0 && !keyIs(b, at, key)) {
            at = candidate(b, fieldEnd(b, at), limit, tag, pattern, mask, pattern, mask);
        }
        return at;
    }

    /** The first attribute at or behind an offset, or -1. */
    static int nextAttribute(byte[] b, int from, int limit, int tag) {
        int at = from;
        while (at < limit) {
            int fieldTag = (int) Bytes.varintAt(b, at);
            if (fieldTag == tag) {
                return at;
            }
            at = Bytes.valueEnd(b, Bytes.varintEnd(b, at), fieldTag);
        }
        return -1;
    }

    /** Whether the attribute whose tag is at an offset has a key. */
    static boolean keyIs(byte[] b, int field, byte[] key) {
        int lengthAt = Bytes.varintEnd(b, field);
        int start = Bytes.varintEnd(b, lengthAt);
        return Entry.keyIs(b, start, start + (int) Bytes.varintAt(b, lengthAt), key);
    }

    /** The offset behind the attribute whose tag is at an offset. */
    static int fieldEnd(byte[] b, int field) {
        int lengthAt = Bytes.varintEnd(b, field);
        return Bytes.varintEnd(b, lengthAt) + (int) Bytes.varintAt(b, lengthAt);
    }
}
