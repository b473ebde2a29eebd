package io.spanweir.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.math.BigInteger;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a written value becomes for an option of each type, and what is said when it does not fit. */
class ValueFitTest {
    private enum Mode {
        TRACE_COMPLETE,
        SPAN_INGEST
    }

    private final Problems problems = new Problems();

    private static Arguments good(String type, String written, Function<ConfigNode, Object> read, Object expected) {
        return argumentSet(type + " " + written, written, read, expected);
    }

    static Stream<Arguments> goodValues() {
        Function<ConfigNode, Object> string = yaml -> yaml.string("x").required();
        Function<ConfigNode, Object> integer = yaml -> yaml.integer("x").required();
        Function<ConfigNode, Object> longInteger = yaml -> yaml.longInteger("x").required();
        Function<ConfigNode, Object> decimal = yaml -> yaml.decimal("x").required();
        Function<ConfigNode, Object> bool = yaml -> yaml.bool("x").required();
        Function<ConfigNode, Object> duration = yaml -> yaml.duration("x").required();
        Function<ConfigNode, Object> size = yaml -> yaml.size("x").required();
        Function<ConfigNode, Object> percentage = yaml -> yaml.percentage("x").required();
        Function<ConfigNode, Object> mode =
                yaml -> yaml.enumeration("x", Mode.class).required();
        Function<ConfigNode, Object> strings = yaml -> yaml.strings("x").orEmpty();
        return Stream.of(
                good("string", "abc", string, "abc"),
                good("string", "'a b'", string, "a b"),
                good("string", "0123", string, "0123"),
                good("string", "1.20", string, "1.20"),
                good("string", "yes", string, "yes"),
                good("string", "'true'", string, "true"),
                good("string", "!!str true", string, "true"),
                good("string", "|\n  a\n  b\n", string, "a\nb\n"),
                good("string", ">-\n  a\n  b\n", string, "a b"),
                good("string", "2023-03-20T03:17:55.432328Z", string, "2023-03-20T03:17:55.432328Z"),
                good("integer", "12", integer, 12),
                good("integer", "0x10", integer, 16),
                good("integer", "1_000", integer, 1000),
                good("integer", "5.0", integer, 5),
                good("integer", "1e3", integer, 1000),
                good("long", "9223372036854775807", longInteger, Long.MAX_VALUE),
                good("decimal", "0.25", decimal, 0.25),
                good("decimal", "3", decimal, 3.0),
                good("bool", "true", bool, true),
                good("bool", "yes", bool, true),
                good("bool", "Off", bool, false),
                good("duration", "1m30s", duration, Duration.ofSeconds(90)),
                good("duration", "'5s'", duration, Duration.ofSeconds(5)),
                good("duration", "0", duration, Duration.ZERO),
                good("size", "64MiB", size, 64L << 20),
                good("size", "4096", size, 4096L),
                good("size", "0x100", size, 256L),
                good("percentage", "12.5", percentage, 12.5),
                good("percentage", "25%", percentage, 25.0),
                good("enumeration", "span_ingest", mode, Mode.SPAN_INGEST),
                good("strings", "[a, 1, 'b']", strings, List.of("a", "1", "b")),
                good("strings", "a, b,c", strings, List.of("a", "b", "c")),
                good("strings", "[]", strings, List.of()));
    }

    @ParameterizedTest
    @MethodSource("goodValues")
    void writtenValueFitsItsOption(String written, Function<ConfigNode, Object> read, Object expected) {
        assertThat(read.apply(ConfigNode.parse("a.yaml", "x: " + written, problems)))
                .isEqualTo(expected);
        assertThat(problems.list()).isEmpty();
    }

    private static Arguments bad(String type, String written, Consumer<ConfigNode> read, String message) {
        return argumentSet(type + " " + written, written, read, message);
    }

    static Stream<Arguments> badValues() {
        Consumer<ConfigNode> string = yaml -> yaml.string("x").required();
        Consumer<ConfigNode> integer = yaml -> yaml.integer("x").required();
        Consumer<ConfigNode> atLeastOne =
                yaml -> yaml.integer("x").atLeast(1).atMost(10).or(5);
        Consumer<ConfigNode> between =
                yaml -> yaml.decimal("x").above(0.0).below(1.0).or(0.5);
        Consumer<ConfigNode> bool = yaml -> yaml.bool("x").required();
        Consumer<ConfigNode> positive =
                yaml -> yaml.duration("x").above(Duration.ZERO).required();
        Consumer<ConfigNode> short1m =
                yaml -> yaml.duration("x").atMost(Duration.ofMinutes(1)).or(Duration.ZERO);
        Consumer<ConfigNode> size = yaml -> yaml.size("x").atLeast(1L << 20).required();
        Consumer<ConfigNode> percentage = yaml -> yaml.percentage("x").required();
        Consumer<ConfigNode> mode = yaml -> yaml.enumeration("x", Mode.class).required();
        Consumer<ConfigNode> strings = yaml -> yaml.strings("x").notEmpty();
        Consumer<ConfigNode> two = yaml -> yaml.strings("x").atMost(2).orEmpty();
        Consumer<ConfigNode> path = yaml -> yaml.string("x")
                .matching(text -> text.startsWith("/"), "must begin with \"/\"")
                .or("/");
        Consumer<ConfigNode> password = yaml -> yaml.integer("password").or(1);
        return Stream.of(
                bad("string", "true", string, "4: x: \"true\" is a boolean here, expected text; put it in quotes"),
                bad("string", "[a]", string, "4: x: found a list, expected text"),
                bad("string", "{a: 1}", string, "4: x: found a section, expected text"),
                bad("string", "''", string, "4: x: must not be empty"),
                bad("string", "a/b", path, "4: x: \"a/b\" must begin with \"/\""),
                bad("string", "null", string, "4: x: is missing; it has no default"),
                bad(
                        "integer",
                        "'12'",
                        integer,
                        "4: x: \"12\" is text because of its quotes, expected a whole number; remove the quotes"),
                bad("integer", "1.5", integer, "4: x: \"1.5\" is not a whole number"),
                bad("integer", "twelve", integer, "4: x: \"twelve\" is not a whole number"),
                bad("integer", "true", integer, "4: x: \"true\" is not a whole number"),
                bad("integer", "3000000000", integer, "4: x: \"3000000000\" is not in -2147483648 to 2147483647"),
                bad("integer", "[1]", integer, "4: x: found a list, expected a whole number"),
                bad("integer", "0", atLeastOne, "4: x: \"0\" is too small; write 1 or more"),
                bad("integer", "0xB", atLeastOne, "4: x: \"0xB\" is too large; write 10 or less"),
                bad("decimal", "0", between, "4: x: \"0\" is too small; write more than 0"),
                bad("decimal", "1.0", between, "4: x: \"1.0\" is too large; write less than 1"),
                bad("decimal", ".inf", between, "4: x: \".inf\" is not a number"),
                bad(
                        "decimal",
                        "'1'",
                        between,
                        "4: x: \"1\" is text because of its quotes, expected a number; remove the quotes"),
                bad("bool", "23", bool, "4: x: \"23\" is neither true nor false"),
                bad("bool", "t", bool, "4: x: \"t\" is neither true nor false"),
                bad("bool", "'true'", bool, "4: x: \"true\" is in quotes; remove them"),
                bad("duration", "30", positive, "4: x: \"30\" has no unit; write \"30s\" (ms, s, m, h)"),
                bad("duration", "0s", positive, "4: x: \"0s\" is too small; write more than 0s"),
                bad("duration", "90s", short1m, "4: x: \"90s\" is too large; write 1m or less"),
                bad(
                        "size",
                        "64M",
                        size,
                        "4: x: \"64M\" has an unknown unit; write \"64MiB\" (B, KiB, MiB, GiB, KB, MB, GB)"),
                bad("size", "1KiB", size, "4: x: \"1KiB\" is too small; write 1MiB or more"),
                bad("percentage", "101", percentage, "4: x: \"101\" is too large; write 100 or less"),
                bad("percentage", "x%", percentage, "4: x: \"x%\" is no percentage; write a number from 0 to 100"),
                bad(
                        "enumeration",
                        "span-ingest",
                        mode,
                        "4: x: \"span-ingest\" is not known; did you mean \"span_ingest\"?"),
                bad("enumeration", "other", mode, "4: x: \"other\" is not known; known: trace_complete, span_ingest"),
                bad(
                        "strings",
                        "{a: b}",
                        strings,
                        "4: x: found a section, expected a list; write each item as \"- item\" in a line of its own"),
                bad("strings", "[]", strings, "4: x: must have at least one item"),
                bad("strings", "[a, [b]]", strings, "8: x[1]: found a list, expected text"),
                bad("strings", "[a, b, c]", two, "4: x: has 3 items; at most 2 are allowed"),
                bad("secret", "1\npassword: hunter2", password, "11: password: \"<masked>\" is not a whole number"));
    }

    @ParameterizedTest
    @MethodSource("badValues")
    void valueThatDoesNotFitIsAnsweredWithWhatWouldBeRight(String written, Consumer<ConfigNode> read, String message) {
        read.accept(ConfigNode.parse("a.yaml", "x: " + written, problems));
        int line = written.contains("\n") ? 2 : 1;
        assertThat(problems.toString()).isEqualTo("a.yaml:" + line + ":" + message);
    }

    @Test
    void absentAndNullOptionsTakeTheDefault() {
        ConfigNode yaml = ConfigNode.parse("a.yaml", "b:\nc: ~", problems);
        assertThat(yaml.integer("a").or(1)).isEqualTo(1);
        assertThat(yaml.integer("b").or(2)).isEqualTo(2);
        assertThat(yaml.string("c").or("x")).isEqualTo("x");
        assertThat(yaml.duration("a").orNull()).isNull();
        assertThat(yaml.strings("a").or(List.of("d"))).containsExactly("d");
        assertThat(yaml.strings("b").orNull()).isNull();
        assertThat(List.of(yaml.has("a"), yaml.has("b"), yaml.isNull("a"), yaml.isNull("b")))
                .containsExactly(false, true, false, true);
        assertThat(problems.list()).isEmpty();
    }

    @Test
    void optionOfAnyTypeKeepsTheTypeOfYaml() {
        ConfigNode yaml = ConfigNode.parse(
                "a.yaml",
                "x: {s: text, i: 0x10, big: 18446744073709551615, d: 1.5, b: true, n: null, q: '1', l: [y]}",
                problems);
        Map<String, Object> expected = new LinkedHashMap<>();
        expected.put("s", "text");
        expected.put("i", 16L);
        expected.put("big", new BigInteger("18446744073709551615"));
        expected.put("d", 1.5);
        expected.put("b", true);
        expected.put("n", null);
        expected.put("q", "1");
        expected.put("l", List.of("y"));
        assertThat(yaml.child("x").raw()).isEqualTo(expected);
    }

    @Test
    void headersAreReadFromASectionAndFromAList() {
        ConfigNode yaml = ConfigNode.parse(
                "a.yaml", "x: {X-Scope: a, n: 1}\ny: [{name: X-Scope, value: a}, {name: n, value: 1}]", problems);
        Map<String, Secret> expected = Map.of("X-Scope", Secret.of("a"), "n", Secret.of("1"));
        assertThat(yaml.headers("x")).isEqualTo(expected);
        assertThat(yaml.headers("y")).isEqualTo(expected);
        assertThat(yaml.headers("z")).isEmpty();
        assertThat(yaml.headers("x").toString()).doesNotContain("a,").contains(Secret.MASKED);
        assertThat(problems.list()).isEmpty();
    }

    @Test
    void headersThatCannotBeSentAreProblems() {
        ConfigNode yaml = ConfigNode.parse("a.yaml", "x:\n  a b: 1\n  c: \"1\\n2\"\ny: [{value: 3}]\n", problems);
        yaml.headers("x");
        yaml.headers("y");
        assertThat(problems.toString()).isEqualTo("""
                        a.yaml:2:3: x.a b: "a b" is no header name; use letters, digits and "-"
                        a.yaml:3:3: x.c: a header value cannot have line breaks; remove them
                        a.yaml:4:5: y[0].name: is missing; it has no default
                        a.yaml:4:5: y[0]: "" is no header name; use letters, digits and "-\"""");
    }

    @Test
    void sectionsOfTheUsersOwnNamingKeepTheirOrder() {
        ConfigNode yaml = ConfigNode.parse("a.yaml", "x: {b/2: 1s, a: 2s, host.name: 3}", problems);
        Map<String, Duration> durations = yaml.map("x", item -> item.duration().or(Duration.ZERO));
        assertThat(durations.keySet()).containsExactly("b/2", "a", "host.name");
        assertThat(problems.toString())
                .isEqualTo("a.yaml:1:32: x[\"host.name\"]: \"3\" has no unit; write \"3s\" (ms, s, m, h)");
    }

    @Test
    void keyWithoutValueGivesTheRecordWithItsDefaults() {
        Decoder<Integer> decoder = yaml -> yaml.integer("port").or(4317);
        ConfigNode yaml = ConfigNode.parse("a.yaml", "grpc:\n", problems);
        assertThat(yaml.optionalRecord("grpc", decoder)).isEqualTo(4317);
        assertThat(yaml.optionalRecord("http", decoder)).isNull();
        assertThat(yaml.record("http", decoder)).isEqualTo(4317);
        assertThat(problems.list()).isEmpty();
    }

    @Test
    void oldSpellingIsReadWithAWarning() {
        ConfigNode yaml =
                ConfigNode.parse("a.yaml", "x:\n  latency_ms: 5", problems).child("x");
        int threshold = yaml.decode(section -> {
            section.alias("latency_ms", "threshold_ms");
            return section.integer("threshold_ms").atLeast(10).or(1);
        });
        assertThat(threshold).isEqualTo(1);
        assertThat(problems.toString()).isEqualTo("""
                        a.yaml:2:3: x.latency_ms: is an old spelling; write "threshold_ms"
                        a.yaml:2:15: x.latency_ms: "5" is too small; write 10 or more""");
        assertThat(problems.warnings()).hasSize(1);
    }

    @Test
    void oldAndNewSpellingTogetherAreAProblem() {
        ConfigNode yaml = ConfigNode.parse("a.yaml", "old: 1\nnew: 2", problems);
        int value = yaml.decode(section -> {
            section.alias("old", "new");
            return section.integer("new").or(0);
        });
        assertThat(value).isEqualTo(2);
        assertThat(problems.toString())
                .isEqualTo("a.yaml:1:1: old: is the old spelling of \"new\", which is here too; keep one");
    }

    @Test
    void rulesAcrossOptionsAreReportedAtTheOptionOrAtItsSection() {
        ConfigNode yaml = ConfigNode.parse("a.yaml", "x:\n  min: 5", problems).child("x");
        yaml.problem("min", "is more than \"max\"");
        yaml.problem("max", "is less than \"min\"");
        yaml.warning("is odd");
        yaml.refused("tpm", "is not supported");
        assertThat(problems.toString()).isEqualTo("""
                        a.yaml:1:1: x.max: is less than "min"
                        a.yaml:1:1: x: is odd
                        a.yaml:2:8: x.min: is more than "max\"""");
    }

    @Test
    void sectionsAreTheSameWhenTheirContentIs() {
        ConfigNode one = ConfigNode.parse("a.yaml", "{a: 1, b: [x, {c: null}]}", problems);
        ConfigNode reordered = ConfigNode.parse("b.yaml", "# moved\nb:\n- x\n- c:\na: 1\n", problems);
        ConfigNode other = ConfigNode.parse("a.yaml", "{a: 1, b: [x, {c: 0}]}", problems);
        assertThat(one.child("a").sameAs(reordered.child("a"))).isTrue();
        assertThat(one.child("b").sameAs(other.child("b"))).isFalse();
        assertThat(ConfigNode.parse("a", "a: '1'", problems).sameAs(ConfigNode.parse("a", "a: 1", problems)))
                .isFalse();
    }

    @Test
    void problemFoundTwiceIsKeptOnce() {
        ConfigNode yaml = ConfigNode.parse("a.yaml", "x: y", problems);
        yaml.integer("x").or(1);
        yaml.integer("x").or(1);
        assertThat(problems.list()).hasSize(1);
    }
}
