package io.spanweir.processor.attributes;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import io.spanweir.data.AttributesView;
import io.spanweir.data.ValueView;
import io.spanweir.wire.Bytes;
import java.util.Arrays;

/**
 * {@code extract}: what the named groups of an expression find in a text becomes attributes of their names. A group that is
 * not part of the match gives an empty text. What was found is remembered by value, so that a repeated value allocates
 * nothing. Threading: lane.
 */
final class ExtractAction implements AttributeAction {
    /** A power of two. */
    private static final int REMEMBERED = 256;

    private static final int REMEMBERED_LENGTH_MAX = 1024;
    private static final int[] NO_MATCH = {};

    private final byte[] key;
    private final Pattern pattern;
    private final byte[][] names;
    private final ValueView value = new ValueView();
    private final byte[][] texts = new byte[REMEMBERED][];

    /** By slot: start and end of each group; {@link #NO_MATCH} when the expression was not found. */
    private final int[][] groups = new int[REMEMBERED][];

    ExtractAction(String key, Pattern pattern) {
        this.key = key.getBytes(UTF_8);
        this.pattern = pattern;
        names = AttributeActionConfig.groupNames(pattern).stream()
                .map(name -> name.getBytes(UTF_8))
                .toArray(byte[][]::new);
    }

    @Override
    public void apply(AttributesView attributes) {
        if (!attributes.find(key, value) || value.type() != ValueView.Type.STRING) {
            return;
        }
        byte[] bytes = value.bytes();
        int offset = value.contentOffset();
        int length = value.contentLength();
        int slot = hash(bytes, offset, length) & REMEMBERED - 1;
        byte[] remembered = texts[slot];
        if (remembered != null && Bytes.equal(bytes, offset, length, remembered)) {
            put(attributes, remembered, groups[slot]);
            return;
        }
        byte[] text = Arrays.copyOfRange(bytes, offset, offset + length);
        int[] found = search(text);
        if (length <= REMEMBERED_LENGTH_MAX) {
            texts[slot] = text;
            groups[slot] = found;
        }
        put(attributes, text, found);
    }

    private void put(AttributesView attributes, byte[] text, int[] found) {
        for (int group = 0; 2 * group < found.length; group++) {
            int start = found[2 * group];
            attributes.putString(names[group], text, start, found[2 * group + 1] - start);
        }
    }

    private int[] search(byte[] text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            return NO_MATCH;
        }
        int[] found = new int[2 * names.length];
        for (int group = 0; group < names.length; group++) {
            int start = matcher.start(group + 1);
            if (start >= 0) {
                found[2 * group] = start;
                found[2 * group + 1] = matcher.end(group + 1);
            }
        }
        return found;
    }

    private static int hash(byte[] bytes, int offset, int length) {
        int hash = length;
        for (int at = offset; at < offset + length; at++) {
            hash = 31 * hash + bytes[at];
        }
        return hash ^ hash >>> 15;
    }
}
