package io.spanweir.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.spanweir.testkit.OtlpGenerator;
import io.spanweir.testkit.Seeds;
import io.spanweir.testkit.WireMutator;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The scanner against protobuf-java, over generated and mutated messages. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class OtlpScannerPropertyTest {
    private static final int ROUNDS = 800;

    private final OtlpScanner scanner = new OtlpScanner(OtlpLimits.DEFAULTS);

    @ParameterizedTest
    @EnumSource
    void whatAnEncoderWritesIsAcceptedAsItStands(Signal signal) {
        for (int round = 0; round < ROUNDS; round++) {
            SplittableRandom random = Seeds.random(getClass(), "plain", round);
            Message message = OtlpOracle.generate(signal, new OtlpGenerator(random));
            byte[] bytes = message.toByteArray();
            int count = scan(signal, bytes);
            assertThat(count)
                    .as("%s %s", Seeds.repeat(getClass(), round), scanner.problem())
                    .isEqualTo(OtlpOracle.itemCount(signal, message));
            assertReassembles(signal, message, round);
        }
    }

    @ParameterizedTest
    @EnumSource
    void oddEncodingsAreReadAsProtobufReadsThem(Signal signal) {
        int accepted = 0;
        int rewritten = 0;
        for (int round = 0; round < ROUNDS; round++) {
            SplittableRandom random = Seeds.random(getClass(), "mutated", round);
            Message original = OtlpOracle.generate(signal, new OtlpGenerator(random));
            WireMutator mutator = round % 3 == 0 ? WireMutator.orderly(random) : WireMutator.wild(random);
            byte[] bytes = mutator.mutate(original.toByteArray(), OtlpOracle.descriptor(signal));
            Message message = OtlpOracle.parse(signal, bytes);
            assertThat(message).as("the mutator keeps protobuf").isNotNull();
            int count = scan(signal, bytes);
            if (count == OtlpScanner.NEEDS_CANONICAL) {
                rewritten++;
                bytes = canonical(signal, bytes, round, message);
                count = scan(signal, bytes);
            } else {
                accepted++;
            }
            assertThat(count)
                    .as("%s %s", Seeds.repeat(getClass(), round), scanner.problem())
                    .isEqualTo(OtlpOracle.itemCount(signal, message));
            assertReassembles(signal, message, round);
        }
        assertThat(accepted).as("messages read in place").isGreaterThan(ROUNDS / 10);
        assertThat(rewritten).as("messages rewritten").isGreaterThan(ROUNDS / 10);
    }

    private byte[] canonical(Signal signal, byte[] bytes, int round, Message message) {
        WireWriter out = new WireWriter();
        Canonical.rewrite(signal, bytes, 0, bytes.length, out);
        Message parsed = OtlpOracle.parse(signal, out.toByteArray());
        assertThat(parsed).as(Seeds.repeat(getClass(), round)).isEqualTo(message);
        return out.toByteArray();
    }

    @ParameterizedTest
    @EnumSource
    void aBrokenMessageIsAcceptedExactlyWhenProtobufAcceptsIt(Signal signal) {
        int refused = 0;
        int accepted = 0;
        for (int round = 0; round < 6 * ROUNDS; round++) {
            SplittableRandom random = Seeds.random(getClass(), "broken", round);
            WireMutator mutator = WireMutator.wild(random);
            byte[] bytes =
                    OtlpOracle.generate(signal, new OtlpGenerator(random)).toByteArray();
            if (round % 2 == 0) {
                bytes = mutator.mutate(bytes, OtlpOracle.descriptor(signal));
            }
            bytes = mutator.corrupt(bytes);
            Message message = OtlpOracle.parse(signal, bytes);
            boolean good = message != null
                    && OtlpOracle.idsHaveTheirLength(OtlpOracle.descriptor(signal), ByteString.copyFrom(bytes));
            int count = scan(signal, bytes);
            if (good && endlessVarint(count)) {
                continue;
            }
            assertThat(count >= 0 || count == OtlpScanner.NEEDS_CANONICAL)
                    .as("accepted: %s %s", Seeds.repeat(getClass(), round), scanner.problem())
                    .isEqualTo(good);
            if (!good) {
                refused++;
                assertThat(scanner.problem())
                        .as(Seeds.repeat(getClass(), round))
                        .contains(" offset ");
            } else if (count >= 0) {
                accepted++;
                assertThat(count).as(Seeds.repeat(getClass(), round)).isEqualTo(OtlpOracle.itemCount(signal, message));
            } else {
                canonical(signal, bytes, round, message);
            }
        }
        assertThat(refused).as("refused").isGreaterThan(ROUNDS);
        assertThat(accepted).as("accepted in spite of the damage").isGreaterThan(ROUNDS / 10);
    }

    @ParameterizedTest
    @EnumSource
    void pureNoiseNeitherThrowsNorHangs(Signal signal) {
        SplittableRandom random = Seeds.random(getClass(), "noise");
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[random.nextInt(200)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (random.nextInt(3) == 0 ? 0x0A : random.nextInt(64) - 8);
            }
            boolean good = OtlpOracle.parse(signal, bytes) != null
                    && OtlpOracle.idsHaveTheirLength(OtlpOracle.descriptor(signal), ByteString.copyFrom(bytes));
            int count = scan(signal, bytes);
            if (good && endlessVarint(count)) {
                continue;
            }
            assertThat(count >= 0 || count == OtlpScanner.NEEDS_CANONICAL)
                    .as("%s %s", Seeds.repeat(getClass(), round), scanner.problem())
                    .isEqualTo(good);
        }
        assertThat(System.nanoTime()).isLessThan(deadline);
    }

    /**
     * Where at least ten bytes are left, protobuf-java 4.36 takes the tenth byte of some 64-bit varints as the last although
     * it says that there are more; near the end of its buffer it refuses the same bytes. Refused here in every case.
     */
    private boolean endlessVarint(int count) {
        return count == OtlpScanner.MALFORMED && scanner.problem().endsWith("is longer than 10 bytes");
    }

    /** Scans a copy that stands somewhere in a larger array, so that offsets and bounds are tested too. */
    private int scan(Signal signal, byte[] bytes) {
        byte[] around = new byte[bytes.length + 24];
        Arrays.fill(around, (byte) 0x0A);
        System.arraycopy(bytes, 0, around, 11, bytes.length);
        scanned = around;
        return scanner.scan(signal, around, 11, bytes.length);
    }

    private byte[] scanned = {};

    private void assertReassembles(Signal signal, Message message, int round) {
        OtlpIndex index = scanner.index();
        int items = 0;
        int elements = 0;
        for (int run = 0; run < index.runCount(); run++) {
            items += index.runItemCount(run);
            elements += index.runElementCount(run);
            assertThat(run == 0 || index.runGroup(run) >= index.runGroup(run - 1))
                    .isTrue();
        }
        assertThat(index.itemCount()).isEqualTo(items);
        assertThat(index.elementCount()).isEqualTo(elements);
        Message parsed = OtlpOracle.parse(signal, Reassembly.of(scanned, index));
        assertThat(parsed).as(Seeds.repeat(getClass(), round)).isEqualTo(OtlpOracle.withoutEmpty(message));
        assertRunsHaveTheirTrace(signal, message, round);
    }

    /** Runs are maximal: neighbours of one group differ in the trace, and each has what its items have. */
    private void assertRunsHaveTheirTrace(Signal signal, Message message, int round) {
        OtlpIndex index = scanner.index();
        int run = -1;
        int left = 0;
        Message groupScope = null;
        for (Message resource : OtlpOracle.list(message, 1)) {
            for (Message scope : OtlpOracle.list(resource, 2)) {
                ByteString previous = null;
                for (Message item : OtlpOracle.list(scope, 2)) {
                    ByteString traceId = traceId(signal, item);
                    if (left == 0) {
                        run++;
                        left = index.runElementCount(run);
                        assertThat(scope != groupScope || !traceId.equals(previous))
                                .as(Seeds.repeat(getClass(), round))
                                .isTrue();
                    }
                    groupScope = scope;
                    previous = traceId;
                    left--;
                    int at = index.runTraceIdOffset(run);
                    ByteString found = at < 0 ? ByteString.EMPTY : ByteString.copyFrom(scanned, at, 16);
                    assertThat(found).as(Seeds.repeat(getClass(), round)).isEqualTo(traceId);
                }
                assertThat(left).as("a run ends with its scope").isZero();
            }
        }
        assertThat(index.runCount()).isEqualTo(run + 1);
    }

    private static ByteString traceId(Signal signal, Message item) {
        if (signal == Signal.METRICS) {
            return ByteString.EMPTY;
        }
        ByteString id = (ByteString) item.getField(item.getDescriptorForType().findFieldByName("trace_id"));
        return id.equals(ByteString.copyFrom(new byte[16])) ? ByteString.EMPTY : id;
    }
}
