package io.spanweir.perf.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompareOptionsTest {
    private static final Map<String, String> PEERS = Map.of("OTELCOL", "/bin/otelcol", "DFE", "/bin/dfe");

    @Test
    void peersThatAreNamedAreMeasuredOnAllCases() throws Exception {
        CompareOptions options = CompareOptions.parse(List.of(), PEERS);
        assertThat(options.engines()).containsExactly(Engine.values());
        assertThat(options.cases()).containsExactly(CompareCase.values());
        assertThat(options.spans()).containsExactly(200);
    }

    @Test
    void withoutPeersSpanweirIsMeasuredAlone() throws Exception {
        assertThat(CompareOptions.parse(List.of(), Map.of()).engines()).containsExactly(Engine.SPANWEIR);
    }

    @Test
    void valuesStandBehindTheNameOrAnEqualsSign() throws Exception {
        CompareOptions options = CompareOptions.parse(
                List.of("--cases", "grpc,tail-20k", "--spans=10,500", "--rounds", "5", "--jvm-options=-Xmx2g -Xmn1g"),
                Map.of());
        assertThat(options.cases()).containsExactly(CompareCase.GRPC, CompareCase.TAIL_20K);
        assertThat(options.spans()).containsExactly(10, 500);
        assertThat(options.rounds()).isEqualTo(5);
        assertThat(options.jvmOptions()).isEqualTo("-Xmx2g -Xmn1g");
    }

    @Test
    void quickTakesAboutTwoMinutesWithOnePeerAndMayBeNarrowed() throws Exception {
        CompareOptions all = CompareOptions.parse(List.of("--quick"), Map.of("OTELCOL", "x"));
        assertThat(all.estimateSeconds()).isLessThan(130);
        CompareOptions one = CompareOptions.parse(List.of("--quick", "--cases", "http"), Map.of());
        assertThat(one.cases()).containsExactly(CompareCase.HTTP);
    }

    @Test
    void theEstimateKnowsThatTheRustEngineHasNoTailSampling() throws Exception {
        List<String> arguments = List.of("--cases", "grpc,tail-1k", "--rounds", "2");
        CompareOptions options = CompareOptions.parse(arguments, PEERS);
        assertThat(options.runCount()).isEqualTo(2 * (3 + 2));
        assertThat(options.estimateSeconds()).isEqualTo(2 * (3 * (4 + 30 + 15) + 2 * (4 + 60 + 30 + 12 + 15)));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "--casse grpc       | \"--casse\" is no option; perf/compare --help lists them",
                "grpc               | \"grpc\" is no option; perf/compare --help lists them",
                "--rounds           | --rounds needs a value",
                "--rounds many      | --rounds: \"many\" is not a number",
                "--rounds 0         | --rounds: 0 is not between 1 and 100",
                "--gzip-level 10    | --gzip-level: 10 is not between 1 and 9",
                "--spans 10,x       | --spans: \"x\" is not a number",
                "--engines otelcol  | --engines otelcol needs OTELCOL=BINARY; see perf/peers/README.md",
                "--engines vector   | --engines: \"vector\" is none of spanweir, otelcol, dfe",
            })
    void aWrongCommandLineIsToldWhatWouldBeRight(String line, String message) {
        assertThatThrownBy(() -> CompareOptions.parse(List.of(line.split(" ", -1)), Map.of()))
                .isInstanceOf(CompareOptions.UsageException.class)
                .hasMessage(message);
    }

    @Test
    void everyCaseIsInTheUsage() {
        assertThat(CompareOptions.USAGE).contains(CompareCase.ids());
    }
}
