package io.spanweir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code config-examples}: each works as it stands, and says what it does. */
class ConfigExamplesTest {
    private static final Path ROOT = Path.of(System.getProperty("spanweir.root"), "config-examples");
    private static final int README_LINES_MAX = 20;

    private final TestProgram spanweir = new TestProgram(ROOT);

    static Stream<String> examples() throws IOException {
        try (Stream<Path> directories = Files.list(ROOT)) {
            return directories.map(path -> path.getFileName().toString()).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void exampleIsValidWithoutAnyVariable(String example) {
        String file = example + "/config.yaml";
        TestProgram.Result result = spanweir.run("validate", "--config", file);
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out()).startsWith(file + ": valid");
    }

    @ParameterizedTest
    @MethodSource("examples")
    void exampleLosesNothingWhenPrinted(String example) {
        TestProgram.Result printed = spanweir.run("print-config", "--config", example + "/config.yaml");
        TestProgram.Result again = spanweir.run("print-config", "--config", "yaml:" + printed.out());
        assertThat(printed.out()).isNotEmpty().isEqualTo(again.out());
        assertThat(spanweir.run("validate", "--config", "yaml:" + printed.out()).code())
                .isZero();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void exampleSaysWhatItDoesAndHowToRunIt(String example) throws IOException {
        List<String> readme = Files.readAllLines(ROOT.resolve(example).resolve("README.md"));
        assertThat(readme)
                .hasSizeBetween(5, README_LINES_MAX)
                .first()
                .asString()
                .startsWith("# ");
        assertThat(readme).anySatisfy(line -> assertThat(line).contains("config-examples/" + example + "/config.yaml"));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyAddressCanBeChangedByAVariable(String example) throws IOException {
        assertThat(Files.readAllLines(ROOT.resolve(example).resolve("config.yaml")))
                .filteredOn(line ->
                        line.strip().startsWith("endpoint:") || line.strip().startsWith("port:"))
                .allSatisfy(line -> assertThat(line).contains("${env:", ":-"));
    }

    @Test
    void mergedExampleIsValidToo() {
        TestProgram.Result result =
                spanweir.run("validate", "--config", "merge/config.yaml", "--config", "merge/production.yaml");
        assertThat(result.out()).isEqualTo("merge/config.yaml, merge/production.yaml: valid" + System.lineSeparator());
    }
}
