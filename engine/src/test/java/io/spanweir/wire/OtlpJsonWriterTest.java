package io.spanweir.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OtlpJsonWriterTest {
    private final OtlpJsonWriter writer = new OtlpJsonWriter();

    private String written(OtlpSchema.Message type, WireWriter protobuf) {
        writer.clear();
        writer.write(type, protobuf.bytes(), 0, protobuf.length());
        return text();
    }

    private String text() {
        return new String(writer.output(), 0, writer.length(), StandardCharsets.UTF_8);
    }

    static Stream<Arguments> doubles() {
        return Stream.of(
                argumentSet("integral", 42.0, "42"),
                argumentSet("negative", -0.5, "-0.5"),
                argumentSet("negative zero", -0.0, "-0"),
                argumentSet("zero in a oneof", 0.0, "0"),
                argumentSet("below the limit of integers", 999999999999999.0, "999999999999999"),
                argumentSet("large", 1e22, "1E22"),
                argumentSet("large with digits", 1.5e300, "1.5E300"),
                argumentSet("small", 1e-7, "1E-7"),
                argumentSet("NaN", Double.NaN, "\"NaN\""),
                argumentSet("infinity", Double.POSITIVE_INFINITY, "\"Infinity\""),
                argumentSet("negative infinity", Double.NEGATIVE_INFINITY, "\"-Infinity\""));
    }

    @ParameterizedTest
    @MethodSource("doubles")
    void doublesAreShortNumbers(double value, String expected) {
        assertThat(written(OtlpSchema.ANY_VALUE, new WireWriter().doubleField(4, value)))
                .isEqualTo("{\"doubleValue\":" + expected + "}");
    }

    static Stream<Arguments> messages() {
        OtlpSchema.Message span = OtlpSchema.SPAN;
        OtlpSchema.Message value = OtlpSchema.ANY_VALUE;
        OtlpSchema.Message point = OtlpSchema.HISTOGRAM_DATA_POINT;
        return Stream.of(
                argumentSet("empty", span, new WireWriter(), "{}"),
                argumentSet(
                        "ids",
                        span,
                        new WireWriter().bytes(2, new byte[] {(byte) 0xEE, 0x19, 0, 0, 0, 0, 0, 0x0A}),
                        "{\"spanId\":\"ee1900000000000a\"}"),
                argumentSet(
                        "bytes of every remainder",
                        OtlpSchema.ARRAY_VALUE,
                        new WireWriter()
                                .bytes(
                                        1,
                                        new WireWriter()
                                                .bytes(7, new byte[] {-1})
                                                .toByteArray())
                                .bytes(
                                        1,
                                        new WireWriter()
                                                .bytes(7, new byte[] {-1, -2})
                                                .toByteArray())
                                .bytes(
                                        1,
                                        new WireWriter()
                                                .bytes(7, new byte[] {-1, -2, -3})
                                                .toByteArray()),
                        "{\"values\":[{\"bytesValue\":\"/w==\"},{\"bytesValue\":\"//4=\"},{\"bytesValue\":\"//79\"}]}"),
                argumentSet(
                        "integers",
                        span,
                        new WireWriter()
                                .varint(6, -1)
                                .fixed64(7, -1)
                                .fixed32(16, -1)
                                .varint(10, 0xFFFF_FFFFL),
                        "{\"kind\":-1,\"startTimeUnixNano\":\"18446744073709551615\","
                                + "\"droppedAttributesCount\":4294967295,\"flags\":4294967295}"),
                argumentSet(
                        "smallest int64",
                        value,
                        new WireWriter().varint(3, Long.MIN_VALUE),
                        "{\"intValue\":\"-9223372036854775808\"}"),
                argumentSet(
                        "defaults without presence",
                        span,
                        new WireWriter()
                                .string(5, "")
                                .varint(6, 0)
                                .fixed64(7, 0)
                                .fixed32(16, 0)
                                .bytes(4, new byte[0]),
                        "{}"),
                argumentSet("default of a oneof", value, new WireWriter().varint(2, 0), "{\"boolValue\":false}"),
                argumentSet("default with presence", point, new WireWriter().doubleField(5, 0), "{\"sum\":0}"),
                argumentSet("empty sub-message", span, new WireWriter().bytes(15, new byte[0]), "{\"status\":{}}"),
                argumentSet("last scalar", span, new WireWriter().string(5, "a").string(5, "b"), "{\"name\":\"b\"}"),
                argumentSet(
                        "last scalar is the default",
                        span,
                        new WireWriter().string(5, "a").string(5, ""),
                        "{}"),
                argumentSet(
                        "last member of a oneof",
                        value,
                        new WireWriter()
                                .string(1, "a")
                                .varint(3, 5)
                                .string(1, "b")
                                .varint(3, 6),
                        "{\"intValue\":\"6\"}"),
                argumentSet(
                        "elements that stand apart",
                        OtlpSchema.ENTITY_REF,
                        new WireWriter().string(3, "a").string(1, "u").string(3, ""),
                        "{\"schemaUrl\":\"u\",\"idKeys\":[\"a\",\"\"]}"),
                argumentSet(
                        "packed and single elements",
                        point,
                        new WireWriter()
                                .fixed64(6, 1)
                                .bytes(6, new byte[16])
                                .fixed64(6, 2)
                                .bytes(6, new byte[0]),
                        "{\"bucketCounts\":[\"1\",\"0\",\"0\",\"2\"]}"),
                argumentSet(
                        "messages merge",
                        span,
                        new WireWriter()
                                .bytes(15, new WireWriter().varint(3, 1).toByteArray())
                                .string(5, "n")
                                .bytes(
                                        15,
                                        new WireWriter()
                                                .string(2, "m")
                                                .varint(3, 2)
                                                .toByteArray()),
                        "{\"name\":\"n\",\"status\":{\"message\":\"m\",\"code\":2}}"),
                argumentSet(
                        "unknown fields",
                        span,
                        new WireWriter()
                                .varint(1000, 5)
                                .string(17, "x")
                                .fixed32(18, 1)
                                .fixed64(19, 1)
                                .tag(20, WireType.START_GROUP)
                                .varint(1, 1)
                                .tag(21, WireType.START_GROUP)
                                .tag(21, WireType.END_GROUP)
                                .tag(20, WireType.END_GROUP)
                                .string(5, "n"),
                        "{\"name\":\"n\"}"),
                argumentSet(
                        "other wire type than the schema's",
                        span,
                        new WireWriter().varint(5, 3).string(6, "k"),
                        "{}"),
                argumentSet(
                        "escapes",
                        value,
                        new WireWriter().string(1, "\"\\/\b\f\n\r\t\u001f\u007f\u0000é\uD83D\uDE00"),
                        "{\"stringValue\":\"\\\"\\\\/\\u0008\\u000c\\n\\r\\t\\u001f\u007f\\u0000é\uD83D\uDE00\"}"));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void messagesAreWrittenCompactly(OtlpSchema.Message type, WireWriter protobuf, String expected) {
        assertThat(written(type, protobuf)).isEqualTo(expected);
    }

    @Test
    void textsAreAppendedUntilCleared() {
        byte[] protobuf = new WireWriter().string(5, "n").toByteArray();
        writer.write(OtlpSchema.SPAN, protobuf, 0, protobuf.length);
        writer.newLine();
        writer.write(OtlpSchema.SPAN, protobuf, 0, 0);
        assertThat(text()).isEqualTo("{\"name\":\"n\"}\n{}");
        writer.clear();
        assertThat(writer.length()).isZero();
        assertThat(writer.overflowed()).isFalse();
    }

    static Stream<Arguments> responses() {
        return Stream.of(
                argumentSet("all taken", OtlpSchema.TRACE_REQUEST, 0L, "", "{}"),
                argumentSet(
                        "spans",
                        OtlpSchema.TRACE_REQUEST,
                        3L,
                        "no \"name\"",
                        "{\"partialSuccess\":{\"rejectedSpans\":\"3\",\"errorMessage\":\"no \\\"name\\\"\"}}"),
                argumentSet(
                        "log records",
                        OtlpSchema.LOGS_REQUEST,
                        3L,
                        "",
                        "{\"partialSuccess\":{\"rejectedLogRecords\":\"3\"}}"),
                argumentSet(
                        "data points",
                        OtlpSchema.METRICS_REQUEST,
                        1L,
                        "x",
                        "{\"partialSuccess\":{\"rejectedDataPoints\":\"1\",\"errorMessage\":\"x\"}}"),
                argumentSet(
                        "warning",
                        OtlpSchema.TRACE_REQUEST,
                        0L,
                        "slow down",
                        "{\"partialSuccess\":{\"errorMessage\":\"slow down\"}}"));
    }

    @ParameterizedTest
    @MethodSource("responses")
    void responsesSayWhatWasRejected(OtlpSchema.Message request, long rejected, String message, String expected) {
        assertThat(OtlpJsonResponse.export(request, rejected, message))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(expected);
    }

    @Test
    void statusHasCodeAndMessage() {
        assertThat(OtlpJsonResponse.status(3, "line\n1"))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("{\"code\":3,\"message\":\"line\\n1\"}");
        assertThat(OtlpJsonResponse.status(14, ""))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("{\"code\":14}");
        assertThat(OtlpJsonResponse.status(0, ""))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("{}");
        assertThat(OtlpJsonResponse.status(3, "é".repeat(1 << 20)))
                .hasSizeLessThan(1 << 18)
                .endsWith('"', '}');
    }
}
