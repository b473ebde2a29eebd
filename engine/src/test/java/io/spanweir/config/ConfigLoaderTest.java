package io.spanweir.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigLoaderTest {
    @TempDir
    private Path directory;

    private final Map<String, String> environment = new HashMap<>();
    private final Problems problems = new Problems();

    private ConfigNode load(String... uris) {
        return ConfigLoader.of(environment::get, directory).load(List.of(uris), List.of(), problems);
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    private static Map<String, Object> mapWithNull(String key) {
        Map<String, Object> map = new HashMap<>();
        map.put(key, null);
        return map;
    }

    static Stream<Arguments> merges() {
        return Stream.of(
                argumentSet(
                        "sections deep",
                        "a: {b: 1, c: 2}",
                        "a: {c: 3, d: 4}",
                        Map.of("a", Map.of("b", 1L, "c", 3L, "d", 4L))),
                argumentSet("lists replaced", "a: [1, 2]", "a: [3]", Map.of("a", List.of(3L))),
                argumentSet("null over a section", "a: {b: 1}", "a:", mapWithNull("a")),
                argumentSet("null over an inner value", "a: {b: 1}", "a: {b: null}", Map.of("a", mapWithNull("b"))),
                argumentSet("section over null", "a:", "a: {b: 1}", Map.of("a", Map.of("b", 1L))),
                argumentSet("empty section changes nothing", "a: {b: 1}", "a: {}", Map.of("a", Map.of("b", 1L))),
                argumentSet("value over a section", "a: {b: 1}", "a: x", Map.of("a", "x")),
                argumentSet("section over a list", "a: [1]", "a: {b: 1}", Map.of("a", Map.of("b", 1L))),
                argumentSet("empty source changes nothing", "a: 1", "", Map.of("a", 1L)),
                argumentSet("comment only changes nothing", "a: 1", "# nothing", Map.of("a", 1L)),
                argumentSet(
                        "nested keys",
                        "a: {b: {c: 1, d: 2}}",
                        "a::b::c: 3",
                        Map.of("a", Map.of("b", Map.of("c", 3L, "d", 2L)))));
    }

    @ParameterizedTest
    @MethodSource("merges")
    void laterSourceIsPutOverEarlierOnes(String base, String later, Map<String, Object> expected) {
        assertThat(load("yaml:" + base, "yaml:" + later).raw()).isEqualTo(expected);
        assertThat(problems.list()).isEmpty();
    }

    @Test
    void everyKindOfSourceIsRead() throws IOException {
        write("base.yaml", "file: 1\n");
        write("other.yaml", "scheme: 2\n");
        environment.put("MORE", "variable: 3");
        assertThat(load("base.yaml", "file:other.yaml", "env:MORE", "yaml:text::key: 4")
                        .raw())
                .isEqualTo(Map.of("file", 1L, "scheme", 2L, "variable", 3L, "text", Map.of("key", 4L)));
        assertThat(problems.list()).isEmpty();
    }

    @Test
    void setComesLastAndIsReadAsYaml() {
        ConfigNode root = ConfigLoader.of(environment::get, directory)
                .load(
                        List.of("yaml:processors: {batch: {timeout: 1s, sizes: [1]}}"),
                        List.of(
                                "processors.batch.timeout=2s",
                                "processors.batch.sizes=[2, 3]",
                                "a.b=",
                                "c.d.e={f: true}"),
                        problems);
        assertThat(problems.list()).isEmpty();
        assertThat(root.raw())
                .isEqualTo(Map.of(
                        "processors",
                        Map.of("batch", Map.of("timeout", "2s", "sizes", List.of(2L, 3L))),
                        "a",
                        mapWithNull("b"),
                        "c",
                        Map.of("d", Map.of("e", Map.of("f", true)))));
    }

    @Test
    void sectionOfTwoSourcesKeepsThePlacesOfBoth() throws IOException {
        write("base.yaml", "sample:\n  count: 0\n");
        write("later.yaml", "sample:\n\n  wait: 30\n");
        ConfigNode sample = load("base.yaml", "later.yaml").child("sample");
        sample.integer("count").atLeast(1).or(1);
        sample.duration("wait").orNull();
        assertThat(problems.toString()).isEqualTo("""
                        base.yaml:2:10: sample.count: "0" is too small; write 1 or more
                        later.yaml:3:9: sample.wait: "30" has no unit; write "30s" (ms, s, m, h)""");
    }

    static Stream<Arguments> refusedSources() {
        return Stream.of(
                argumentSet("no such file", "absent.yaml", "absent.yaml: no such file in "),
                argumentSet("directory", "file:.", ".: is a directory; name a file in it"),
                argumentSet("no path", "file:", "--config: names no file; write a path after \"file:\""),
                argumentSet("unset variable", "env:ABSENT", "env:ABSENT: the environment variable is not set"),
                argumentSet(
                        "network",
                        "https://example.com/a.yaml",
                        "https://example.com/a.yaml: a configuration is not read over the network; fetch it before the start and"
                                + " name the file"),
                argumentSet(
                        "unknown scheme",
                        "s3:bucket",
                        "s3:bucket: scheme \"s3\" is not known; write a path, \"file:\", \"env:\" or \"yaml:\""),
                argumentSet(
                        "list at the top",
                        "yaml:[a]",
                        "yaml:1:1: found a list, expected a section of \"receivers:\", \"service:\" and so on"),
                argumentSet(
                        "text at the top",
                        "yaml:hello",
                        "yaml:1:1: found \"hello\", expected a section of \"receivers:\", \"service:\" and so on"),
                argumentSet(
                        "two documents",
                        "yaml:a: 1\n---\nb: 2",
                        "yaml:2:1: a second document starts here; a source is one document, so remove the \"---\" or give each"
                                + " document as its own --config"));
    }

    @ParameterizedTest
    @MethodSource("refusedSources")
    void sourceThatCannotBeUsedIsNamedWithTheReason(String uri, String message) {
        load(uri);
        assertThat(problems.errors()).hasSize(1);
        assertThat(problems.errors().get(0).toString()).startsWith(message);
    }

    @Test
    void fileThatIsNotUtf8IsRefusedWithTheLine() throws IOException {
        Files.write(directory.resolve("latin.yaml"), "a: 1\nb: caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
        load("latin.yaml");
        assertThat(problems.toString()).isEqualTo("latin.yaml: is not UTF-8 from byte 11 (line 2); save it as UTF-8");
    }

    @Test
    void oneBadSourceDoesNotHideProblemsOfTheOthers() {
        ConfigNode root = load("absent.yaml", "yaml:count: x", "yaml:[");
        root.integer("count").or(1);
        assertThat(problems.errors()).hasSize(3);
    }

    static Stream<Arguments> refusedSets() {
        return Stream.of(
                argumentSet(
                        "no value",
                        "a.b",
                        "--set: \"a.b\" sets nothing; write \"key.key=value\", as in \"processors.batch.timeout=2s\""),
                argumentSet(
                        "empty key",
                        "a..b=1",
                        "--set: \"a..b\" sets nothing; write \"key.key=value\", as in \"processors.batch.timeout=2s\""),
                argumentSet(
                        "no YAML",
                        "a.b=[1",
                        "--set: the \"[\" is not closed where it should be; write \"]\" after its last item"));
    }

    @ParameterizedTest
    @MethodSource("refusedSets")
    void setThatSetsNothingIsRefused(String set, String message) {
        ConfigLoader.of(environment::get, directory).load(List.of("yaml:a: 1"), List.of(set), problems);
        assertThat(problems.toString()).isEqualTo(message);
    }

    static Stream<Arguments> expansions() {
        return Stream.of(
                argumentSet("variable", "${env:ONE}", 1L),
                argumentSet("without a scheme", "${ONE}", 1L),
                argumentSet("inside of text", "a${ONE}b", "a1b"),
                argumentSet("two side by side", "${ONE}${ONE}", "11"),
                argumentSet("host and port", "${HOST}:${env:PORT}", "tempo:4317"),
                argumentSet("default of an unset one", "${env:ABSENT:-7}", 7L),
                argumentSet("default is not used for an empty one", "${env:EMPTY:-7}", null),
                argumentSet("default without a scheme", "${ABSENT:-x}", "x"),
                argumentSet("empty default", "a${env:ABSENT:-}b", "ab"),
                argumentSet("default with a scheme in it", "${env:ABSENT:-http://a:80/b}", "http://a:80/b"),
                argumentSet("default that is a reference", "${env:ABSENT:-${env:ONE}}", 1L),
                argumentSet("default with braces", "${env:ABSENT:-a={b}}", "a={b}"),
                argumentSet("name from a variable", "${env:${env:NAME}}", 1L),
                argumentSet("reference in a variable", "${env:INDIRECT}", 1L),
                argumentSet("written YAML", "${yaml:[1, 2]}", List.of(1L, 2L)),
                argumentSet("section", "${SECTION}", Map.of("a", Map.of("b", 1L))),
                argumentSet("file", "${file:number.txt}", 5L),
                argumentSet("file inside of text", "<${file:token.txt}>", "<abc>"),
                argumentSet("file of text keeps its quotes", "${file:quoted.txt}", "\"abc\""),
                argumentSet("not YAML is text", "${BROKEN}", "[a, {"),
                argumentSet("duplicate keys make text", "${DUPLICATE}", "{a: 1, a: 2}"),
                argumentSet("dollar without a brace", "a$b $ c", "a$b $ c"),
                argumentSet("doubled dollar", "cost: $$5", "cost: $5"),
                argumentSet("escaped reference", "$${ONE}", "${ONE}"),
                argumentSet("dollar and reference", "$$${ONE}", "$1"),
                argumentSet("regex end", "^a$", "^a$"),
                argumentSet("braces without a dollar", "{{x}} }", "{{x}} }"));
    }

    @ParameterizedTest
    @MethodSource("expansions")
    void referenceIsExpanded(String text, Object expected) throws IOException {
        environment.putAll(Map.of(
                "ONE", "1",
                "EMPTY", "",
                "NAME", "ONE",
                "HOST", "tempo",
                "PORT", "4317",
                "INDIRECT", "${env:ONE}",
                "SECTION", "{a: {b: \"${ONE}\"}}",
                "BROKEN", "[a, {",
                "DUPLICATE", "{a: 1, a: 2}"));
        write("number.txt", "5\n");
        write("token.txt", "abc\r\n");
        write("quoted.txt", "\"abc\"\n");
        String yaml = "value: '" + text + "'";
        assertThat(load("yaml:" + yaml).child("value").raw()).isEqualTo(expected);
        assertThat(problems.list()).isEmpty();
    }

    @Test
    void referenceThatIsNeverClosedIsTextWithAWarning() {
        assertThat(load("yaml:value: '${env:ONE'").child("value").raw()).isEqualTo("${env:ONE");
        assertThat(problems.toString())
                .isEqualTo(
                        "yaml:1:8: value: a \"${\" is never closed and is read as text; write \"}\" behind the name, or"
                                + " \"$${\" for the text \"${\"");
        assertThat(problems.hasErrors()).isFalse();
    }

    @Test
    void keysAreNotExpanded() {
        environment.put("ONE", "1");
        assertThat(load("yaml:'${ONE}': 2").raw()).isEqualTo(Map.of("${ONE}", 2L));
    }

    static Stream<Arguments> refusedReferences() {
        return Stream.of(
                argumentSet(
                        "no name",
                        "${1}",
                        "\"1\" is no name of a variable (letters, digits, _); write \"$${1}\" for the text \"${1}\""),
                argumentSet(
                        "empty",
                        "${}",
                        "\"\" is no name of a variable (letters, digits, _); write \"$${}\" for the text \"${}\""),
                argumentSet(
                        "unknown scheme",
                        "${vault:secret/a}",
                        "\"${vault:secret/a}\": scheme \"vault\" is not known (env, file, yaml); write \"$${\" for the text \"${\""),
                argumentSet(
                        "network",
                        "${https://example.com/a}",
                        "\"${https://example.com/a}\": a configuration is not read over the network; fetch it before the start and"
                                + " name the file"),
                argumentSet("loop", "${LOOP}", "needs more than 100 expansions; does a variable refer to itself?"),
                argumentSet(
                        "loop inside of text",
                        "a ${LOOP_TEXT} b",
                        "needs more than 100 expansions; does a variable refer to itself?"),
                argumentSet(
                        "loop in a section",
                        "${LOOP_SECTION}",
                        "needs more than 100 expansions; does a variable refer to itself?"),
                argumentSet(
                        "doubling", "${LAUGH1}", "needs more than 100 expansions; does a variable refer to itself?"));
    }

    @ParameterizedTest
    @MethodSource("refusedReferences")
    void referenceThatCannotBeResolvedIsAnErrorAtItsPlace(String text, String message) {
        environment.putAll(Map.of(
                "LOOP", "${LOOP}",
                "LOOP_TEXT", "x${LOOP_TEXT}",
                "LOOP_SECTION", "{a: \"${LOOP_SECTION}\"}"));
        for (int level = 1; level <= 20; level++) {
            environment.put("LAUGH" + level, "a${LAUGH" + (level + 1) + "}${LAUGH" + (level + 1) + "}");
        }
        environment.put("LAUGH21", "ha");
        load("yaml:a:\n- b: '" + text + "'");
        assertThat(problems.toString()).isEqualTo("yaml:2:6: a[0].b: " + message);
    }

    @Test
    void absentFileOfAReferenceIsAnErrorAtTheReference() {
        load("yaml:a: ${file:absent.txt}");
        assertThat(problems.toString()).startsWith("yaml:1:4: a: file \"absent.txt\": no such file in ");
    }

    @Test
    void unsetVariableReadsAsEmptyWithAWarning() {
        ConfigNode root = load("yaml:count: ${ABSENT}\nname: ${env:ABSENT}\nendpoint: ${env:ABSENT}:4317");
        assertThat(problems.hasErrors()).isFalse();
        assertThat(problems.toString()).isEqualTo("""
                        yaml:1:8: count: environment variable "ABSENT" is not set and reads as empty; set it or write "${env:ABSENT:-default}"
                        yaml:2:7: name: environment variable "ABSENT" is not set and reads as empty; set it or write "${env:ABSENT:-default}"
                        yaml:3:11: endpoint: environment variable "ABSENT" is not set and reads as empty; set it or write "${env:ABSENT:-default}\"""");
        assertThat(root.integer("count").or(5)).isEqualTo(5);
        assertThat(root.string("name").or("default")).isEmpty();
        assertThat(root.string("endpoint").or("")).isEqualTo(":4317");
    }

    @Test
    void problemInAVariableIsReportedWhereTheVariableIsUsed() {
        environment.put("POLICY", "{name: 1, wait: 30}");
        ConfigNode root = load("yaml:a: 1\npolicy: ${POLICY}");
        root.child("policy").duration("wait").orNull();
        assertThat(problems.toString())
                .isEqualTo("yaml:2:9: policy.wait: \"30\" has no unit; write \"30s\" (ms, s, m, h)");
    }

    @Test
    void problemInAnIncludedFileIsReportedThere() throws IOException {
        write("policy.yaml", "# policy\nwait: 30\n");
        load("yaml:policy: ${file:policy.yaml}")
                .child("policy")
                .duration("wait")
                .orNull();
        assertThat(problems.toString())
                .isEqualTo("policy.yaml:2:7: policy.wait: \"30\" has no unit; write \"30s\" (ms, s, m, h)");
    }

    @Test
    void includedFileThatLooksLikeSectionsButIsNoYamlIsWarnedAbout() throws IOException {
        write("policy.yaml", "wait: 30s\n\tname: x\n");
        load("yaml:policy: ${file:policy.yaml}");
        assertThat(problems.toString())
                .isEqualTo(
                        "policy.yaml:2:1: policy: is read as text because it is not YAML: a tab cannot indent or separate here; use spaces");
    }

    @Test
    void allExpansionsTogetherHaveALimit() {
        environment.put("LARGE", "x".repeat(1024 * 1024));
        String[] lines = new String[20];
        Arrays.fill(lines, "- a${LARGE}");
        load("yaml:a:\n" + String.join("\n", lines));
        assertThat(problems.errors()).hasSize(4);
        assertThat(problems.errors().get(0).toString())
                .isEqualTo("yaml:18:3: a[16]: all expansions together give more than 16777216 characters");
    }
}
