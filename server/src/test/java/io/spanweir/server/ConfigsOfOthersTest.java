package io.spanweir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.spanweir.Spanweir;
import io.spanweir.component.ComponentId;
import io.spanweir.component.ComponentKind;
import io.spanweir.config.ConfigLoader;
import io.spanweir.config.ConfigNode;
import io.spanweir.config.Problem;
import io.spanweir.config.Problems;
import io.spanweir.graph.Components;
import io.spanweir.graph.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Configurations that others wrote for the collector: valid where their components exist here, precise where they do not. */
class ConfigsOfOthersTest {
    /** What is wrong with files that use only components that exist, in a few words of each message. */
    private static final Map<String, List<String>> REFUSED = Map.of(
            "core-otelcol-cyclic-connector.yaml", List.of("is part of a cycle"),
            "core-otelcol-invalid-connector-unused-exp.yaml", List.of("no pipeline exports to it"),
            "alloy-envvars-default_value_format.yaml", List.of("has a scheme"),
            "core-example-k8s.yaml", List.of("a second document starts here", "has no section \"service\""),
            "contrib-tail-sampling-all-policies.yaml", List.of("cannot stand here", "has no section \"service\""),
            "contrib-spanmetrics-variants.yaml", List.of("unknown option", "has no section \"service\""),
            "otel-demo-observability-overlay.yaml",
                    List.of("is not configured", "is empty", "profiles are not available"));

    private static final Map<String, String> ENVIRONMENT =
            Map.of("MY_POD_IP", "10.0.0.1", "SPLUNK_MEMORY_LIMIT_MIB", "512", "SPLUNK_LISTEN_INTERFACE", "0.0.0.0");

    static Stream<Arguments> files() throws IOException {
        Path folder = Path.of(System.getProperty("spanweir.data", "absent"), "configs");
        if (!Files.isDirectory(folder)) {
            return Stream.of(Arguments.argumentSet("sample data is absent", Path.of("absent")));
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files
                    .sorted()
                    .<Arguments>map(
                            file -> Arguments.argumentSet(file.getFileName().toString(), file))
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void isValidOrNamesWhatIsMissing(Path file) {
        assumeTrue(Files.exists(file), "the sample data, see the property spanweir.data");
        Components components = Spanweir.components();
        Problems problems = new Problems();
        ConfigNode root =
                ConfigLoader.of(ENVIRONMENT::get, file.getParent()).load(List.of(file.toString()), List.of(), problems);
        List<String> unknown = unknownComponents(root, components);
        Topology.decode(root, components);
        for (String path : unknown) {
            assertThat(problems.errors())
                    .as("errors at " + path)
                    .anyMatch(problem ->
                            problem.path().equals(path) && problem.position().line() > 0);
        }
        List<String> refused = REFUSED.get(file.getFileName().toString());
        if (refused != null) {
            for (String words : refused) {
                assertThat(problems.errors()).extracting(Problem::message).anyMatch(message -> message.contains(words));
            }
        } else if (unknown.isEmpty()) {
            assertThat(problems.errors()).isEmpty();
        }
    }

    private static List<String> unknownComponents(ConfigNode root, Components components) {
        List<String> unknown = new ArrayList<>();
        for (ComponentKind kind : ComponentKind.values()) {
            ConfigNode section = root.child(kind.section());
            if (!section.isSection()) {
                continue;
            }
            for (ConfigNode node : section.children()) {
                ComponentId id = ComponentId.parse(node.key());
                if (id != null && components.find(kind, id.type()) == null) {
                    unknown.add(kind.section() + "." + node.key());
                }
            }
        }
        return unknown;
    }
}
