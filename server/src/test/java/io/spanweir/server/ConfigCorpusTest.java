package io.spanweir.server;

import io.spanweir.testkit.Corpus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The seeds of {@code ConfigFuzzTest} are the examples, some broken configurations, and what YAML and references can do. */
class ConfigCorpusTest {
    private static final Path ROOT = Path.of(System.getProperty("spanweir.root"));
    private static final List<String> EXAMPLES =
            List.of("tail-sampling", "gateway", "forward-two-stages", "batch-and-memory-limiter", "environment");
    private static final List<String> BROKEN = List.of(
            "all-at-once", "tail-sampling-policies", "exporter-options", "otlp-receiver-options", "telemetry-section");

    @Test
    void seedsOfTheConfiguration() throws IOException {
        Map<String, byte[]> seeds = new TreeMap<>();
        for (String example : EXAMPLES) {
            Path file = ROOT.resolve("config-examples").resolve(example).resolve("config.yaml");
            seeds.put("example-" + example, withoutComments(Files.readString(file)));
        }
        for (String broken : BROKEN) {
            Path file = ROOT.resolve("server/src/test/resources/config/program").resolve(broken + ".yaml");
            seeds.put("broken-" + broken, withoutComments(Files.readString(file)));
        }
        seeds.put(
                "anchors",
                utf8("a: &a {b: &c [1, 'x', \"\\u00e4\"]}\nd: {<<: *a, e: *c}\nf: !!str 5\n? g\n: |-\n  h\n"));
        seeds.put(
                "references",
                utf8("receivers: ${SECTION}\nexporters: {file: {path: \"${env:WORD}/$$${X:-${NUMBER}}\"}}\n"
                        + "service::pipelines::traces: {receivers: [nop], exporters: [\"${yaml:debug}\"]}\n"));
        Corpus.verify("io.spanweir.server.ConfigFuzzTest", "load", seeds);
    }

    /** Comments teach the fuzzer nothing. */
    private static byte[] withoutComments(String yaml) {
        StringBuilder text = new StringBuilder();
        yaml.lines()
                .filter(line -> !line.strip().startsWith("#"))
                .forEach(line -> text.append(line).append('\n'));
        return utf8(text.toString());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
