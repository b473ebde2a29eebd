package io.spanweir.filter;

import com.google.re2j.Pattern;
import io.spanweir.wire.Bytes;
import java.util.Arrays;

/**
 * Results of a search by regular expressions, remembered by value. A value has one place; a newer one takes it from an older
 * one. Asking again about a remembered value allocates nothing. Threading: lane.
 */
public final class RegexCache {
    /** Longer values are searched each time: they are rarely repeated, and a sender could fill memory with them. */
    private static final int REMEMBERED_LENGTH_MAX = 1024;

    private final Pattern[] patterns;
    private final byte[][] values;
    private final boolean[] found;
    private final int mask;

    public RegexCache(Pattern[] patterns, int sizeMax) {
        this.patterns = patterns;
        int size = Integer.highestOneBit(Math.max(1, sizeMax));
        this.values = new byte[size][];
        this.found = new boolean[size];
        this.mask = size - 1;
    }

    /** Whether one of the expressions is found in the value. */
    public boolean finds(byte[] bytes, int offset, int length) {
        int slot = ByteStringSet.hash(bytes, offset, length) & mask;
        byte[] remembered = values[slot];
        if (remembered != null && Bytes.equal(bytes, offset, length, remembered)) {
            return found[slot];
        }
        return search(Arrays.copyOfRange(bytes, offset, offset + length), slot);
    }

    private boolean search(byte[] value, int slot) {
        boolean result = false;
        for (int i = 0; i < patterns.length && !result; i++) {
            result = patterns[i].matcher(value).find();
        }
        if (value.length <= REMEMBERED_LENGTH_MAX) {
            values[slot] = value;
            found[slot] = result;
        }
        return result;
    }
}
