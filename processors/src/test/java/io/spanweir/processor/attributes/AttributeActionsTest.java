package io.spanweir.processor.attributes;

import static io.spanweir.processor.attributes.Attributes.of;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.spanweir.config.ConfigNode;
import io.spanweir.config.Problems;
import io.spanweir.data.ClientMetadata;
import io.spanweir.data.Overlay;
import io.spanweir.data.SpanView;
import io.spanweir.data.Splice;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every action with every source and type of value. */
class AttributeActionsTest {
    private static final ClientMetadata METADATA =
            new ClientMetadata(Map.of("X-Tenant", List.of("acme"), "via", List.of("a", "b")));

    private static List<KeyValue> edited(String actions, List<KeyValue> attributes)
            throws InvalidProtocolBufferException {
        Problems problems = new Problems();
        ConfigNode yaml = ConfigNode.parse("t.yaml", "actions:\n" + actions, problems);
        AttributeEditor editor =
                yaml.decode(node -> AttributeActions.decode(node, "actions")).editor();
        assertThat(problems.errors()).isEmpty();
        byte[] bytes = Span.newBuilder()
                .setName("s")
                .addAllAttributes(attributes)
                .setKindValue(2)
                .build()
                .toByteArray();
        Overlay overlay = Overlay.ofSpans();
        overlay.reset(1);
        SpanView span = new SpanView().wrap(bytes, 0, bytes.length, overlay, 0);
        editor.begin(METADATA);
        editor.apply(span.attributes());
        byte[] spliced = new byte[Splice.length(bytes, 0, bytes.length, overlay, 0)];
        Splice.write(bytes, 0, bytes.length, overlay, 0, spliced, 0);
        Span out = Span.parseFrom(spliced);
        assertThat(out.getName()).isEqualTo("s");
        assertThat(out.getKindValue()).isEqualTo(2);
        return out.getAttributesList();
    }

    static Stream<Arguments> actions() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("b", List.of(1, 2.5));
        map.put("a<", null);
        return Stream.of(
                // Sources of insert, update and upsert.
                argumentSet("insert text", "- {key: a, value: x, action: insert}", of("b", 1), of("b", 1, "a", "x")),
                argumentSet("insert integer", "- {key: a, value: 2245, action: insert}", of(), of("a", 2245)),
                argumentSet("insert decimal", "- {key: a, value: 2.5, action: insert}", of(), of("a", 2.5)),
                argumentSet("insert boolean", "- {key: a, value: true, action: insert}", of(), of("a", true)),
                argumentSet("insert number in quotes", "- {key: a, value: '5', action: insert}", of(), of("a", "5")),
                argumentSet("insert empty text", "- {key: a, value: '', action: insert}", of(), of("a", "")),
                argumentSet("insert list", "- {key: a, value: [x, 1], action: insert}", of(), of("a", List.of("x", 1))),
                argumentSet(
                        "insert section",
                        "- {key: a, value: {k: {n: true}}, action: insert}",
                        of(),
                        of("a", Map.of("k", Map.of("n", true)))),
                argumentSet(
                        "insert long list",
                        "- {key: a, value: [" + "abcdefgh, ".repeat(60) + "z], action: insert}",
                        of(),
                        of(
                                "a",
                                Stream.concat(Collections.nCopies(60, "abcdefgh").stream(), Stream.of("z"))
                                        .toList())),
                argumentSet(
                        "insert leaves what is there", "- {key: a, value: x, action: insert}", of("a", 1), of("a", 1)),
                argumentSet("an action in capitals", "- {key: a, value: x, action: INSERT}", of(), of("a", "x")),
                argumentSet("update", "- {key: a, value: x, action: update}", of("a", 1, "b", 2), of("a", "x", "b", 2)),
                argumentSet(
                        "update leaves what is absent", "- {key: a, value: x, action: update}", of("b", 1), of("b", 1)),
                argumentSet("upsert of absent", "- {key: a, value: x, action: upsert}", of(), of("a", "x")),
                argumentSet("upsert of present", "- {key: a, value: x, action: upsert}", of("a", true), of("a", "x")),
                argumentSet(
                        "upsert from attribute",
                        "- {key: a, from_attribute: b, action: upsert}",
                        of("b", List.of(1, "x")),
                        of("b", List.of(1, "x"), "a", List.of(1, "x"))),
                argumentSet(
                        "update from attribute, other type",
                        "- {key: a, from_attribute: b, action: update}",
                        of("a", "x", "b", 2.5),
                        of("a", 2.5, "b", 2.5)),
                argumentSet(
                        "insert from attribute that is there already",
                        "- {key: a, from_attribute: b, action: insert}",
                        of("a", 1, "b", 2),
                        of("a", 1, "b", 2)),
                argumentSet(
                        "from absent attribute",
                        "- {key: a, from_attribute: b, action: upsert}",
                        of("a", 1),
                        of("a", 1)),
                argumentSet("from itself", "- {key: a, from_attribute: a, action: upsert}", of("a", 1), of("a", 1)),
                argumentSet(
                        "from empty value",
                        "- {key: a, from_attribute: b, action: upsert}",
                        of("b", null),
                        of("b", null, "a", null)),
                argumentSet(
                        "default for absent attribute",
                        "- {key: a, from_attribute: b, default_value: us, action: insert}",
                        of(),
                        of("a", "us")),
                argumentSet(
                        "default not needed",
                        "- {key: a, from_attribute: b, default_value: us, action: insert}",
                        of("b", "eu"),
                        of("b", "eu", "a", "eu")),
                argumentSet("default alone", "- {key: a, default_value: 5, action: upsert}", of("a", 1), of("a", 5)),
                argumentSet(
                        "default for null value",
                        "- {key: a, value: , default_value: 5, action: upsert}",
                        of(),
                        of("a", 5)),
                argumentSet(
                        "from metadata",
                        "- {key: a, from_context: metadata.x-tenant, action: insert}",
                        of(),
                        of("a", "acme")),
                argumentSet(
                        "from metadata, several values",
                        "- {key: a, from_context: metadata.Via, action: insert}",
                        of(),
                        of("a", "a;b")),
                argumentSet(
                        "from metadata without prefix",
                        "- {key: a, from_context: x-tenant, action: insert}",
                        of(),
                        of("a", "acme")),
                argumentSet(
                        "from absent metadata", "- {key: a, from_context: metadata.no, action: insert}", of(), of()),
                argumentSet(
                        "default for absent metadata",
                        "- {key: a, from_context: metadata.no, default_value: d, action: insert}",
                        of(),
                        of("a", "d")),
                argumentSet(
                        "default for what is never there",
                        "- {key: a, from_context: auth.subject, default_value: d, action: insert}",
                        of(),
                        of("a", "d")),
                // Delete.
                argumentSet("delete", "- {key: a, action: delete}", of("a", 1, "b", 2), of("b", 2)),
                argumentSet("delete absent", "- {key: a, action: delete}", of("b", 2), of("b", 2)),
                argumentSet("delete the last", "- {key: a, action: delete}", of("a", 2), of()),
                argumentSet(
                        "delete by pattern, found anywhere",
                        "- {pattern: 'se.ret', action: delete}",
                        of("my.secret.x", 1, "b", 2, "seXret", 3),
                        of("b", 2)),
                argumentSet(
                        "delete by anchored pattern",
                        "- {pattern: '^x', action: delete}",
                        of("ax", 1, "xa", 2),
                        of("ax", 1)),
                argumentSet(
                        "delete by key and pattern",
                        "- {key: b, pattern: '^x', action: delete}",
                        of("xa", 2, "b", 1, "c", 3),
                        of("c", 3)),
                // Hash.
                argumentSet(
                        "hash of text",
                        "- {key: a, action: hash}",
                        of("a", "foo"),
                        of("a", "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae")),
                argumentSet(
                        "hash of integer",
                        "- {key: a, action: hash}",
                        of("a", 24),
                        of("a", "cbb032642036ec7043fa4529f06c9c9d8b12fa70ea6799a19ca8321a808d86fa")),
                argumentSet(
                        "hash of true",
                        "- {key: a, action: hash}",
                        of("a", true),
                        of("a", "4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a")),
                argumentSet("hash of empty text", "- {key: a, action: hash}", of("a", ""), of("a", "")),
                argumentSet("hash of list", "- {key: a, action: hash}", of("a", List.of(1)), of("a", "")),
                argumentSet("hash of bytes", "- {key: a, action: hash}", of("a", new byte[] {1}), of("a", "")),
                argumentSet("hash of absent", "- {key: a, action: hash}", of("b", 1), of("b", 1)),
                argumentSet(
                        "hash by pattern",
                        "- {pattern: 'mail', action: hash}",
                        of("mail", "foo", "b", 1, "e-mail", ""),
                        of(
                                "mail",
                                "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
                                "b",
                                1,
                                "e-mail",
                                "")),
                argumentSet(
                        "hash by key and pattern that matches it: twice",
                        "- {key: a, pattern: a, action: hash}",
                        of("a", "foo"),
                        of("a", "505221025f9701f8a05cc22cbafeec897598b2924a9d665cbc10f0073d66da20")),
                // Extract.
                argumentSet(
                        "extract",
                        "- {key: u, pattern: '^(?P<scheme>.*)://(?P<host>[^/]*)', action: extract}",
                        of("u", "http://shop/x", "host", 5),
                        of("u", "http://shop/x", "host", "shop", "scheme", "http")),
                argumentSet(
                        "extract, other spelling of a name",
                        "- {key: u, pattern: '(?<n>[0-9]+)', action: extract}",
                        of("u", "größe 12"),
                        of("u", "größe 12", "n", "12")),
                argumentSet(
                        "extract, group that takes no part",
                        "- {key: u, pattern: '(?P<x>x)|(?P<y>y)', action: extract}",
                        of("u", "ay"),
                        of("u", "ay", "x", "", "y", "y")),
                argumentSet(
                        "extract into itself",
                        "- {key: u, pattern: '(?P<u>.).(?P<v>.)', action: extract}",
                        of("u", "abc"),
                        of("u", "a", "v", "c")),
                argumentSet(
                        "extract, not found",
                        "- {key: u, pattern: '(?P<x>x)', action: extract}",
                        of("u", "y"),
                        of("u", "y")),
                argumentSet(
                        "extract from number",
                        "- {key: u, pattern: '(?P<x>1)', action: extract}",
                        of("u", 1),
                        of("u", 1)),
                argumentSet("extract from absent", "- {key: u, pattern: '(?P<x>1)', action: extract}", of(), of()),
                // Order.
                argumentSet(
                        "each action sees what the one before left",
                        "- {key: a, value: x, action: insert}\n- {key: b, from_attribute: a, action: insert}\n"
                                + "- {key: a, value: y, action: update}\n- {key: a, action: delete}",
                        of(),
                        of("b", "x")),
                argumentSet(
                        "rename",
                        "- {key: new, from_attribute: old, action: upsert}\n- {key: old, action: delete}",
                        of("a", 1, "old", 2, "b", 3, "new", 4),
                        of("a", 1, "new", 2, "b", 3)),
                argumentSet(
                        "rename of absent",
                        "- {key: new, from_attribute: old, action: upsert}\n- {key: old, action: delete}",
                        of("new", 4),
                        of("new", 4)),
                argumentSet(
                        "rename that leaves what is there",
                        "- {key: new, from_attribute: old, action: insert}\n- {key: old, action: delete}",
                        of("old", 2, "new", 4),
                        of("new", 4)),
                argumentSet(
                        "copy and delete with a default",
                        "- {key: new, from_attribute: old, default_value: 0, action: insert}\n- {key: old, action: delete}",
                        of("x", 1),
                        of("x", 1, "new", 0)),
                argumentSet(
                        "copy and delete of several",
                        "- {key: new, from_attribute: old, action: upsert}\n- {key: old, pattern: x, action: delete}",
                        of("old", 2, "x", 4),
                        of("new", 2)),
                argumentSet(
                        "delete of itself after a copy to itself",
                        "- {key: a, from_attribute: a, action: upsert}\n- {key: a, action: delete}",
                        of("a", 2),
                        of()),
                argumentSet(
                        "a key that is there twice becomes one",
                        "- {key: a, value: 3, action: upsert}",
                        of("a", 1, "b", 1, "a", 2),
                        of("a", 3, "b", 1)),
                argumentSet(
                        "convert list to text",
                        "- {key: a, converted_type: string, action: convert}",
                        of("a", map),
                        of("a", "{\"a\\u003c\":null,\"b\":[1,2.5]}")));
    }

    @ParameterizedTest
    @MethodSource("actions")
    void attributesAreEdited(String actions, List<KeyValue> before, List<KeyValue> after)
            throws InvalidProtocolBufferException {
        assertThat(edited(actions, before)).containsExactlyInAnyOrderElementsOf(after);
    }

    static Stream<Arguments> conversions() {
        Object[][] rows = {
            {"string", "x", "x"},
            {"string", true, "true"},
            {"string", false, "false"},
            {"string", 0, "0"},
            {"string", -12, "-12"},
            {"string", Long.MIN_VALUE, "-9223372036854775808"},
            {"string", 2.0, "2"},
            {"string", -0.0, "-0"},
            {"string", 2.5, "2.5"},
            {"string", 0.1, "0.1"},
            {"string", 2.0e-3, "0.002"},
            {"string", 1e21, "1e+21"},
            {"string", 123456789012345680000.0, "123456789012345680000"},
            {"string", 1e-7, "1e-7"},
            {"string", 1.5e-10, "1.5e-10"},
            {"string", 2e23, "2e+23"},
            {"string", 2.2250738585072014E-308, "2.2250738585072014e-308"},
            {"string", Double.MIN_VALUE, "5e-324"},
            {"string", Double.NaN, "json: unsupported value: NaN"},
            {"string", Double.NEGATIVE_INFINITY, "json: unsupported value: -Inf"},
            {"string", new byte[] {1, 2, (byte) 0xFF}, "AQL/"},
            {"string", List.of("a\"\n\u0001é\u2028", 1, false), "[\"a\\\"\\n\\u0001é\\u2028\",1,false]"},
            {"string", List.of(Double.NaN), ""},
            {"string", null, ""},
            {"int", 5, 5},
            {"int", 2.9, 2},
            {"int", -2.9, -2},
            {"int", true, 1},
            {"int", false, 0},
            {"int", "200", 200},
            {"int", "-7", -7},
            {"int", "+7", 7},
            {"int", "007", 7},
            {"int", "9223372036854775807", Long.MAX_VALUE},
            {"int", "-9223372036854775808", Long.MIN_VALUE},
            {"int", "9223372036854775808", "9223372036854775808"},
            {"int", "-9223372036854775809", "-9223372036854775809"},
            {"int", "99999999999999999999", "99999999999999999999"},
            {"int", "2.5", "2.5"},
            {"int", " 2", " 2"},
            {"int", "", ""},
            {"int", "-", "-"},
            {"int", "1_000", "1_000"},
            {"int", List.of(1), List.of(1)},
            {"int", null, null},
            {"double", 5, 5.0},
            {"double", 2.5, 2.5},
            {"double", true, 1.0},
            {"double", false, 0.0},
            {"double", "2.5", 2.5},
            {"double", "-2", -2.0},
            {"double", ".5", 0.5},
            {"double", "5.", 5.0},
            {"double", "-0", -0.0},
            {"double", "1e3", 1000.0},
            {"double", "+1.5E-3", 0.0015},
            {"double", "0.30000000000000004", 0.1 + 0.2},
            {"double", "123456789012345678", 123456789012345680.0},
            {"double", "0x1p-2", 0.25},
            {"double", "inf", Double.POSITIVE_INFINITY},
            {"double", "-Infinity", Double.NEGATIVE_INFINITY},
            {"double", "1e999", "1e999"},
            {"double", "1e-999", 0.0},
            {"double", "1d", "1d"},
            {"double", "0x1", "0x1"},
            {"double", "1 ", "1 "},
            {"double", ".", "."},
            {"double", "", ""},
            {"double", "1.2.3", "1.2.3"},
            {"double", "NaNs", "NaNs"},
            {"double", Map.of("k", 1), Map.of("k", 1)}
        };
        return Arrays.stream(rows)
                .map(row -> argumentSet(
                        "to " + row[0] + ": " + of("a", row[1]).toString().replaceAll("\\s+", " "), row));
    }

    @ParameterizedTest
    @MethodSource("conversions")
    void valueIsConverted(String type, Object before, Object after) throws InvalidProtocolBufferException {
        assertThat(edited("- {key: a, action: convert, converted_type: " + type + "}", of("a", before, "b", 1)))
                .isEqualTo(of("a", after, "b", 1));
    }
}
