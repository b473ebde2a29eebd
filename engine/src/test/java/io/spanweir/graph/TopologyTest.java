package io.spanweir.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.spanweir.component.ComponentId;
import io.spanweir.config.ConfigNode;
import io.spanweir.config.Problem;
import io.spanweir.config.Problems;
import io.spanweir.graph.EngineConfig.WaitStrategy;
import io.spanweir.testengine.TestConnector;
import io.spanweir.testengine.TestIn;
import io.spanweir.testengine.TestOut;
import io.spanweir.testengine.TestProcessor;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TopologyTest {
    private static final String GOOD = """
            receivers: {in: , in/other: }
            processors: {pass: }
            exporters: {out: , out/other: }
            connectors: {join: }
            service:
              pipelines:
                traces: {receivers: [in], processors: [pass], exporters: [out, join]}
                traces/joined: {receivers: [join], exporters: [out/other]}
                logs: {receivers: [in/other], exporters: [out]}
            engine: {memory: 64MiB, lanes: 3, ring_size: 512, segment_size: 64KiB, wait_strategy: spinning}
            """;

    private final Problems problems = new Problems();

    private Topology decode(String yaml) {
        Components components = Components.of(
                new TestIn(),
                new TestOut(),
                new TestConnector(),
                new TestProcessor(
                        "pass", false, (part, context) -> context.next().accept(part)));
        return Topology.decode(ConfigNode.parse("t.yaml", yaml, problems), components);
    }

    @Test
    void readsPipelinesAndEngineSettings() {
        Topology topology = decode(GOOD);
        assertThat(problems.list()).isEmpty();
        assertThat(topology.pipelines())
                .extracting(pipeline -> pipeline.id().toString())
                .containsExactly("traces", "traces/joined", "logs");
        assertThat(topology.pipelines().get(0).exporters())
                .containsExactly(new ComponentId("out", ""), new ComponentId("join", ""));
        EngineConfig engine = topology.engine();
        assertThat(engine.memoryBytes()).isEqualTo(64L << 20);
        assertThat(engine.laneCount(16)).isEqualTo(3);
        assertThat(engine.ringSize()).isEqualTo(512);
        assertThat(engine.segmentBytes()).isEqualTo(64 << 10);
        assertThat(engine.waitStrategy()).isEqualTo(WaitStrategy.SPINNING);
    }

    @Test
    void lanesFollowTheCoresUnlessSet() {
        EngineConfig engine = decode(GOOD.replace("lanes: 3, ", "")).engine();
        assertThat(List.of(engine.laneCount(1), engine.laneCount(2), engine.laneCount(4), engine.laneCount(1000)))
                .containsExactly(1, 1, 2, 64);
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                argumentSet(
                        "a reference to nothing",
                        "exporters: [out, join]",
                        "exporters: [out, jion]",
                        "service.pipelines.traces.exporters[1]: \"jion\" is not configured; did you mean \"join\"?"),
                argumentSet(
                        "a connector without a pipeline that exports to it",
                        "exporters: [out, join]",
                        "exporters: [out]",
                        "connectors.join: is a receiver of \"traces/joined\" but no pipeline exports to it"),
                argumentSet(
                        "a connector without a pipeline that receives from it",
                        "receivers: [join]",
                        "receivers: [in]",
                        "connectors.join: is an exporter of \"traces\" but no pipeline receives from it"),
                argumentSet(
                        "a connector between signals that it does not connect",
                        "logs: {receivers: [in/other]",
                        "logs: {receivers: [join]",
                        "connectors.join: does not connect any of \"traces\" with \"logs\""),
                argumentSet(
                        "a cycle",
                        "exporters: [out/other]",
                        "exporters: [join]",
                        "is part of a cycle: traces/joined -> join -> traces/joined"),
                argumentSet(
                        "no receivers",
                        "logs: {receivers: [in/other], ",
                        "logs: {",
                        "service.pipelines.logs.receivers: is empty; a pipeline needs at least one of its receivers"),
                argumentSet(
                        "a processor twice",
                        "processors: [pass]",
                        "processors: [pass, pass]",
                        "service.pipelines.traces.processors[1]: lists \"pass\" twice"),
                argumentSet(
                        "an unknown type",
                        "processors: {pass: }",
                        "processors: {pass: , pas/x: }",
                        "processors.pas/x: unknown processor type \"pas\"; did you mean \"pass\"?"),
                argumentSet(
                        "a pipeline of no signal",
                        "logs: {",
                        "spans: {",
                        "service.pipelines.spans: is no pipeline id; write traces, metrics or logs"),
                argumentSet(
                        "an id that is a connector too",
                        "receivers: {in: ,",
                        "receivers: {in: , join: ,",
                        "receivers.join: \"join\" is no receiver but a connector; move it to the section \"connectors\""),
                argumentSet(
                        "an unknown section",
                        "engine: {",
                        "engin: {",
                        "engin: unknown option; did you mean \"engine\"?"),
                argumentSet(
                        "a ring of odd size",
                        "ring_size: 512",
                        "ring_size: 500",
                        "engine.ring_size: \"500\" is not a power of two; write 4096, for example"),
                argumentSet(
                        "too little memory",
                        "memory: 64MiB",
                        "memory: 64KiB",
                        "engine.memory: 64.0 KiB is not enough for 3 lanes and segments of 64.0 KiB; the least possible is"),
                argumentSet(
                        "memory in no unit", "memory: 64MiB", "memory: 64 potatoes", "engine.memory: \"64 potatoes\""));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void everyMistakeIsNamedWithItsPlace(String good, String bad, String message) {
        assertThat(GOOD).contains(good);
        decode(GOOD.replace(good, bad));
        assertThat(problems.errors())
                .extracting(Problem::toString)
                .anyMatch(text -> text.startsWith("t.yaml:") && text.contains(message));
    }

    @Test
    void allMistakesAreReportedAtOnce() {
        decode("receivers: {inn: }\nexporters: {out: {quue: 1}}\nservice: {pipelines: {traces: {receivers: [in]}}}\n");
        assertThat(problems.errors()).hasSizeGreaterThanOrEqualTo(4);
    }

    @Test
    void nothingConfiguredIsToldToAddAService() {
        decode("{}");
        assertThat(problems.errors())
                .extracting(Problem::message)
                .anyMatch(text -> text.contains("no section \"service\""));
    }
}
