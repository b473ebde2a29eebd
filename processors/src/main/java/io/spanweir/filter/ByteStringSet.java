package io.spanweir.filter;

import io.spanweir.wire.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Collection;

/** A fixed set of texts that is asked with ranges of UTF-8 bytes. Threading: any thread, immutable. */
public final class ByteStringSet {
    private final byte[][] slots;
    private final int mask;

    public ByteStringSet(Collection<String> texts) {
        int size = Integer.highestOneBit(Math.max(1, texts.size()) * 4 - 1) * 2;
        slots = new byte[size][];
        mask = size - 1;
        for (String text : texts) {
            add(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private void add(byte[] text) {
        int slot = hash(text, 0, text.length) & mask;
        while (slots[slot] != null && !Bytes.equal(text, 0, text.length, slots[slot])) {
            slot = slot + 1 & mask;
        }
        slots[slot] = text;
    }

    public boolean contains(byte[] bytes, int offset, int length) {
        for (int slot = hash(bytes, offset, length) & mask; slots[slot] != null; slot = slot + 1 & mask) {
            if (Bytes.equal(bytes, offset, length, slots[slot])) {
                return true;
            }
        }
        return false;
    }

    static int hash(byte[] bytes, int offset, int length) {
        int hash = length;
        for (int at = offset; at < offset + length; at++) {
            hash = 31 * hash + bytes[at];
        }
        return hash ^ hash >>> 15;
    }
}
