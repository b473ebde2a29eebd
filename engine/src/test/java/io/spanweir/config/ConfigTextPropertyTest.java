package io.spanweir.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.spanweir.testkit.Seeds;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Whatever the text is, it loads or is answered with problems at places that exist in it. */
class ConfigTextPropertyTest {
    private static final int ROUNDS = 4_000;

    private static final String SEED_TEXT = """
            base: &base {wait: 5s, tags: [a, 'b', "c"], limits: {soft: 1}}
            sample:
              <<: *base
              name: ${env:NAME:-gate${WAY}}
              text: |
                several lines
              headers:
              - name: x
                value: !!str 1
              endpoint: "[::1]:4317"
              target: https://example.com:4318/v1
              ${X}: $${Y}
            service::pipelines::traces: {receivers: [otlp]}
            """;

    private static final String[] PIECES = {
        "\n",
        "  ",
        "\t",
        ": ",
        ":",
        "- ",
        "{",
        "}",
        "[",
        "]",
        ",",
        "'",
        "\"",
        "|",
        ">",
        "&a ",
        "*a",
        "*base",
        "!x ",
        "!!int ",
        "<<: ",
        "? ",
        "#",
        "%",
        "@",
        "---\n",
        "...\n",
        "${",
        "}",
        "$",
        "$$",
        "${env:A",
        ":-",
        "::",
        "\\",
        "\u0000",
        "\uFEFF",
        "😀",
        "\r\n",
        "~",
        "0x",
        "1e999",
        "-",
        "99999999999999999999",
        ".nan",
        "\u0085",
        "\uD800"
    };

    private static final Map<String, String> ENVIRONMENT =
            Map.of("A", "${B}", "B", "[1, {c: \"${C}\"}]", "C", "${A}", "X", "{y: [", "WAY", "way", "NAME", "&a [*a]");

    @Test
    void anyTextLoadsOrIsAnsweredWithPlacesThatExist() {
        for (int round = 0; round < ROUNDS; round++) {
            String text = mutated(Seeds.random(ConfigTextPropertyTest.class, "text", round));
            Problems problems = new Problems();
            String printed;
            try {
                ConfigNode root = ConfigLoader.of(ENVIRONMENT::get, Path.of("")).loadText("a.yaml", text, problems);
                printed = ConfigPrinter.print(root);
                readAsEverything(root);
            } catch (RuntimeException | StackOverflowError thrown) {
                throw new AssertionError(text + "\n" + Seeds.repeat(ConfigTextPropertyTest.class, round), thrown);
            }
            int lineCount = text.split("\r\n|[\n\r\u0085\u2028\u2029]", -1).length;
            for (Problem problem : problems.list()) {
                Position position = problem.position();
                assertThat(position.source().equals("a.yaml")
                                && position.line() >= 1
                                && position.line() <= lineCount
                                && position.column() >= 1
                                && position.column() <= text.length() + 1)
                        .as("%s%nof%n%s%n%s", problem, text, Seeds.repeat(ConfigTextPropertyTest.class, round))
                        .isTrue();
            }
            Problems again = new Problems();
            ConfigNode.parse("printed.yaml", printed, again);
            assertThat(again.list())
                    .as("%s%nfrom%n%s%n%s", printed, text, Seeds.repeat(ConfigTextPropertyTest.class, round))
                    .isEmpty();
        }
    }

    private static String mutated(SplittableRandom random) {
        StringBuilder text = new StringBuilder(SEED_TEXT);
        for (int edits = random.nextInt(1, 7); edits > 0; edits--) {
            int at = random.nextInt(text.length() + 1);
            int end = Math.min(text.length(), at + random.nextInt(12));
            switch (random.nextInt(4)) {
                case 0 -> text.delete(at, end);
                case 1 -> text.insert(at, text.substring(at, end));
                default -> text.insert(at, PIECES[random.nextInt(PIECES.length)]);
            }
        }
        return text.toString();
    }

    /** Reads each node as every type; the results do not matter, only that nothing is thrown. */
    private static void readAsEverything(ConfigNode node) {
        List<Object> results = List.of(
                node.string().required(),
                node.bool().required(),
                node.integer().atLeast(1).required(),
                node.longInteger().atMost(5L).required(),
                node.decimal().above(0.0).required(),
                node.duration().required(),
                node.size().required(),
                node.endpoint().required(),
                node.target().required(),
                node.enumeration(Map.of("a", 1)).required());
        assertThat(results).doesNotContainNull();
        if (node.isSection()) {
            for (ConfigNode child : node.children()) {
                node.strings(child.key()).notEmpty();
                node.headers(child.key());
                node.percentage(child.key()).required();
                node.record(child.key(), TlsClientConfig::decode);
                readAsEverything(child);
            }
        } else if (node.isList()) {
            node.items().forEach(ConfigTextPropertyTest::readAsEverything);
        }
    }
}
