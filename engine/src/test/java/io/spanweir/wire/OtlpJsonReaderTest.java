package io.spanweir.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OtlpJsonReaderTest {
    private final OtlpJsonReader reader = new OtlpJsonReader();

    private byte[] read(OtlpSchema.Message type, String text) {
        byte[] json = text.getBytes(StandardCharsets.UTF_8);
        int length = reader.read(type, json, 0, json.length);
        assertThat(length).as(reader.problem()).isNotNegative();
        return Arrays.copyOf(reader.output(), length);
    }

    private String problem(OtlpSchema.Message type, byte[] json) {
        assertThat(reader.read(type, json, 0, json.length)).isEqualTo(-1);
        return reader.problem();
    }

    private String problem(OtlpSchema.Message type, String text) {
        return problem(type, text.getBytes(StandardCharsets.UTF_8));
    }

    private AnyValue anyValue(String text) throws InvalidProtocolBufferException {
        return AnyValue.parseFrom(read(OtlpSchema.ANY_VALUE, text));
    }

    private Span span(String text) throws InvalidProtocolBufferException {
        return Span.parseFrom(read(OtlpSchema.SPAN, text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1500",
                "\"1500\"",
                "1500.0",
                "1.5e3",
                "1.5E+3",
                "\"1.5e3\"",
                "150000e-2",
                "\"1500.000\"",
                "0.0015e6",
                " 1500 ",
                "\"\\u0031500\"",
                "1500e0"
            })
    void anIntegerIsTheSameInEverySpelling(String spelling) throws InvalidProtocolBufferException {
        assertThat(anyValue("{\"intValue\":" + spelling + "}").getIntValue()).isEqualTo(1500);
    }

    static Stream<Arguments> integers() {
        return Stream.of(
                argumentSet("smallest int64", "intValue", "\"-9223372036854775808\"", Long.MIN_VALUE),
                argumentSet("largest int64", "intValue", "9223372036854775807", Long.MAX_VALUE),
                argumentSet("zero with a large exponent", "intValue", "0e999999999999", 0L),
                argumentSet("negative zero", "intValue", "-0", 0L),
                argumentSet("digits of a large power", "intValue", "1e18", 1_000_000_000_000_000_000L));
    }

    @ParameterizedTest
    @MethodSource("integers")
    void limitsOfIntegersAreRead(String name, String value, long expected) throws InvalidProtocolBufferException {
        assertThat(anyValue("{\"" + name + "\":" + value + "}").getIntValue()).isEqualTo(expected);
    }

    @Test
    void unsignedValuesUseAllTheirBits() throws InvalidProtocolBufferException {
        Span span = span("{\"startTimeUnixNano\":\"18446744073709551615\",\"flags\":4294967295,"
                + "\"droppedLinksCount\":\"4294967295\"}");
        assertThat(span.getStartTimeUnixNano()).isEqualTo(-1);
        assertThat(span.getFlags()).isEqualTo(-1);
        assertThat(span.getDroppedLinksCount()).isEqualTo(-1);
    }

    static Stream<Arguments> doubles() {
        return Stream.of(
                argumentSet("number", "1.25", 1.25),
                argumentSet("integer", "-3", -3.0),
                argumentSet("numeric string", "\"6.02e23\"", 6.02e23),
                argumentSet("exact fast way", "123456789e-5", 123456789e-5),
                argumentSet("more digits than a double has", "0.1000000000000000055511151231257827", 0.1),
                argumentSet("between two doubles", "9007199254740993", 9007199254740992.0),
                argumentSet("long and small", "1" + "0".repeat(400) + "e-400", 1.0),
                argumentSet("negative zero", "-0.0", -0.0),
                argumentSet("smallest", "5e-324", Double.MIN_VALUE),
                argumentSet("below the smallest", "1e-999", 0.0),
                argumentSet("largest", "1.7976931348623157e308", Double.MAX_VALUE),
                argumentSet("NaN", "\"NaN\"", Double.NaN),
                argumentSet("infinity", "\"Infinity\"", Double.POSITIVE_INFINITY),
                argumentSet("negative infinity", "\"-Infinity\"", Double.NEGATIVE_INFINITY));
    }

    @ParameterizedTest
    @MethodSource("doubles")
    void doublesAreTheNearest(String text, Double expected) throws InvalidProtocolBufferException {
        assertThat(anyValue("{\"doubleValue\":" + text + "}").getDoubleValue()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"+/8=", "+/8", "-_8=", "-_8", "-/8"})
    void base64IsReadInBothAlphabetsWithAndWithoutPadding(String text) throws InvalidProtocolBufferException {
        assertThat(anyValue("{\"bytesValue\":\"" + text + "\"}").getBytesValue().toByteArray())
                .containsExactly(0xFB, 0xFF);
    }

    @Test
    void hexIsReadInEitherCaseAndAnEmptyIdIsAbsent() throws InvalidProtocolBufferException {
        Span span = span("{\"traceId\":\"5B8efff798038103d269b633813fc60C\",\"spanId\":\"EEE19B7EC3C1B174\","
                + "\"parentSpanId\":\"\"}");
        assertThat(span.getTraceId().toByteArray()).startsWith(0x5B, 0x8E, 0xFF).endsWith(0xC6, 0x0C);
        assertThat(span.getSpanId().size()).isEqualTo(8);
        assertThat(span).isEqualTo(span.toBuilder().clearParentSpanId().build());
    }

    static Stream<Arguments> enums() {
        return Stream.of(
                argumentSet("number", OtlpSchema.LOG_RECORD, "{\"severityNumber\":13}", 13),
                argumentSet("unknown number", OtlpSchema.LOG_RECORD, "{\"severityNumber\":77}", 77),
                argumentSet("numeric string", OtlpSchema.LOG_RECORD, "{\"severityNumber\":\"9\"}", 9),
                argumentSet("name", OtlpSchema.LOG_RECORD, "{\"severityNumber\":\"SEVERITY_NUMBER_WARN\"}", 13),
                argumentSet("last name", OtlpSchema.LOG_RECORD, "{\"severityNumber\":\"SEVERITY_NUMBER_FATAL4\"}", 24));
    }

    @ParameterizedTest
    @MethodSource("enums")
    void enumsAreReadByNumberAndByName(OtlpSchema.Message type, String text, int expected)
            throws InvalidProtocolBufferException {
        assertThat(LogRecord.parseFrom(read(type, text)).getSeverityNumberValue())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"trace_id\":\"zz\",\"span_id\":5}",
                "{\"instrumentationLibrarySpans\":[{\"a\":{\"b\":[1,\"x\",null,true,false,-1.5e-3,{}]}}]}",
                "{\"name\":null,\"kind\":null,\"attributes\":null,\"status\":null,\"traceId\":null,\"flags\":null}",
                "{\"\":1,\"Name\":\"x\",\"nam\":\"x\",\"names\":\"x\",\"x\":\"\\udead\",\"x\":2}",
                "{\"name\":\"\",\"kind\":0,\"flags\":0,\"startTimeUnixNano\":\"0\",\"attributes\":[],\"events\":[]}",
                " \t\r\n{ } \n"
            })
    void whatIsUnknownOrNullOrDefaultLeavesNothing(String text) {
        assertThat(read(OtlpSchema.SPAN, text)).isEmpty();
    }

    @Test
    void nullDoesNotCountAsAMember() throws InvalidProtocolBufferException {
        assertThat(anyValue("{\"stringValue\":null,\"intValue\":\"7\",\"intValue\":null}")
                        .getIntValue())
                .isEqualTo(7);
    }

    @Test
    void defaultsOfFieldsWithPresenceAreKept() throws InvalidProtocolBufferException {
        assertThat(anyValue("{\"stringValue\":\"\"}").getValueCase()).isEqualTo(AnyValue.ValueCase.STRING_VALUE);
        assertThat(anyValue("{\"bytesValue\":\"\"}").getValueCase()).isEqualTo(AnyValue.ValueCase.BYTES_VALUE);
        assertThat(anyValue("{\"boolValue\":false}").getValueCase()).isEqualTo(AnyValue.ValueCase.BOOL_VALUE);
        assertThat(anyValue("{\"kvlistValue\":{}}").getValueCase()).isEqualTo(AnyValue.ValueCase.KVLIST_VALUE);
        HistogramDataPoint point = HistogramDataPoint.parseFrom(read(OtlpSchema.HISTOGRAM_DATA_POINT, "{\"sum\":0}"));
        assertThat(point.hasSum()).isTrue();
        assertThat(point.hasMin()).isFalse();
    }

    @Test
    void numbersOfARepeatedFieldArePacked() throws InvalidProtocolBufferException {
        byte[] protobuf = read(
                OtlpSchema.HISTOGRAM_DATA_POINT, "{\"bucketCounts\":[\"1\",2],\"explicitBounds\":[0,\"NaN\",1e1]}");
        assertThat(protobuf).hasSize(1 + 1 + 16 + 1 + 1 + 24);
        assertThat(HistogramDataPoint.parseFrom(protobuf).getBucketCountsList()).containsExactly(1L, 2L);
        assertThat(HistogramDataPoint.parseFrom(protobuf).getExplicitBoundsList())
                .containsExactly(0.0, Double.NaN, 10.0);
    }

    @Test
    void signedVarintsAreZigzag() throws InvalidProtocolBufferException {
        ExponentialHistogramDataPoint point = ExponentialHistogramDataPoint.parseFrom(read(
                OtlpSchema.EXPONENTIAL_HISTOGRAM_DATA_POINT,
                "{\"scale\":-2147483648,\"positive\":{\"offset\":2147483647,\"bucketCounts\":[\"3\"]}}"));
        assertThat(point.getScale()).isEqualTo(Integer.MIN_VALUE);
        assertThat(point.getPositive().getOffset()).isEqualTo(Integer.MAX_VALUE);
    }

    static Stream<Arguments> strings() {
        return Stream.of(
                argumentSet("every short escape", "\\\"\\\\\\/\\b\\f\\n\\r\\t", "\"\\/\b\f\n\r\t"),
                argumentSet("one, two and three bytes", "\\u0041\\u00e9\\u65E5", "Aé日"),
                argumentSet("a pair", "\\ud83d\\uDE00", "\uD83D\uDE00"),
                argumentSet("NUL", "a\\u0000b", "a\u0000b"),
                argumentSet("high half alone", "a\\ud83d", "a\uFFFD"),
                argumentSet("low half alone", "\\ude00a", "\uFFFDa"),
                argumentSet("halves in the wrong order", "\\ude00\\ud83d", "\uFFFD\uFFFD"),
                argumentSet("high half before another escape", "\\ud83d\\n", "\uFFFD\n"),
                argumentSet("two high halves and a low one", "\\ud83d\\ud83d\\ude00", "\uFFFD\uD83D\uDE00"),
                argumentSet("raw text around an escape", "日\\n本", "日\n本"));
    }

    @ParameterizedTest
    @MethodSource("strings")
    void escapesBecomeUtf8(String escaped, String expected) throws InvalidProtocolBufferException {
        assertThat(anyValue("{\"stringValue\":\"" + escaped + "\"}").getStringValue())
                .isEqualTo(expected);
    }

    static Stream<Arguments> problems() {
        OtlpSchema.Message trace = OtlpSchema.TRACE_REQUEST;
        OtlpSchema.Message value = OtlpSchema.ANY_VALUE;
        OtlpSchema.Message span = OtlpSchema.SPAN;
        return Stream.of(
                argumentSet("nothing", trace, "", "end of text, expected an object (line 1, column 1)"),
                argumentSet("an array", trace, "[]", "\"[\", expected an object (line 1, column 1)"),
                argumentSet("null", trace, "null", "null, expected an object (line 1, column 1)"),
                argumentSet("more after it", trace, "{} {}", "\"{\" after the end of the request (line 1, column 4)"),
                argumentSet("torn", trace, "{", "end of text, expected a name in quotes (line 1, column 2)"),
                argumentSet("no quotes", trace, "{a:1}", "a, expected a name in quotes (line 1, column 2)"),
                argumentSet(
                        "comma at the end", trace, "{\"a\":1,}", "\"}\", expected a name in quotes (line 1, column 8)"),
                argumentSet("no colon", trace, "{\"a\" 1}", "1, expected \":\" (line 1, column 6)"),
                argumentSet(
                        "no comma", trace, "{\"a\":1 \"b\":2}", "\"b\", expected \",\" or \"}\" (line 1, column 8)"),
                argumentSet("no value", trace, "{\"a\":}", "\"}\", expected a value (line 1, column 6)"),
                argumentSet("a word", trace, "{\"a\":NaN}", "NaN, expected a value (line 1, column 6)"),
                argumentSet("leading zero", trace, "{\"a\":01}", "1, expected \",\" or \"}\" (line 1, column 7)"),
                argumentSet(
                        "unclosed skipped array",
                        trace,
                        "{\"a\":[1 2]}",
                        "2, expected \",\" or \"]\" (line 1, column 9)"),
                argumentSet(
                        "unclosed string",
                        trace,
                        "{\"a\":\"b\\\"}",
                        "a string without closing quote (line 1, column 6)"),
                argumentSet(
                        "line end in a string",
                        trace,
                        "{\"a\":\"b\n\"}",
                        "byte 0x0a inside a string; write \"\\u000a\" (line 1, column 8)"),
                argumentSet(
                        "escape",
                        trace,
                        "{\"a\":\n\"\\x\"}",
                        "no escape of JSON; a backslash itself is \"\\\\\" (line 2, column 2)"),
                argumentSet(
                        "short escape",
                        trace,
                        "{\"a\":\"\\u12\"}",
                        "no escape of JSON; a backslash itself is \"\\\\\" (line 1, column 7)"),
                argumentSet(
                        "place",
                        trace,
                        "{\"resourceSpans\":[{\"scopeSpans\":[{},\n{\"spans\":[{},{},{},{\"traceId\":\"5b8e\"}]}]}]}",
                        "resourceSpans[0].scopeSpans[1].spans[3].traceId: \"5b8e\" has 4 hex digits, expected 32"
                                + " (line 2, column 31)"),
                argumentSet(
                        "id digit",
                        span,
                        "{\"spanId\":\"eee19b7ec3c1b17g\"}",
                        "spanId: \"eee19b7ec3c1b17g\" has other characters than hex digits, expected 16 hex digits"
                                + " (line 1, column 11)"),
                argumentSet(
                        "id in base64",
                        span,
                        "{\"traceId\":\"W47/95gDgQPSabYzgT/GDA==\"}",
                        "traceId: \"W47/95gDgQPSabYzgT/GDA==\" has other characters than hex digits, expected 32 hex digits"
                                + " (line 1, column 12)"),
                argumentSet(
                        "id as number", span, "{\"spanId\":12}", "spanId: 12, expected a string (line 1, column 11)"),
                argumentSet("name as number", span, "{\"name\":12}", "name: 12, expected a string (line 1, column 9)"),
                argumentSet(
                        "object for a list",
                        span,
                        "{\"events\":{}}",
                        "events: \"{\", expected an array (line 1, column 11)"),
                argumentSet(
                        "list for an object",
                        span,
                        "{\"status\":[]}",
                        "status: \"[\", expected an object (line 1, column 11)"),
                argumentSet(
                        "null in a list",
                        span,
                        "{\"events\":[{},null]}",
                        "events[1]: null inside an array; leave the element out (line 1, column 15)"),
                argumentSet(
                        "unclosed list",
                        span,
                        "{\"events\":[{}",
                        "events: end of text, expected \",\" or \"]\" (line 1, column 14)"),
                argumentSet(
                        "twice",
                        span,
                        "{\"name\":\"a\",\"n\\u0061me\":\"b\"}",
                        "name: the name occurs twice in one object (line 1, column 13)"),
                argumentSet(
                        "two members",
                        OtlpSchema.NUMBER_DATA_POINT,
                        "{\"asInt\":1,\"asDouble\":1}",
                        "asDouble: a second value; one object holds one of asDouble, asInt (line 1, column 12)"),
                argumentSet(
                        "fraction",
                        value,
                        "{\"intValue\":\"1.5\"}",
                        "intValue: \"1.5\", expected an integer (line 1, column 13)"),
                argumentSet(
                        "long fraction",
                        value,
                        "{\"intValue\":0.1000000000000000000000001}",
                        "intValue: 0.1000000000000000000000001, expected an integer (line 1, column 13)"),
                argumentSet(
                        "word for a number",
                        value,
                        "{\"intValue\":\"ten\"}",
                        "intValue: \"ten\", expected a number (line 1, column 13)"),
                argumentSet(
                        "empty number",
                        value,
                        "{\"intValue\":\"\"}",
                        "intValue: \"\", expected a number (line 1, column 13)"),
                argumentSet(
                        "space in a number",
                        value,
                        "{\"intValue\":\" 1\"}",
                        "intValue: \" 1\", expected a number (line 1, column 13)"),
                argumentSet(
                        "no digit after the point",
                        value,
                        "{\"intValue\":1.}",
                        "intValue: 1., expected a number (line 1, column 13)"),
                argumentSet(
                        "no digit in the exponent",
                        value,
                        "{\"intValue\":1e+}",
                        "intValue: 1e+, expected a number (line 1, column 13)"),
                argumentSet(
                        "above int64",
                        value,
                        "{\"intValue\":9223372036854775808}",
                        "intValue: 9223372036854775808 is out of range, expected -9223372036854775808 to 9223372036854775807"
                                + " (line 1, column 13)"),
                argumentSet(
                        "far above int64",
                        value,
                        "{\"intValue\":1e99999}",
                        "intValue: 1e99999 is out of range, expected -9223372036854775808 to 9223372036854775807"
                                + " (line 1, column 13)"),
                argumentSet(
                        "negative unsigned",
                        span,
                        "{\"endTimeUnixNano\":-1}",
                        "endTimeUnixNano: -1 is out of range, expected 0 to 18446744073709551615 (line 1, column 20)"),
                argumentSet(
                        "above uint64",
                        span,
                        "{\"endTimeUnixNano\":\"18446744073709551616\"}",
                        "endTimeUnixNano: \"18446744073709551616\" is out of range, expected 0 to 18446744073709551615"
                                + " (line 1, column 20)"),
                argumentSet(
                        "above uint32",
                        span,
                        "{\"flags\":4294967296}",
                        "flags: 4294967296 is out of range, expected 0 to 4294967295 (line 1, column 10)"),
                argumentSet(
                        "above int32",
                        span,
                        "{\"kind\":2147483648}",
                        "kind: 2147483648 is out of range, expected -2147483648 to 2147483647 (line 1, column 9)"),
                argumentSet(
                        "enum name",
                        span,
                        "{\"kind\":\"SERVER\"}",
                        "kind: \"SERVER\" is no name of a value; write the number, 0 to 5 (line 1, column 9)"),
                argumentSet(
                        "above double",
                        value,
                        "{\"doubleValue\":1e309}",
                        "doubleValue: 1e309 is out of range, expected the range of a double (line 1, column 16)"),
                argumentSet(
                        "bool as string",
                        value,
                        "{\"boolValue\":\"true\"}",
                        "boolValue: \"true\", expected true or false (line 1, column 14)"),
                argumentSet(
                        "base64 character",
                        value,
                        "{\"bytesValue\":\"a.b=\"}",
                        "bytesValue: \"a.b=\" is no base64 (line 1, column 15)"),
                argumentSet(
                        "base64 length",
                        value,
                        "{\"bytesValue\":\"abcde\"}",
                        "bytesValue: \"abcde\" is no base64 (line 1, column 15)"),
                argumentSet(
                        "base64 half padded",
                        value,
                        "{\"bytesValue\":\"YQ=\"}",
                        "bytesValue: \"YQ=\" is no base64 (line 1, column 15)"),
                argumentSet(
                        "columns count characters",
                        value,
                        "{\"日本\":\"\uD83D\uDE00\",\"intValue\":x}",
                        "intValue: x, expected a number (line 1, column 22)"),
                argumentSet(
                        "long excerpt",
                        value,
                        "{\"intValue\":\"" + "x".repeat(60) + "\"}",
                        "intValue: \"" + "x".repeat(39) + "...\", expected a number (line 1, column 13)"),
                argumentSet(
                        "long number",
                        value,
                        "{\"intValue\":1" + "0".repeat(1000) + "}",
                        "intValue: a number of more than 1000 characters (line 1, column 13)"));
    }

    @ParameterizedTest
    @MethodSource("problems")
    void aProblemNamesPlaceValueAndWhatWouldBeRight(OtlpSchema.Message type, String text, String expected) {
        assertThat(problem(type, text)).isEqualTo(expected);
    }

    @Test
    void bytesThatAreNotUtf8AreAProblemAlsoInSkippedValues() {
        byte[] json = "{\"a\":\"x?y\"}".getBytes(StandardCharsets.UTF_8);
        json[7] = (byte) 0xC0;
        assertThat(problem(OtlpSchema.SPAN, json)).isEqualTo("byte 0xc0 is not UTF-8 (line 1, column 8)");
    }

    @Test
    void nestingIsBoundedInWhatIsReadAndInWhatIsSkipped() {
        OtlpJsonReader shallow = new OtlpJsonReader(4, 1000);
        byte[] fits = "{\"arrayValue\":{\"values\":[{}]},\"x\":[[{}]]}".getBytes(StandardCharsets.UTF_8);
        assertThat(shallow.read(OtlpSchema.ANY_VALUE, fits, 0, fits.length)).isPositive();

        byte[] read = "{\"arrayValue\":{\"values\":[{\"arrayValue\":{}}]}}".getBytes(StandardCharsets.UTF_8);
        assertThat(shallow.read(OtlpSchema.ANY_VALUE, read, 0, read.length)).isEqualTo(-1);
        assertThat(shallow.problem())
                .isEqualTo("arrayValue.values[0].arrayValue: nested deeper than 4 levels (line 1, column 40)");

        byte[] skipped = "{\"x\":[[[[".getBytes(StandardCharsets.UTF_8);
        assertThat(shallow.read(OtlpSchema.ANY_VALUE, skipped, 0, skipped.length))
                .isEqualTo(-1);
        assertThat(shallow.problem()).isEqualTo("nested deeper than 4 levels (line 1, column 9)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"arrayValue\":{\"values\":[", "{\"x\":", "[", "{\"x\":["})
    void oneHundredThousandOpenBracketsAreAResult(String opening) {
        assertThat(problem(OtlpSchema.ANY_VALUE, opening.repeat(100_000)))
                .matches("((.*: )?nested deeper than 100 levels|.*expected an object) \\(line 1, column \\d+\\)");
    }

    @Test
    void nestingAtTheLimitIsReadWithTheLargestLimit() {
        OtlpJsonReader deep = new OtlpJsonReader(500, 100_000);
        String text = "{\"arrayValue\":{\"values\":[".repeat(166) + "{}" + "]}}".repeat(166);
        byte[] json = text.getBytes(StandardCharsets.UTF_8);
        assertThat(deep.read(OtlpSchema.ANY_VALUE, json, 0, json.length))
                .as(deep.problem())
                .isPositive();
    }

    @Test
    void theLengthOfTheOutputIsBounded() {
        OtlpJsonReader small = new OtlpJsonReader(100, 50);
        byte[] json = "{\"explicitBounds\":[1,1,1,1,1,1,1]}".getBytes(StandardCharsets.UTF_8);
        assertThat(small.read(OtlpSchema.HISTOGRAM_DATA_POINT, json, 0, json.length))
                .isEqualTo(-1);
        assertThat(small.problem())
                .isEqualTo("explicitBounds[6]: more than 50 bytes as protobuf up to here (line 1, column 33)");

        byte[] next = "{\"count\":\"1\"}".getBytes(StandardCharsets.UTF_8);
        assertThat(small.read(OtlpSchema.HISTOGRAM_DATA_POINT, next, 0, next.length))
                .isEqualTo(9);
        assertThat(small.problem()).isEmpty();
    }

    @Test
    void aLargeRequestIsReadWhole() throws InvalidProtocolBufferException {
        String span = "{\"name\":\"" + "n".repeat(100)
                + "\",\"attributes\":[{\"key\":\"k\",\"value\":{\"intValue\":\"5\"}}]}";
        String spans = (span + ",").repeat(29_999) + span;
        ExportTraceServiceRequest request = ExportTraceServiceRequest.parseFrom(
                read(OtlpSchema.TRACE_REQUEST, "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[" + spans + "]}]}]}"));
        assertThat(request.getResourceSpans(0).getScopeSpans(0).getSpansList())
                .hasSize(30_000)
                .allSatisfy(each -> assertThat(each.getAttributes(0).getValue().getIntValue())
                        .isEqualTo(5));
    }
}
