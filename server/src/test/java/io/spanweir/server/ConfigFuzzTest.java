package io.spanweir.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.sun.management.ThreadMXBean;
import io.spanweir.config.ConfigLoader;
import io.spanweir.config.ConfigNode;
import io.spanweir.config.ConfigPrinter;
import io.spanweir.config.Problem;
import io.spanweir.config.Problems;
import io.spanweir.graph.Components;
import io.spanweir.graph.Topology;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * Any text as a configuration: read with all components of the program it ends with a topology or with problems that have
 * places, in bounded time and memory, and never with an exception.
 */
class ConfigFuzzTest {
    private static final long DURATION_NANOS_MAX = Duration.ofSeconds(10).toNanos();
    private static final long ALLOCATED_BYTES_MAX = 1L << 30;
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "WORD", "several", "NUMBER", "23", "SECTION", "{a: [1, {b: c}]}", "LOOP", "${env:LOOP}", "EMPTY", "");
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** No file is there, so that nothing of this machine is read. */
    private final ConfigLoader loader = ConfigLoader.of(ENVIRONMENT::get, Path.of("/nonexistent/directory"));

    private final Components components = Components.load(ConfigFuzzTest.class.getClassLoader());

    ConfigFuzzTest() {
        // Loads the classes, which costs more than any configuration.
        Topology.decode(
                loader.loadText("first.yaml", "service: {pipelines: {traces: {}}}", new Problems()), components);
    }

    @FuzzTest(maxDuration = "1m")
    void load(byte[] utf8) {
        String text = new String(utf8, StandardCharsets.UTF_8);
        if (text.contains("file:")) {
            return;
        }
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        long began = System.nanoTime();
        Problems problems = new Problems();
        ConfigNode root = loader.loadText("fuzz.yaml", text, problems);
        Topology topology = Topology.decode(root, components);
        String shown = problems.toString();
        long nanos = System.nanoTime() - began;
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - allocated)
                .as("bytes allocated")
                .isLessThan(ALLOCATED_BYTES_MAX);
        assertThat(nanos).as("nanoseconds").isLessThan(DURATION_NANOS_MAX);
        for (Problem problem : problems.list()) {
            assertProblem(problem, text);
        }
        if (problems.errors().isEmpty()) {
            assertThat(topology.pipelines()).as(shown).isNotEmpty();
            assertPrintsTheSame(root);
        }
    }

    private static void assertProblem(Problem problem, String text) {
        String line = problem.toString();
        assertThat(problem.position().source()).as(line).isNotEmpty();
        assertThat(problem.message()).as(line).isNotBlank();
        if (line.indexOf('\n') >= 0
                || line.length() > 3_000
                || (line.contains("Exception") && !text.contains("Exception"))) {
            throw new AssertionError("not a line for people: " + line);
        }
        if (problem.position().source().equals("fuzz.yaml")
                && problem.position().line() < 1) {
            throw new AssertionError("no place: " + line);
        }
    }

    /** What is valid can be printed, and the print is valid and prints the same. */
    private void assertPrintsTheSame(ConfigNode root) {
        String printed = ConfigPrinter.print(root);
        Problems problems = new Problems();
        ConfigNode again = loader.loadText("printed.yaml", printed, problems);
        assertThat(problems.errors()).as(printed).isEmpty();
        assertThat(ConfigPrinter.print(again)).isEqualTo(printed);
    }
}
