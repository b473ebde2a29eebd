package io.spanweir.server.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class VerdictTest {
    private static Figures figures(long received, long kept, long dropped, long held, long other) {
        return new Figures(received, 10, kept, 2, Map.of("errors", 2L), dropped, 8, held, other, kept);
    }

    private static final Verdict.Whole ALL = new Verdict.Whole(2, 2);

    @Test
    void figuresThatAddUpHaveNoDifference() {
        assertThat(new Verdict(100, 100, figures(100, 20, 80, 0, 0), 20, ALL, ALL, true).differences())
                .isEmpty();
    }

    static Stream<Arguments> differences() {
        Figures good = figures(100, 20, 80, 0, 0);
        return Stream.of(
                argumentSet(
                        "the SDK lost spans",
                        new Verdict(110, 100, good, 20, ALL, ALL, true),
                        "spans made by the service: 110, but acknowledged to the SDK: 100 (difference 10)"),
                argumentSet(
                        "the gateway lost what it acknowledged",
                        new Verdict(100, 100, figures(99, 20, 79, 0, 0), 20, ALL, ALL, true),
                        "spans acknowledged to the SDK: 100, but received by the gateway: 99 (difference 1)"),
                argumentSet(
                        "spans vanished inside",
                        new Verdict(100, 100, figures(100, 20, 70, 0, 0), 20, ALL, ALL, true),
                        "spans received: 100, but kept + dropped + held + other: 90 (difference 10)"),
                argumentSet(
                        "the backend got less",
                        new Verdict(100, 100, good, 19, ALL, ALL, true),
                        "spans kept: 20, but at the backend: 19 (difference 1)"),
                argumentSet(
                        "an error trace is not whole",
                        new Verdict(100, 100, good, 20, new Verdict.Whole(2, 1), ALL, true),
                        "traces with an error: 2, but whole at the backend: 1 (difference 1)"),
                argumentSet(
                        "a slow trace is not whole",
                        new Verdict(100, 100, good, 20, ALL, new Verdict.Whole(3, 1), true),
                        "slow traces: 3, but whole at the backend: 1 (difference 2)"),
                argumentSet(
                        "the deadline passed",
                        new Verdict(100, 100, good, 20, ALL, ALL, false),
                        "not everything could be sent before the deadline"));
    }

    @ParameterizedTest
    @MethodSource("differences")
    void eachDifferenceIsASentence(Verdict verdict, String sentence) {
        assertThat(verdict.differences()).containsExactly(sentence);
    }

    @Test
    void heldAndOtherwiseEndedSpansAreDifferences() {
        assertThat(new Verdict(100, 100, figures(100, 20, 70, 4, 6), 20, ALL, ALL, true).differences())
                .containsExactly(
                        "spans held after the end: 4, but as should be: 0 (difference 4)",
                        "spans that ended for another reason: 6, but as should be: 0 (difference 6)");
    }
}
