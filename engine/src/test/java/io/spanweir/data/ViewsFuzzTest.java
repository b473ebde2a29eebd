package io.spanweir.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.Message;
import io.spanweir.testkit.Poison;
import io.spanweir.wire.Canonical;
import io.spanweir.wire.OtlpLimits;
import io.spanweir.wire.OtlpOracle;
import io.spanweir.wire.OtlpScanner;
import io.spanweir.wire.Signal;
import io.spanweir.wire.WireWriter;
import java.util.Arrays;

/**
 * Whatever the scan accepts, views read as protobuf-java does, and nothing around it. The first byte of the input chooses
 * between spans and log records.
 */
class ViewsFuzzTest {
    private final OtlpScanner scanner = new OtlpScanner(OtlpLimits.DEFAULTS);

    @FuzzTest(maxDuration = "1m")
    void read(byte[] input) {
        if (input.length == 0) {
            return;
        }
        Signal signal = (input[0] & 1) == 0 ? Signal.TRACES : Signal.LOGS;
        byte[] message = Arrays.copyOfRange(input, 1, input.length);
        int count = scanner.scan(signal, message, 0, message.length);
        if (count == OtlpScanner.NEEDS_CANONICAL) {
            WireWriter out = new WireWriter();
            Canonical.rewrite(signal, message, 0, message.length, out);
            message = out.toByteArray();
            count = scanner.scan(signal, message, 0, message.length);
            assertThat(count).as(scanner.problem()).isNotNegative();
        }
        if (count <= 0) {
            return;
        }
        Message parsed = OtlpOracle.parse(signal, message);
        if (parsed == null) {
            throw new AssertionError("accepted, but protobuf-java refuses it");
        }
        for (Poison poison : Poison.protobuf()) {
            byte[] around = poison.surround(message);
            assertThat(scanner.scan(signal, around, Poison.OFFSET, message.length))
                    .isEqualTo(count);
            assertThat(new ViewChecks(around, scanner.index(), poison.toString()).check(parsed))
                    .isEqualTo(count);
            poison.assertIntact(around, message);
        }
    }
}
