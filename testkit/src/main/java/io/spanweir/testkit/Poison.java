package io.spanweir.testkit;

import java.util.Arrays;
import org.assertj.core.api.Assertions;

/**
 * Puts content in the middle of a larger array whose other bytes mean something: read by a wrong offset they change a result,
 * and a write beyond the content is seen. A test runs once for each surrounding of a set and compares what comes out.
 * Threading: any thread, immutable.
 */
public final class Poison {
    /** Where the content begins: on no boundary of a word. */
    public static final int OFFSET = 37;

    private static final int BEHIND = 41;

    /** For protobuf: nothing, varints that never end, fields of length one that never end, numbers that never end. */
    private static final Poison[] PROTOBUF = {
        new Poison(0x00), new Poison(0xFF), new Poison(0x0A, 0x01), new Poison(0x08, 0x01)
    };

    /** For text: an end of everything, digits that go on, a quote, a separator with a space. */
    private static final Poison[] TEXT = {
        new Poison('}', ']', '}', ']'), new Poison('9'), new Poison('"'), new Poison(',', ' ')
    };

    private final byte[] pattern;

    private Poison(int... pattern) {
        this.pattern = new byte[pattern.length];
        for (int i = 0; i < pattern.length; i++) {
            this.pattern[i] = (byte) pattern[i];
        }
    }

    /** Surroundings that look like protobuf. */
    public static Poison[] protobuf() {
        return PROTOBUF.clone();
    }

    /** Surroundings that look like JSON. */
    public static Poison[] text() {
        return TEXT.clone();
    }

    /** Fills a range. */
    public void fill(byte[] array, int offset, int length) {
        for (int i = 0; i < length; i++) {
            array[offset + i] = pattern[i % pattern.length];
        }
    }

    /** The content at {@link #OFFSET}, poison around it. */
    public byte[] surround(byte[] content) {
        byte[] around = new byte[OFFSET + content.length + BEHIND];
        fill(around, 0, around.length);
        System.arraycopy(content, 0, around, OFFSET, content.length);
        return around;
    }

    /** Fails when the array is not what {@link #surround} made of the content. */
    public void assertIntact(byte[] around, byte[] content) {
        if (!Arrays.equals(around, surround(content))) {
            Assertions.assertThat(around).as("content and poison around it").isEqualTo(surround(content));
        }
    }

    /** Fails when one byte of a range that was filled from {@code filledFrom} on has changed. */
    public void assertFilled(byte[] array, int filledFrom, int from, int to) {
        for (int at = from; at < to; at++) {
            if (array[at] != pattern[(at - filledFrom) % pattern.length]) {
                throw new AssertionError("byte " + at + " of poison was overwritten with " + array[at]);
            }
        }
    }

    @Override
    public String toString() {
        return "poison " + Arrays.toString(pattern);
    }
}
