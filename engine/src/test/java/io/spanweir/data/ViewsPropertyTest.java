package io.spanweir.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.spanweir.testkit.OtlpGenerator;
import io.spanweir.testkit.Seeds;
import io.spanweir.testkit.WireMutator;
import io.spanweir.wire.Canonical;
import io.spanweir.wire.OtlpLimits;
import io.spanweir.wire.OtlpOracle;
import io.spanweir.wire.OtlpScanner;
import io.spanweir.wire.Signal;
import io.spanweir.wire.WireWriter;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Every getter of every view against the getter of protobuf-java, over generated and mutated messages. */
class ViewsPropertyTest {
    private static final int ROUNDS = 600;

    private final OtlpScanner scanner = new OtlpScanner(OtlpLimits.DEFAULTS);
    private byte[] bytes = {};
    private String repeat = "";

    @Test
    void viewsOfTracesReadWhatProtobufReads() {
        assertThat(check(Signal.TRACES)).isGreaterThan(ROUNDS);
    }

    @Test
    void viewsOfLogsReadWhatProtobufReads() {
        assertThat(check(Signal.LOGS)).isGreaterThan(ROUNDS);
    }

    private int check(Signal signal) {
        int items = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Message message = prepare(signal, round);
            items += new ViewChecks(bytes, scanner.index(), repeat).check(message);
        }
        return items;
    }

    private Message prepare(Signal signal, int round) {
        repeat = Seeds.repeat(getClass(), round);
        SplittableRandom random = Seeds.random(getClass(), signal.name(), round);
        byte[] plain = OtlpOracle.generate(signal, new OtlpGenerator(random)).toByteArray();
        WireMutator mutator = round % 2 == 0 ? WireMutator.orderly(random) : WireMutator.wild(random);
        bytes = mutator.mutate(plain, OtlpOracle.descriptor(signal));
        Message message = OtlpOracle.parse(signal, bytes);
        assertThat(message).isNotNull();
        int count = scanner.scan(signal, bytes, 0, bytes.length);
        if (count == OtlpScanner.NEEDS_CANONICAL) {
            WireWriter out = new WireWriter();
            Canonical.rewrite(signal, bytes, 0, bytes.length, out);
            bytes = out.toByteArray();
            count = scanner.scan(signal, bytes, 0, bytes.length);
        }
        assertThat(count).as("%s %s", repeat, scanner.problem()).isGreaterThanOrEqualTo(0);
        return message;
    }
}
