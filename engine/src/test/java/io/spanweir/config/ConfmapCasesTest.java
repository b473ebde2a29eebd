package io.spanweir.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The collector's end-to-end cases of expansion and typing; skipped where the sample data is absent. */
class ConfmapCasesTest {
    private static final Path CASES = Path.of(System.getProperty("spanweir.data", "absent"), "confmap-e2e");

    private final Map<String, String> environment = new HashMap<>();
    private final Problems problems = new Problems();

    private ConfigNode load(String file) {
        assumeTrue(Files.isDirectory(CASES), "sample data confmap-e2e is absent");
        return ConfigLoader.of(environment::get, CASES).load(List.of(file), List.of(), problems);
    }

    static Stream<Arguments> typings() throws IOException {
        Path table = CASES.resolve("env_typing_cases.jsonl");
        if (!Files.exists(table)) {
            return Stream.of(argumentSet("sample data confmap-e2e is absent", Map.of(), false));
        }
        List<Arguments> rows = new ArrayList<>();
        for (String line : Files.readAllLines(table)) {
            Map<String, Object> row = json(line);
            String name = row.get("env") + " as " + row.get("field_type");
            rows.add(argumentSet(name, row, false));
            rows.add(argumentSet(name + ", through a second variable", row, true));
        }
        return rows.stream();
    }

    private static Map<String, Object> json(String line) throws IOException {
        Map<String, Object> row = new LinkedHashMap<>();
        try (JsonParser parser = new JsonFactory().createParser(line)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken token = parser.nextToken();
                row.put(name, token == JsonToken.VALUE_NUMBER_INT ? (Object) parser.getLongValue() : parser.getText());
            }
        }
        return row;
    }

    @ParameterizedTest
    @MethodSource("typings")
    void variableFitsTheTypeOfItsFieldAsInTheCollector(Map<String, Object> row, boolean indirect) {
        assumeTrue(!row.isEmpty(), "sample data confmap-e2e is absent");
        String text = (String) row.get("env");
        environment.put("ENV_VALUE", "testreceiver");
        environment.put(indirect ? "ENV2" : "ENV", text);
        if (indirect) {
            environment.put("ENV", "${env:ENV2}");
        }
        String type = (String) row.get("field_type");
        ConfigNode root = load(type.equals("InlineString") ? "types_expand_inline.yaml" : "types_expand.yaml");
        if ("expand".equals(row.get("error"))) {
            assertThat(problems.hasErrors()).as("refused while expanding").isTrue();
            return;
        }
        assertThat(problems.list()).as("problems while expanding").isEmpty();
        Object found = switch (type) {
            case "Int" -> root.longInteger("field").required();
            case "Bool" -> root.bool("field").required();
            default -> root.string("field").required();
        };
        if ("decode".equals(row.get("error"))) {
            assertThat(problems.hasErrors())
                    .as("refused while decoding " + found)
                    .isTrue();
        } else {
            assertThat(problems.list()).isEmpty();
            assertThat(found).isEqualTo(row.get("expected"));
        }
    }

    @Test
    void escapedDollarsSurviveOnceAndReferencesBesideThemExpand() {
        environment.putAll(Map.of(
                "ENV_VALUE", "some value",
                "ENV_LIST", "['$$A', '$${B}', '$${env:C}']",
                "ENV_MAP", "{a: '$$A', b: '$${B}', c: '$${env:C}'}",
                "ENV_NESTED_DOLLARSIGN", "one $$",
                "ENV_NESTED_DOLLARSIGN_ESCAPED", "two $$$",
                "ENV_EXPAND_NESTED", "${env:ENV_VALUE} of a variable"));
        Map<String, Object> expected = new LinkedHashMap<>();
        expected.put("key1", "$ENV_VALUE");
        expected.put("key2", "$$ENV_VALUE");
        expected.put("key3", "$some value");
        expected.put("key4", "somesome valuetext");
        expected.put("key5", "some${ENV_VALUE}text");
        expected.put("key6", "${ONE}${TWO}");
        expected.put("key7", "text$");
        expected.put("key8", "$");
        expected.put("key9", "${1}${env:2}");
        expected.put("key10", "some${env:ENV_VALUE}text");
        expected.put("key11", "${env:some value}");
        expected.put("key12", "${env:${ENV_VALUE}}");
        expected.put("key13", "env:MAP_VALUE_2}${ENV_VALUE}{");
        expected.put("key14", "$some value");
        expected.put("key15", "$ENV_VALUE");
        expected.put("key16", List.of("$A", "${B}", "${env:C}"));
        expected.put("key17", Map.of("a", "$A", "b", "${B}", "c", "${env:C}"));
        expected.put("key18", "one $");
        expected.put("key19", "two $$");
        expected.put("key20", "some value of a variable");
        expected.put("key21", "default_value");
        expected.put("key22", "${env:UNDEFINED_KEY}");
        assertThat(load("expand-escaped-env.yaml").raw()).isEqualTo(Map.of("test_map", expected));
        assertThat(problems.list()).isEmpty();
    }

    @Test
    void fileOfSectionsIsReadThroughAVariableAndItsVariablesAreTyped() {
        environment.put("BASE_FOLDER", ".");
        environment.put("OTEL_LOGS_RECEIVER", "[nop,otlp]");
        environment.put("OTEL_LOGS_EXPORTER", "[otlp_grpc,nop]");
        ConfigNode logs = load("indirect-slice-env-var-main.yaml")
                .child("service")
                .child("pipelines")
                .child("logs");
        assertThat(logs.strings("receivers").notEmpty()).containsExactly("nop", "otlp");
        assertThat(logs.strings("exporters").notEmpty()).containsExactly("otlp_grpc", "nop");
        assertThat(problems.list()).isEmpty();
    }

    @Test
    void commentOfAnIncludedFileMayHoldWhatIsNoReference() throws IOException {
        assumeTrue(Files.isDirectory(CASES), "sample data confmap-e2e is absent");
        Path directory = Files.createTempDirectory("confmap");
        Path snippet = Files.createDirectory(directory.resolve("testdata")).resolve("issue-10787-snippet.yaml");
        Files.copy(CASES.resolve("issue-10787-snippet.yaml"), snippet);
        ConfigNode root = ConfigLoader.of(environment::get, directory)
                .load(List.of(CASES.resolve("issue-10787-main.yaml").toString()), List.of(), problems);
        assertThat(problems.list()).isEmpty();
        assertThat(root.child("exporters").raw()).isEqualTo(Map.of("debug", Map.of("verbosity", "detailed")));
        Files.delete(snippet);
        Files.delete(snippet.getParent());
        Files.delete(directory);
    }

    static Stream<Arguments> subsections() {
        Map<String, Object> nullKey = new HashMap<>();
        nullKey.put("key", null);
        Map<String, Object> nullField = new HashMap<>();
        nullField.put("field", null);
        return Stream.of(
                argumentSet("null", "subsection_null.yaml", Map.of("field", nullKey)),
                argumentSet("empty section", "subsection_empty_map.yaml", Map.of("field", Map.of("key", Map.of()))),
                argumentSet("nothing after the colon", "subsection_set_but_empty.yaml", Map.of("field", nullKey)),
                argumentSet("nothing after the outer colon", "subsection_unset.yaml", nullField),
                argumentSet("empty outer section", "subsection_unset_empty_map.yaml", Map.of("field", Map.of())));
    }

    @ParameterizedTest
    @MethodSource("subsections")
    void nullAndEmptySectionsAreToldApart(String file, Map<String, Object> expected) {
        assertThat(load(file).raw()).isEqualTo(expected);
        assertThat(problems.list()).isEmpty();
    }

    static Stream<Arguments> nested() {
        return Stream.of(
                argumentSet("in a section", "types_map.yaml", Map.of("key", 123L)),
                argumentSet("in a list", "types_slice.yaml", List.of(123L)),
                argumentSet("in lists in sections", "types_complex.yaml", List.of(Map.of("key", List.of(123L)))));
    }

    @ParameterizedTest
    @MethodSource("nested")
    void nestedReferenceTakesTheTypeOfItsText(String file, Object expected) {
        environment.put("VALUE", "123");
        assertThat(load(file).child("field").raw()).isEqualTo(expected);
    }

    @Test
    void stringFieldGetsTheExpandedTextOfSectionsInVariables() {
        environment.put("ENV", "{whole: \"${env:ENV2}\", part: \"in ${env:ENV2}\"}");
        environment.put("ENV2", "{deep: \"${env:ENV3}\"}");
        environment.put("ENV3", "{number: 123}");
        ConfigNode root = load("types_expand.yaml");
        assertThat(root.child("field").raw())
                .isEqualTo(Map.of(
                        "whole", Map.of("deep", Map.of("number", 123L)), "part", "in {deep: \"{number: 123}\"}"));
        assertThat(root.string("field").required())
                .isEqualTo("{whole: \"{deep: \"{number: 123}\"}\", part: \"in {deep: \"{number: 123}\"}\"}");
        assertThat(problems.list()).isEmpty();
    }

    @Test
    void referencesNestAsDeepAsVariablesDo() {
        environment.put("ENV", "outer ${env:ENV2} outer");
        environment.put("ENV2", "inner ${env:ENV3} inner");
        environment.put("ENV3", "123");
        assertThat(load("types_expand.yaml").string("field").required()).isEqualTo("outer inner 123 inner outer");
        assertThat(load("types_expand_inline.yaml").string("field").required())
                .isEqualTo("inline field with outer inner 123 inner outer expansion");
        assertThat(problems.list()).isEmpty();
    }
}
