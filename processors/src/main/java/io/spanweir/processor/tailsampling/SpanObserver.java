package io.spanweir.processor.tailsampling;

import io.spanweir.data.AttributesView;
import io.spanweir.data.ResourceView;
import io.spanweir.data.SpanView;
import io.spanweir.data.ValueView;
import io.spanweir.filter.ValueTest;
import io.spanweir.sampling.Randomness;
import io.spanweir.sampling.TraceState;
import io.spanweir.trace.TraceTable;
import io.spanweir.wire.Bytes;
import java.util.Arrays;

/**
 * Runs the tests of {@link Facts} on spans and folds the results into the summary of their trace. Attributes are walked once
 * for all tests, and not at all once every test has passed for the trace. Threading: lane.
 */
final class SpanObserver {
    private final TraceTable table;

    // The tests, flat: those of key k are testStart[k] to testStart[k + 1] - 1.
    private final byte[][] keys;
    private final int[] testStart;
    private final ValueTest[] tests;
    private final int[] testBits;
    private final long keyLengths;
    private final TraceStateMatch.Test[] traceStateTests;
    private final int[] traceStateBits;
    private final int[] statusMasks;
    private final int[] statusBits;
    private final boolean readsRandomness;
    private final boolean readsTraceState;

    // The trace that is being observed.
    private final long[] bits;
    private final long[] attributeBits;
    private boolean attributesSettled;
    private long earliestStart;
    private long latestEnd;
    private long statedRandomness;
    private boolean rootSeen;

    private final SpanView span = new SpanView();
    private final ResourceView resource = new ResourceView();
    private final ValueView value = new ValueView();
    private final TraceState traceState = new TraceState();

    // By key: the message in which it was seen last. Of a repeated key the first counts.
    private final int[] seenIn;
    private int message;

    SpanObserver(Facts facts, TraceTable table) {
        this.table = table;
        int keyCount = facts.keys().size();
        keys = new byte[keyCount][];
        testStart = new int[keyCount + 1];
        seenIn = new int[keyCount];
        int testCount = facts.keys().stream().mapToInt(key -> key.tests.size()).sum();
        tests = new ValueTest[testCount];
        testBits = new int[testCount];
        bits = new long[facts.bitWords()];
        attributeBits = new long[facts.bitWords()];
        int test = 0;
        long lengths = 0;
        for (int key = 0; key < keyCount; key++) {
            Facts.KeyTests ofKey = facts.keys().get(key);
            keys[key] = ofKey.key;
            lengths |= 1L << ofKey.key.length;
            for (int i = 0; i < ofKey.tests.size(); i++) {
                tests[test] = ofKey.tests.get(i);
                testBits[test] = ofKey.bits.get(i);
                attributeBits[testBits[test] >>> 6] |= 1L << testBits[test];
                test++;
            }
            testStart[key + 1] = test;
        }
        keyLengths = lengths;
        traceStateTests = facts.traceStateTests().toArray(TraceStateMatch.Test[]::new);
        traceStateBits = facts.traceStateBits();
        statusMasks = facts.statusMasks();
        statusBits = facts.statusBits();
        readsRandomness = facts.asksRandomness();
        readsTraceState = facts.asksTraceState();
    }

    /** Longs of bits of a trace or of a resource. */
    int bitWords() {
        return bits.length;
    }

    /** Runs the tests on the resource in the prefix of a group: its bits go to {@code into} from {@code index} on. */
    void resource(byte[] bytes, int prefixOffset, int prefixLength, long[] into, int index) {
        Arrays.fill(bits, 0);
        testAttributes(resource.wrap(bytes, prefixOffset, prefixLength).attributes());
        System.arraycopy(bits, 0, into, index, bits.length);
    }

    /** Goes to a trace, whose resource has these bits. */
    void begin(int entry, long[] resourceBits, int index) {
        boolean settled = true;
        for (int word = 0; word < bits.length; word++) {
            bits[word] = table.summary(entry, TraceSummary.BITS + word) | resourceBits[index + word];
            settled &= (attributeBits[word] & ~bits[word]) == 0;
        }
        attributesSettled = settled;
        earliestStart = table.summary(entry, TraceSummary.EARLIEST_START);
        latestEnd = table.summary(entry, TraceSummary.LATEST_END);
        statedRandomness = table.summary(entry, TraceSummary.STATED_RANDOMNESS);
        rootSeen = false;
    }

    /** Observes one span of the trace. */
    void span(byte[] bytes, int offset, int length) {
        span.wrap(bytes, offset, length);
        long start = span.startTimeUnixNano();
        if (start != 0 && (earliestStart == 0 || Long.compareUnsigned(start, earliestStart) < 0)) {
            earliestStart = start;
        }
        long end = span.endTimeUnixNano();
        if (Long.compareUnsigned(end, latestEnd) > 0) {
            latestEnd = end;
        }
        rootSeen |= span.parentSpanIdBits() == 0;
        int status = span.statusCode();
        for (int i = 0; i < statusMasks.length; i++) {
            if (status >= 0 && status < Integer.SIZE && (statusMasks[i] >>> status & 1) != 0) {
                set(statusBits[i]);
            }
        }
        if (readsTraceState && span.traceStateLength() > 0) {
            traceState();
        }
        if (!attributesSettled) {
            testAttributes(span.attributes());
        }
    }

    /** Writes what was seen since {@link #begin} to the summary. */
    void end(int entry) {
        for (int word = 0; word < bits.length; word++) {
            table.setSummary(entry, TraceSummary.BITS + word, bits[word]);
        }
        table.setSummary(entry, TraceSummary.EARLIEST_START, earliestStart);
        table.setSummary(entry, TraceSummary.LATEST_END, latestEnd);
        table.setSummary(entry, TraceSummary.STATED_RANDOMNESS, statedRandomness);
    }

    /** Whether a span without parent was seen since {@link #begin}. */
    boolean rootSeen() {
        return rootSeen;
    }

    private void testAttributes(AttributesView walk) {
        if (keys.length == 0) {
            return;
        }
        message++;
        while (walk.next()) {
            // Lengths above 63 share places with short ones; the comparison tells.
            if ((keyLengths >>> walk.keyLength() & 1) != 0) {
                attribute(walk);
            }
        }
    }

    private void attribute(AttributesView at) {
        for (int key = 0; key < keys.length; key++) {
            if (at.keyIs(keys[key])) {
                if (seenIn[key] != message) {
                    seenIn[key] = message;
                    at.value(value);
                    for (int test = testStart[key]; test < testStart[key + 1]; test++) {
                        if (!isSet(testBits[test]) && tests[test].test(value)) {
                            set(testBits[test]);
                        }
                    }
                }
                return;
            }
        }
    }

    private void traceState() {
        byte[] bytes = span.traceStateBytes();
        traceState.wrap(bytes, span.traceStateOffset(), span.traceStateLength());
        for (int i = 0; i < traceStateTests.length; i++) {
            if (!isSet(traceStateBits[i]) && traceStateTests[i].test(bytes, traceState)) {
                set(traceStateBits[i]);
            }
        }
        if (readsRandomness) {
            long stated = traceState.randomness();
            if (stated != Randomness.ABSENT && (statedRandomness == 0 || stated + 1 < statedRandomness)) {
                statedRandomness = stated + 1;
            }
        }
    }

    private boolean isSet(int bit) {
        return (bits[bit >>> 6] >>> bit & 1) != 0;
    }

    private void set(int bit) {
        bits[bit >>> 6] |= 1L << bit;
    }

    /** Forgets the arrays of the batch. */
    void release() {
        span.wrap(Bytes.EMPTY, 0, 0);
        resource.wrap(Bytes.EMPTY, 0, 0);
        value.wrap(Bytes.EMPTY, 0, 0);
        traceState.wrap(Bytes.EMPTY, 0, 0);
    }
}
