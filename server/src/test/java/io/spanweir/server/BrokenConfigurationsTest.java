package io.spanweir.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.spanweir.testkit.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What {@code spanweir validate} says of whole configurations that are broken as users break them. Each {@code
 * config/program/<case>.yaml} lies beside the output expected of it, which {@code -Dgolden.update=true} writes anew.
 */
class BrokenConfigurationsTest {
    private static final Path DIRECTORY =
            Path.of(System.getProperty("spanweir.root"), "server/src/test/resources/config/program");

    /** A new component must not change these files. */
    private static final String TYPES = "((?:type \"[^\"\n]*\"|version; remove it); available: )[a-z_]+(?:, [a-z_]+)*";

    private final TestProgram spanweir = new TestProgram(DIRECTORY)
            .with("WORD", "several")
            .with("NUMBER", "23")
            .with("LOOP", "${env:LOOP}");

    static Stream<String> cases() throws IOException {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".yaml"))
                    .map(name -> name.substring(0, name.length() - ".yaml".length()))
                    .sorted()
                    .toList();
            return names.stream();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyProblemIsNamedWithItsPlaceAtOnce(String name) {
        TestProgram.Result result = spanweir.run("validate", "--config", name + ".yaml");
        String said = (result.err() + result.out())
                .replace(System.lineSeparator(), "\n")
                .replace(DIRECTORY.toAbsolutePath().normalize().toString(), "DIRECTORY")
                .replaceAll(TYPES, "$1COMPONENTS");
        assertThat(said).doesNotContain("Exception").doesNotContain("io.spanweir");
        Golden.verify("config/program/" + name + ".expected", said);
    }
}
