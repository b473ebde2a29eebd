package io.spanweir.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.spanweir.testkit.Poison;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Any bytes as a request: accepted exactly when protobuf-java accepts them, read the same by both, rewritten to the same. The
 * first byte of the input chooses the signal.
 */
class OtlpScannerFuzzTest {
    private final OtlpScanner scanner = new OtlpScanner(OtlpLimits.DEFAULTS);

    @FuzzTest(maxDuration = "1m")
    void scan(byte[] input) {
        if (input.length == 0) {
            return;
        }
        Signal signal = Signal.values()[(input[0] & 0xFF) % 3];
        byte[] message = Arrays.copyOfRange(input, 1, input.length);
        String first = null;
        for (Poison poison : Poison.protobuf()) {
            byte[] around = poison.surround(message);
            int count = scanner.scan(signal, around, Poison.OFFSET, message.length);
            String seen = described(count, around);
            poison.assertIntact(around, message);
            if (first == null) {
                first = seen;
            } else if (!seen.equals(first)) {
                assertThat(seen).as("with %s around", poison).isEqualTo(first);
            }
        }
        judge(signal, message);
    }

    /** Everything that a scan says, places counted from the begin of the message. */
    private String described(int count, byte[] around) {
        StringBuilder text = new StringBuilder().append(count);
        if (count < 0) {
            return count == OtlpScanner.NEEDS_CANONICAL
                    ? text.toString()
                    : text.append(scanner.problem()).toString();
        }
        OtlpIndex index = scanner.index();
        text.append(' ').append(index.itemCount()).append(' ').append(index.elementCount());
        for (int group = 0; group < index.groupCount(); group++) {
            text.append(" g ").append(index.resourcePrefixOffset(group) - Poison.OFFSET);
            text.append(' ').append(index.resourcePrefixLength(group));
            text.append(' ').append(index.resourceSuffixOffset(group) - Poison.OFFSET);
            text.append(' ').append(index.resourceSuffixLength(group));
            text.append(' ').append(index.scopePrefixOffset(group) - Poison.OFFSET);
            text.append(' ').append(index.scopePrefixLength(group));
            text.append(' ').append(index.scopeSuffixOffset(group) - Poison.OFFSET);
            text.append(' ').append(index.scopeSuffixLength(group));
        }
        for (int run = 0; run < index.runCount(); run++) {
            text.append(" r ").append(index.runGroup(run));
            text.append(' ').append(index.runOffset(run) - Poison.OFFSET);
            text.append(' ').append(index.runLength(run));
            text.append(' ').append(index.runItemCount(run));
            text.append(' ').append(index.runElementCount(run));
            int id = index.runTraceIdOffset(run);
            text.append(' ').append(id < 0 ? id : id - Poison.OFFSET);
        }
        return text.append(' ').append(around.length).toString();
    }

    private void judge(Signal signal, byte[] message) {
        Message parsed = OtlpOracle.parse(signal, message);
        boolean good = parsed != null
                && OtlpOracle.idsHaveTheirLength(OtlpOracle.descriptor(signal), ByteString.copyFrom(message));
        int count = scanner.scan(signal, message, 0, message.length);
        if (count == OtlpScanner.OVER_LIMIT || (good && endlessVarint(count))) {
            return;
        }
        boolean accepted = count >= 0 || count == OtlpScanner.NEEDS_CANONICAL;
        if (accepted != good) {
            assertThat(accepted).as("accepted; %s", scanner.problem()).isEqualTo(good);
        }
        if (parsed == null || !good) {
            assertThat(scanner.problem()).contains(" offset ");
            return;
        }
        byte[] readable = message;
        if (count == OtlpScanner.NEEDS_CANONICAL) {
            readable = rewritten(signal, message, parsed);
            count = scanner.scan(signal, readable, 0, readable.length);
        }
        assertThat(count).as(scanner.problem()).isEqualTo(OtlpOracle.itemCount(signal, parsed));
        Message again = OtlpOracle.parse(signal, Reassembly.of(readable, scanner.index()));
        same(again, OtlpOracle.withoutEmpty(parsed));
    }

    private static byte[] rewritten(Signal signal, byte[] message, Message parsed) {
        byte[] first = null;
        for (Poison poison : Poison.protobuf()) {
            byte[] around = poison.surround(message);
            WireWriter out = new WireWriter();
            Canonical.rewrite(signal, around, Poison.OFFSET, message.length, out);
            poison.assertIntact(around, message);
            byte[] written = out.toByteArray();
            if (first != null && !Arrays.equals(first, written)) {
                assertThat(written).as("with %s around", poison).isEqualTo(first);
            }
            first = written;
        }
        byte[] result = first == null ? new byte[0] : first;
        same(OtlpOracle.parse(signal, result), parsed);
        return result;
    }

    private static void same(@Nullable Message actual, Message expected) {
        if (!expected.equals(actual)) {
            assertThat(actual).isEqualTo(expected);
        }
    }

    /** See OtlpScannerPropertyTest: where protobuf-java takes a varint that says it goes on after its tenth byte. */
    private boolean endlessVarint(int count) {
        return count == OtlpScanner.MALFORMED && scanner.problem().endsWith("is longer than 10 bytes");
    }
}
