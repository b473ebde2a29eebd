package io.spanweir.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class YamlReaderTest {
    private final Problems problems = new Problems();

    private Object read(String text) {
        return ConfigNode.parse("a.yaml", text, problems).raw();
    }

    static Stream<Arguments> readable() {
        return Stream.of(
                argumentSet("alias", "a: &x {b: 1}\nc: *x", Map.of("a", Map.of("b", 1L), "c", Map.of("b", 1L))),
                argumentSet("alias of a value", "a: &x 5s\nb: [*x, *x]", Map.of("a", "5s", "b", List.of("5s", "5s"))),
                argumentSet("alias as a key", "a: &x k\n*x : 1", Map.of("a", "k", "k", 1L)),
                argumentSet("anchor that is set twice", "a: &x 1\nb: &x 2\nc: *x", Map.of("a", 1L, "b", 2L, "c", 2L)),
                argumentSet(
                        "merge",
                        "a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  c: 3",
                        Map.of("a", Map.of("b", 1L, "c", 2L), "d", Map.of("b", 1L, "c", 3L))),
                argumentSet(
                        "merge after the key", "d: {c: 3, <<: {c: 2, e: 4}}", Map.of("d", Map.of("c", 3L, "e", 4L))),
                argumentSet(
                        "merge of a list", "d: {<<: [{a: 1}, {a: 2, b: 3}]}", Map.of("d", Map.of("a", 1L, "b", 3L))),
                argumentSet(
                        "merge in a merge",
                        "a: &x {p: 1}\nb: &y {<<: *x, q: 2}\nc: {<<: *y}",
                        Map.of("a", Map.of("p", 1L), "b", Map.of("p", 1L, "q", 2L), "c", Map.of("p", 1L, "q", 2L))),
                argumentSet("merge key in quotes is a key", "{'<<': 1}", Map.of("<<", 1L)),
                argumentSet("number as a key", "{200: ok, 0x10: hex}", Map.of("200", "ok", "0x10", "hex")),
                argumentSet(
                        "JSON",
                        "{\"a\": [1, \"b\", true, null]}",
                        Map.of("a", java.util.Arrays.asList(1L, "b", true, null))),
                argumentSet("byte order mark", "\uFEFFa: 1", Map.of("a", 1L)),
                argumentSet("Windows line ends", "a: 1\r\nb: x\r\n", Map.of("a", 1L, "b", "x")),
                argumentSet("end mark", "---\na: 1\n...\n", Map.of("a", 1L)),
                argumentSet("version directive", "%YAML 1.2\n---\na: 1\n", Map.of("a", 1L)),
                argumentSet("non-ASCII", "a: größe 😀", Map.of("a", "größe 😀")));
    }

    @ParameterizedTest
    @MethodSource("readable")
    void documentHasTheContentThatTheCollectorReads(String text, Object expected) {
        assertThat(read(text)).isEqualTo(expected);
        assertThat(problems.list()).isEmpty();
    }

    @Test
    void emptyDocumentIsNull() {
        assertThat(read("")).isNull();
        assertThat(read("# only a comment\n")).isNull();
        assertThat(read("---\n")).isNull();
        assertThat(problems.list()).isEmpty();
    }

    @Test
    void columnsCountCodePointsAndBlocksStandWhereTheyBegin() {
        ConfigNode yaml = ConfigNode.parse("a.yaml", "{😀: x, b: y}\n", problems);
        yaml.integer("b").or(1);
        ConfigNode.parse("b.yaml", "a: |\n  text\n", problems).integer("a").or(1);
        assertThat(problems.toString()).isEqualTo("""
                        a.yaml:1:11: b: "y" is not a whole number
                        b.yaml:1:4: a: "text\\n" is not a whole number""");
    }

    @Test
    void aliasesThatStandForMillionsAreRefusedWhereTheLimitIsPassed() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int level = 1; level < 9; level++) {
            String alias = "*a" + (level - 1);
            bomb.append("a%d: &a%d [".formatted(level, level))
                    .append((alias + ", ").repeat(9))
                    .append(alias)
                    .append("]\n");
        }
        read(bomb.toString());
        assertThat(problems.toString())
                .matches(
                        "a\\.yaml:5:[0-9]+: more than 100000 values up to here, aliases counted each time they are used");
    }

    @Test
    void doublingMergesAreRefusedToo() {
        StringBuilder bomb = new StringBuilder("a0: &a0 {k: [x, x, x, x, x, x, x, x, x, x]}\n");
        for (int level = 1; level < 40; level++) {
            bomb.append("a%d: &a%d {l: *a%d, r: *a%d}\n".formatted(level, level, level - 1, level - 1));
        }
        read(bomb.toString());
        assertThat(problems.errors()).hasSize(1);
        assertThat(problems.toString()).contains("more than 100000 values");
    }

    @Test
    void depthHasALimitInBothStyles() {
        read("[".repeat(5_000) + "]".repeat(5_000));
        StringBuilder block = new StringBuilder();
        for (int level = 0; level < 150; level++) {
            block.append(" ".repeat(level)).append("a:\n");
        }
        read(block.toString());
        assertThat(problems.errors()).hasSize(2);
        assertThat(problems.errors())
                .allSatisfy(problem -> assertThat(problem.toString())
                        .isEqualTo("a.yaml:" + problem.position().line() + ":101: is nested deeper than 100 levels"));
    }

    @Test
    void hugeDocumentIsRefusedAndAHugeValueBelowTheLimitIsNot() {
        read("a: " + "x".repeat(YamlReader.CODE_POINTS_MAX));
        assertThat(problems.toString())
                .isEqualTo(
                        "a.yaml:1:1: has 3145731 characters; at most 3145728 are read, split it over several --config sources");
        Problems none = new Problems();
        String value = "x".repeat(1_000_000);
        assertThat(ConfigNode.parse("b.yaml", "a: '" + value + "'", none)
                        .string("a")
                        .required())
                .isEqualTo(value);
        assertThat(none.list()).isEmpty();
    }

    @Test
    void hugeKeyIsRefused() {
        read("? " + "k".repeat(2_000) + "\n: 1\n");
        assertThat(problems.toString()).isEqualTo("a.yaml:1:3: a key of 2000 characters; at most 1024");
    }

    @Test
    void longValueIsCutInMessages() {
        ConfigNode.parse("a.yaml", "a: " + "x".repeat(500), problems)
                .integer("a")
                .or(1);
        assertThat(problems.toString()).isEqualTo("a.yaml:1:4: a: \"" + "x".repeat(80) + "…\" is not a whole number");
    }

    @Test
    void whateverIsInANameAProblemIsOneLineOfBoundedLength() {
        problems.error(new Position("a.yaml", 1, 2), "x.line\nbreak", "\u2028 and \u0007 and " + "y".repeat(5_000));
        assertThat(problems.toString())
                .startsWith("a.yaml:1:2: x.line\\nbreak: \\u2028 and \\u0007 and yyy")
                .endsWith("y…")
                .hasSizeLessThan(1_600)
                .doesNotContain("\n");
    }

    @Test
    void numberOfProblemsHasALimit() {
        StringBuilder text = new StringBuilder();
        for (int index = 0; index < 2_000; index++) {
            text.append("unknown").append(index).append(": 1\n");
        }
        ConfigNode.parse("a.yaml", text.toString(), problems).finish();
        assertThat(problems.list()).hasSize(Problems.COUNT_MAX);
    }
}
