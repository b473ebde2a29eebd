package io.spanweir.server.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.spanweir.Spanweir;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole demo, shortened: real sockets, the real SDK. */
class DemoTest {
    private static String run(Duration duration, boolean terminal, boolean color) throws Exception {
        StringWriter out = new StringWriter();
        DemoOptions options = new DemoOptions(duration, 300, 7, terminal, color);
        boolean addsUp = new Demo(options, Spanweir.components(), new PrintWriter(out, true)).run();
        assertThat(addsUp).as(out.toString()).isTrue();
        return out.toString();
    }

    @Test
    void figuresAddUpAndTheRestIsExplained() throws Exception {
        String shown = run(Duration.ofMillis(2_500), false, false);
        assertThat(shown)
                .containsPattern("   2 s  received [\\d,]+ traces, [\\d,]+ spans; kept ")
                .containsPattern(
                        "It adds up: sent ([\\d,]+) = received \\1 = kept [\\d,]+ \\+ dropped by policy [\\d,]+ \\+ held 0")
                .containsPattern("sent by the SDK +750 ")
                .containsPattern("Kept whole: all \\d+ traces with an error, all \\d+ slow ones")
                .contains("tail_sampling:", "threshold_ms: 800", "./spanweir run --config", "curl -i ")
                .doesNotContain("\u001b");
    }

    @ParameterizedTest
    @CsvSource({"true, 3", "false, 0"})
    void terminalIsDrawnOverAndColouredOnlyWhenAsked(boolean color, int leastColours) throws Exception {
        String shown = run(Duration.ofMillis(700), true, color);
        assertThat(shown).contains("\u001b[K").containsPattern("\u001b\\[\\d+A");
        assertThat(shown.split("\u001b\\[\\d+m", -1).length - 1).satisfies(count -> {
            if (leastColours == 0) {
                assertThat(count).isZero();
            } else {
                assertThat(count).isGreaterThanOrEqualTo(leastColours);
            }
        });
    }
}
