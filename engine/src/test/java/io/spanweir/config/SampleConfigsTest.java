package io.spanweir.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Configurations that others use load; skipped where the sample data is absent. */
class SampleConfigsTest {
    private static final Path CONFIGS = Path.of(System.getProperty("spanweir.data", "absent"), "configs");
    private static final String ABSENT = "sample data configs is absent";

    /** Files that are no configuration, and why. */
    private static final Map<String, String> REFUSED = Map.of(
            "core-example-k8s.yaml",
            "core-example-k8s.yaml:44:1: a second document starts here; a source is one document, so remove the \"---\" or give"
                    + " each document as its own --config");

    static Stream<String> files() throws IOException {
        if (!Files.isDirectory(CONFIGS)) {
            return Stream.of(ABSENT);
        }
        try (Stream<Path> files = Files.list(CONFIGS)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void configurationLoadsOrIsRefusedWithThePlace(String name) {
        assumeTrue(!name.equals(ABSENT), ABSENT);
        Problems problems = new Problems();
        ConfigNode root = ConfigLoader.of(variable -> "7", CONFIGS).load(List.of(name), List.of(), problems);
        String refusal = REFUSED.get(name);
        if (refusal != null) {
            assertThat(problems.toString()).isEqualTo(refusal);
            return;
        }
        assertThat(problems.list()).isEmpty();
        assertThat(root.children()).isNotEmpty();
        assertThat(ConfigPrinter.print(root))
                .doesNotContain("${")
                .contains(root.children().get(0).key() + ":");
    }
}
