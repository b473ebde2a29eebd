package io.spanweir.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.spanweir.testkit.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TraceStateTest {
    private static final int MARGIN = 3;

    private final TraceState traceState = new TraceState();

    /** Somewhere in an array, so that offsets count. */
    private TraceState wrap(String text) {
        byte[] bytes = ("###" + text + "###").getBytes(StandardCharsets.ISO_8859_1);
        return traceState.wrap(bytes, MARGIN, text.length());
    }

    private String written(String text, long threshold) {
        byte[] into = new byte[TraceState.LENGTH_MAX + MARGIN];
        int end = wrap(text).write(threshold, into, MARGIN);
        return end == TraceState.OVER_LIMIT
                ? "over limit"
                : new String(into, MARGIN, end - MARGIN, StandardCharsets.ISO_8859_1);
    }

    private static String members(int count) {
        return IntStream.range(0, count).mapToObj(i -> "k" + i + "=v").collect(Collectors.joining(","));
    }

    static Stream<Arguments> texts() {
        return Stream.of(
                argumentSet("empty", "", true, -1L, -1L),
                argumentSet("threshold", "ot=th:8", true, 1L << 55, -1L),
                argumentSet("threshold 0", "ot=th:0", true, 0L, -1L),
                argumentSet("both", "ot=th:c;rv:00000000000001", true, 3L << 54, 1L),
                argumentSet("other members", "a=1,ot=th:8,b@c=2", true, 1L << 55, -1L),
                argumentSet("blanks around members", " a=1 ,\tot=th:8 , b=2", true, 1L << 55, -1L),
                argumentSet("empty members", "a=1,,ot=th:8,", true, 1L << 55, -1L),
                argumentSet("old sub-keys", "ot=p:8;r:62", true, -1L, -1L),
                argumentSet("empty sub-value", "ot=x:;th:8", true, 1L << 55, -1L),
                argumentSet("no sub-keys", "ot=", true, -1L, -1L),
                argumentSet("another's th", "other=th:8", true, -1L, -1L),
                argumentSet("32 members", members(31) + ",ot=th:8", true, 1L << 55, -1L),
                argumentSet("33 members", members(32) + ",ot=th:8", false, -1L, -1L),
                argumentSet(
                        "1025 bytes",
                        "a=" + "x".repeat(255) + ",b=" + "y".repeat(255) + ",c=" + "z".repeat(255) + ",d="
                                + "w".repeat(251),
                        false,
                        -1L,
                        -1L),
                argumentSet("long key", "k".repeat(256) + "=v", true, -1L, -1L),
                argumentSet("too long a key", "k".repeat(257) + "=v", false, -1L, -1L),
                argumentSet("long value", "k=" + "v".repeat(256), true, -1L, -1L),
                argumentSet("too long a value", "k=" + "v".repeat(257), false, -1L, -1L),
                argumentSet("upper-case threshold", "ot=th:C", false, -1L, -1L),
                argumentSet("15 digits", "ot=th:000000000000001", false, -1L, -1L),
                argumentSet("empty threshold", "ot=th:", false, -1L, -1L),
                argumentSet("13 digits of randomness", "ot=rv:0000000000001", false, -1L, -1L),
                argumentSet("threshold twice", "ot=th:8;th:c", false, -1L, -1L),
                argumentSet("ot twice", "ot=th:8,ot=th:c", false, -1L, -1L),
                argumentSet("trailing semicolon", "ot=th:8;", false, -1L, -1L),
                argumentSet("upper-case sub-key", "ot=Th:8", false, -1L, -1L),
                argumentSet("sub-key without a value", "ot=th", false, -1L, -1L),
                argumentSet("equals sign in a value", "a=b=c,ot=th:8", false, -1L, -1L),
                argumentSet("no equals sign", "abc,ot=th:8", false, -1L, -1L),
                argumentSet("upper-case key", "Abc=1,ot=th:8", false, -1L, -1L),
                argumentSet("control character", "a=\u0001,ot=th:8", false, -1L, -1L),
                argumentSet("not ASCII", "a=\u00e4,ot=th:8", false, -1L, -1L));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void traceStateIsRead(String text, boolean parseable, long threshold, long randomness) {
        wrap(text);
        assertThat(traceState.parseable()).isEqualTo(parseable);
        assertThat(traceState.threshold()).isEqualTo(threshold);
        assertThat(traceState.randomness()).isEqualTo(randomness);
    }

    static Stream<Arguments> changes() {
        long half = 1L << 55;
        String full = "ot=x:" + "y".repeat(250);
        return Stream.of(
                argumentSet("added to nothing", "", half, "ot=th:8"),
                argumentSet("added in front", "a=1,b=2", half, "ot=th:8,a=1,b=2"),
                argumentSet("replaced and moved to the front", "a=1,ot=th:c,b=2", half, "ot=th:8,a=1,b=2"),
                argumentSet("threshold 0", "a=1", 0L, "ot=th:0,a=1"),
                argumentSet(
                        "randomness and unknown sub-keys stay",
                        "ot=p:8;th:c;rv:00000000000001;r:9",
                        half,
                        "ot=rv:00000000000001;th:8;p:8;r:9"),
                argumentSet("removed", "a=1,ot=th:c;p:8", -1L, "ot=p:8,a=1"),
                argumentSet("removed with its member", "a=1,ot=th:c,b=2", -1L, "a=1,b=2"),
                argumentSet("removed and nothing left", "ot=th:c", -1L, ""),
                argumentSet("blanks and empty members go", " a=1 , ,b=2", half, "ot=th:8,a=1,b=2"),
                argumentSet("a full list loses its last", members(32), half, "ot=th:8," + members(31)),
                argumentSet("a full list with ot keeps all", "ot=th:c," + members(31), half, "ot=th:8," + members(31)),
                argumentSet(
                        "ot value of 256", full.substring(0, full.length() - 1), half, "ot=th:8;x:" + "y".repeat(249)),
                argumentSet("ot value above 256", full, half, "over limit"),
                argumentSet(
                        "above 1024 bytes",
                        IntStream.range(0, 4)
                                .mapToObj(i -> "k" + i + "=" + "v".repeat(i == 3 ? 245 : 254))
                                .collect(Collectors.joining(",")),
                        half,
                        "over limit"));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void thresholdIsChangedAndTheRestStays(String text, long threshold, String expected) {
        assertThat(written(text, threshold)).isEqualTo(expected);
    }

    @Test
    void memberIsFoundByItsKey() {
        byte[] key = "b@c".getBytes(StandardCharsets.US_ASCII);
        wrap("a=1,b@c=two,b=3,ot=BROKEN");
        int member = traceState.find(key);
        assertThat(traceState.valueOffset(member)).isEqualTo(MARGIN + 8);
        assertThat(traceState.valueLength(member)).isEqualTo(3);
        assertThat(traceState.parseable()).isFalse();
        assertThat(wrap("a=1").find(key)).isNegative();
    }

    @Test
    void randomnessOfATraceIsStatedOrTheLowBytesOfItsId() {
        byte[] id = new byte[16];
        for (int i = 0; i < 16; i++) {
            id[i] = (byte) (0xf0 + i);
        }
        assertThat(Randomness.of(id, 0, wrap("ot=th:8"))).isEqualTo(0xf9fafbfcfdfeffL);
        assertThat(Randomness.of(id, 0, wrap("ot=rv:00000000000007"))).isEqualTo(7);
    }

    @Test
    void whatIsWrittenIsReadAgainAndArbitraryBytesDoNoHarm() {
        SplittableRandom random = Seeds.random(TraceStateTest.class, "bytes");
        String letters = "otahvr=:;,;:=@ 08cf-_/\u00ff\u0000Z";
        byte[] into = new byte[TraceState.LENGTH_MAX];
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder(random.nextInt(4) == 0 ? "ot=" : "");
            for (int length = random.nextInt(24); length > 0; length--) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            if (wrap(text.toString()).parseable()) {
                long randomness = traceState.randomness();
                long threshold = random.nextLong(Threshold.NEVER);
                int end = traceState.write(threshold, into, 0);
                assertThat(end).isPositive();
                TraceState again = new TraceState().wrap(into, 0, end);
                assertThat(again.parseable())
                        .as("%s; %s", text, Seeds.repeat(TraceStateTest.class))
                        .isTrue();
                assertThat(again.threshold()).as(text.toString()).isEqualTo(threshold);
                assertThat(again.randomness()).as(text.toString()).isEqualTo(randomness);
            }
        }
    }
}
