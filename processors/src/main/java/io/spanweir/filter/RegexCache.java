package io.spanweir.filter;

import com.google.re2j.Pattern;
import io.spanweir.wire.Bytes;
import java.util.Arrays;

/**
 * Results of a search by regular expressions, remembered by value. A value has four places, which it shares with others; a new
 * one takes that of the oldest. Asking again about a remembered value allocates nothing. Threading: lane.
 */
public final class RegexCache {
    /** Longer values are searched each time: they are rarely repeated, and a sender could fill memory with them. */
    private static final int REMEMBERED_LENGTH_MAX = 1024;

    private static final int PLACES = 4;

    private final Pattern[] patterns;
    private final byte[][] values;
    private final boolean[] found;
    private final int places;
    private final int mask;

    public RegexCache(Pattern[] patterns, int sizeMax) {
        this.patterns = patterns;
        int size = Integer.highestOneBit(Math.max(1, sizeMax));
        this.values = new byte[size][];
        this.found = new boolean[size];
        this.places = Math.min(PLACES, size);
        this.mask = size / places - 1;
    }

    /** Whether one of the expressions is found in the value. */
    public boolean finds(byte[] bytes, int offset, int length) {
        int first = (ByteStringSet.hash(bytes, offset, length) & mask) * places;
        for (int slot = first; slot < first + places; slot++) {
            byte[] remembered = values[slot];
            if (remembered != null && Bytes.equal(bytes, offset, length, remembered)) {
                return found[slot];
            }
        }
        return search(Arrays.copyOfRange(bytes, offset, offset + length), first);
    }

    private boolean search(byte[] value, int first) {
        boolean result = false;
        for (int i = 0; i < patterns.length && !result; i++) {
            result = patterns[i].matcher(value).find();
        }
        if (value.length <= REMEMBERED_LENGTH_MAX) {
            System.arraycopy(values, first, values, first + 1, places - 1);
            System.arraycopy(found, first, found, first + 1, places - 1);
            values[first] = value;
            found[first] = result;
        }
        return result;
    }
}
