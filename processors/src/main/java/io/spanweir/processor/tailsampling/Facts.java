package io.spanweir.processor.tailsampling;

import io.spanweir.filter.ValueTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the policies must know of each span: collected while they are compiled, then asked by a {@link SpanObserver}. Each test
 * has a bit in the trace's summary; equal tests share one. Threading: lane.
 */
final class Facts {
    /** All tests on the attributes of one key. */
    static final class KeyTests {
        final byte[] key;
        final List<ValueTest> tests = new ArrayList<>();
        final List<Integer> bits = new ArrayList<>();

        KeyTests(String key) {
            this.key = key.getBytes(StandardCharsets.UTF_8);
        }
    }

    private final Map<Object, Integer> bitsByTest = new HashMap<>();
    private final Map<String, KeyTests> tests = new HashMap<>();
    private final List<KeyTests> keys = new ArrayList<>();
    private final List<TraceStateMatch.Test> traceStateTests = new ArrayList<>();
    private final List<Integer> traceStateBits = new ArrayList<>();
    private final List<Integer> statusMasks = new ArrayList<>();
    private final List<Integer> statusBits = new ArrayList<>();
    private int bitCount;
    private boolean randomnessAsked;

    /** The bit that says: some resource or span has such an attribute. */
    int anyAttribute(AttributeMatch match) {
        Integer known = bitsByTest.get(match);
        if (known != null) {
            return known;
        }
        KeyTests ofKey = tests.computeIfAbsent(match.key(), key -> {
            KeyTests added = new KeyTests(key);
            keys.add(added);
            return added;
        });
        int bit = newBit(match);
        ofKey.tests.add(match.compile());
        ofKey.bits.add(bit);
        return bit;
    }

    /** The bit that says: some span has a status code of the mask (bit 0 UNSET, 1 OK, 2 ERROR). */
    int anyStatus(int mask) {
        Integer known = bitsByTest.get(mask);
        if (known != null) {
            return known;
        }
        int bit = newBit(mask);
        statusMasks.add(mask);
        statusBits.add(bit);
        return bit;
    }

    /** The bit that says: some span's tracestate has such a member. */
    int anyTraceState(TraceStateMatch match) {
        Integer known = bitsByTest.get(match);
        if (known != null) {
            return known;
        }
        int bit = newBit(match);
        traceStateTests.add(match.compile());
        traceStateBits.add(bit);
        return bit;
    }

    /** Asks for the randomness that tracestates state. */
    void randomness() {
        randomnessAsked = true;
    }

    boolean asksRandomness() {
        return randomnessAsked;
    }

    boolean asksTraceState() {
        return randomnessAsked || !traceStateTests.isEmpty();
    }

    /** Longs that hold the bits; at least one. */
    int bitWords() {
        return Math.max(1, (bitCount + Long.SIZE - 1) / Long.SIZE);
    }

    List<KeyTests> keys() {
        return keys;
    }

    List<TraceStateMatch.Test> traceStateTests() {
        return traceStateTests;
    }

    int[] traceStateBits() {
        return ints(traceStateBits);
    }

    int[] statusMasks() {
        return ints(statusMasks);
    }

    int[] statusBits() {
        return ints(statusBits);
    }

    static int[] ints(List<Integer> list) {
        return list.stream().mapToInt(Integer::intValue).toArray();
    }

    private int newBit(Object test) {
        bitsByTest.put(test, bitCount);
        return bitCount++;
    }
}
