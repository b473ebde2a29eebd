package io.spanweir.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.spanweir.testkit.OrderTraffic;
import io.spanweir.testkit.Seeds;
import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OtlpScannerTest {
    private final OtlpScanner scanner = new OtlpScanner(OtlpLimits.DEFAULTS);

    static Stream<Arguments> brokenSpans() {
        return Stream.of(
                argumentSet(
                        "trace id too short", "0a0f" + "01".repeat(15), "trace_id: 15 bytes at offset 8, expected 16"),
                argumentSet("span id too long", "1209" + "01".repeat(9), "span_id: 9 bytes at offset 8, expected 8"),
                argumentSet("parent too short", "220101", "parent_span_id: 1 bytes at offset 8, expected 8"),
                argumentSet("name not UTF-8", "2a0361c328", "name: byte 0xC3 at offset 9 is not UTF-8"),
                argumentSet("field number 0", "0001", "field number 0 at offset 6, expected 1 or more"),
                argumentSet("wire type 6", "0e", "wire type 6 at offset 6, expected 0 to 5"),
                argumentSet("wire type 7", "0f", "wire type 7 at offset 6, expected 0 to 5"),
                argumentSet("length past the end", "2a7f61", "name: 127 bytes announced at offset 8, 1 are there"),
                argumentSet(
                        "length of 2^31 - 1",
                        "2affffffff0761",
                        "name: 2147483647 bytes announced at offset 12, 1 are there"),
                argumentSet("negative length", "2affffffff0f61", "name: length -1 at offset 7, expected 0 or more"),
                argumentSet("length missing", "2a", "name: number at offset 7 is cut off"),
                argumentSet(
                        "fixed64 cut",
                        "3901020304",
                        "start_time_unix_nano: 8 bytes announced at offset 7, 4 are there"),
                argumentSet("fixed32 cut", "85010102", "flags: 4 bytes announced at offset 8, 2 are there"),
                argumentSet("varint cut", "30ff", "kind: number at offset 7 is cut off"),
                argumentSet("tag cut", "80", "number at offset 6 is cut off"),
                argumentSet(
                        "varint of 11 bytes",
                        "30" + "80".repeat(10) + "00",
                        "kind: number at offset 7 is longer than 10 bytes"),
                argumentSet("end of a group", "a401", "end of group 20 at offset 6, which no group began"),
                argumentSet("group ends as another", "a301ac01", "field 20: group 20 ends as group 21 at offset 8"),
                argumentSet("group does not end", "a3010801", "group 20 does not end; it began at offset 6"),
                argumentSet(
                        "groups in each other",
                        "a301".repeat(65) + "a401".repeat(65),
                        "field 20: more than 64 groups in each other at offset 141"),
                argumentSet("key not UTF-8", "4a030a01ff", "attributes[0].key: byte 0xFF at offset 10 is not UTF-8"),
                argumentSet(
                        "second attribute's value not UTF-8",
                        "4a030a0161" + "4a0812060a04f08f8080",
                        "attributes[1].value.string_value: byte 0xF0 at offset 17 is not UTF-8"),
                argumentSet(
                        "value in an array in an event",
                        "5a001a00" + "5a0b1a0912072a050a030a0180",
                        "events[1].attributes[0].value.array_value.values[0].string_value: byte 0x80 at offset 22 is not UTF-8"),
                argumentSet("link's trace id", "6a030a0101", "links[0].trace_id: 1 bytes at offset 10, expected 16"),
                argumentSet("status message", "7a0312019f", "status.message: byte 0x9F at offset 10 is not UTF-8"));
    }

    @ParameterizedTest
    @MethodSource("brokenSpans")
    void aBrokenSpanIsRefusedWithItsPlace(String spanHex, String problem) {
        byte[] request = request(HexFormat.of().parseHex(spanHex));
        assertThat(scanner.scan(Signal.TRACES, request, 0, request.length))
                .isEqualTo(problem.contains("more than") ? OtlpScanner.OVER_LIMIT : OtlpScanner.MALFORMED);
        String place = "resource_spans[0].scope_spans[0].spans[0]";
        boolean ofTheSpan = problem.matches("(field number|wire|end|number|group 20 does) .*");
        assertThat(scanner.problem()).isEqualTo(place + (ofTheSpan ? ": " : ".") + problem);
        assertThat(scanner.index().itemCount()).isZero();
        assertThat(scanner.index().runCount()).isZero();
    }

    @Test
    void aProblemNamesTheSpanAmongItsNeighboursAndCountsFromTheBeginOfTheMessage() {
        WireWriter out = new WireWriter();
        out.raw((byte) 0).raw((byte) 0);
        out.bytes(1, new byte[0]);
        int resource = out.begin(1);
        out.bytes(2, new byte[0]).bytes(2, new byte[0]);
        int scope = out.begin(2);
        out.bytes(2, HexFormat.of().parseHex("2a00")).bytes(2, HexFormat.of().parseHex("0a0101"));
        out.end(scope);
        out.end(resource);
        assertThat(scanner.scan(Signal.TRACES, out.bytes(), 2, out.length() - 2))
                .isEqualTo(OtlpScanner.MALFORMED);
        assertThat(scanner.problem())
                .isEqualTo("resource_spans[1].scope_spans[2].spans[1].trace_id: 1 bytes at offset 18, expected 16");
    }

    static Stream<Arguments> attributeValues() {
        return Stream.of(
                argumentSet("text", "0a0161"),
                argumentSet("empty text", "0a00"),
                argumentSet("text that is not ASCII", "0a02c3a4"),
                argumentSet("bool", "1001"),
                argumentSet("short int", "187f"),
                argumentSet("int", "18ffffffffffffffffff01"),
                argumentSet("double", "21ffffffffffffffff"),
                argumentSet("array", "2a050a030a0161"),
                argumentSet("bytes", "3a01ff"),
                argumentSet("text of 130 bytes", "0a8201" + "61".repeat(130)),
                argumentSet("nothing", ""));
    }

    /** Attributes are checked several at once: whatever stands before a broken one, it is named and where it is. */
    @ParameterizedTest
    @MethodSource("attributeValues")
    void attributesOfAllKindsStandBesideEachOther(String valueHex) {
        byte[] value = HexFormat.of().parseHex(valueHex);
        byte[] text = HexFormat.of().parseHex("0a0162");
        byte[] broken = HexFormat.of().parseHex("0a0180");
        byte[] brokenInt = HexFormat.of().parseHex("1880");
        assertThat(scan(text, value, text, value, value, text)).isEqualTo(1);
        assertThat(scanner.index().itemCount()).isEqualTo(1);
        assertThat(scan(value, text, broken, text)).isEqualTo(OtlpScanner.MALFORMED);
        assertThat(scanner.problem()).contains(".spans[0].attributes[2].value.string_value: byte 0x80 at offset ");
        assertThat(scan(text, broken, value)).isEqualTo(OtlpScanner.MALFORMED);
        assertThat(scanner.problem()).contains(".spans[0].attributes[1].value.string_value: byte 0x80 at offset ");
        assertThat(scan(value, value, text, value, brokenInt)).isEqualTo(OtlpScanner.MALFORMED);
        assertThat(scanner.problem()).contains(".spans[0].attributes[4].value.int_value: ");
    }

    private int scan(byte[]... attributeValues) {
        WireWriter out = new WireWriter();
        int resource = out.begin(1);
        int scope = out.begin(2);
        int span = out.begin(2);
        for (byte[] value : attributeValues) {
            int attribute = out.begin(9);
            out.bytes(1, new byte[] {'k'}).bytes(2, value);
            out.end(attribute);
        }
        out.end(span);
        out.end(scope);
        out.end(resource);
        return scanner.scan(Signal.TRACES, out.bytes(), 0, out.length());
    }

    static Stream<Arguments> outsideOfItems() {
        return Stream.of(
                argumentSet("request", "0b", Signal.TRACES, "group 1 does not end; it began at offset 0"),
                argumentSet(
                        "unknown field of the request", "92037f", Signal.TRACES, "127 bytes announced at offset 3, 0"),
                argumentSet("resource", "0a050a030a0180", Signal.LOGS, "resource_logs[0].resource.attributes[0]: "),
                argumentSet(
                        "schema url",
                        "0a031a0180",
                        Signal.METRICS,
                        "resource_metrics[0].schema_url: byte 0x80 at offset 4"),
                argumentSet(
                        "scope name",
                        "0a0712050a030a0180",
                        Signal.LOGS,
                        "resource_logs[0].scope_logs[0].scope.name: byte 0x80 at offset 8 is not UTF-8"),
                argumentSet(
                        "log's span id",
                        "0a07120512035201" + "01",
                        Signal.LOGS,
                        "resource_logs[0].scope_logs[0].log_records[0].span_id: 1 bytes at offset 8, expected 8"),
                argumentSet(
                        "packed buckets",
                        "0a0d120b12094a070a053203010203",
                        Signal.METRICS,
                        "resource_metrics[0].scope_metrics[0].metrics[0].histogram.data_points[0].bucket_counts[0]: "
                                + "3 bytes of packed numbers at offset 12, expected a multiple of 8"));
    }

    @ParameterizedTest
    @MethodSource("outsideOfItems")
    void whatIsBrokenElsewhereIsNamedToo(String hex, Signal signal, String problem) {
        byte[] request = HexFormat.of().parseHex(hex);
        assertThat(scanner.scan(signal, request, 0, request.length)).isEqualTo(OtlpScanner.MALFORMED);
        assertThat(scanner.problem()).contains(problem);
    }

    static Stream<Arguments> oddLayouts() {
        return Stream.of(
                argumentSet("resource behind its scopes", "0a0a12021200" + "0a00" + "12021200", Signal.TRACES, 2),
                argumentSet("resource twice", "0a040a000a00", Signal.TRACES, 0),
                argumentSet("field between scopes", "0a0a120212001a0012021200", Signal.TRACES, 2),
                argumentSet("field between spans", "0a08120612001a001200", Signal.TRACES, 2),
                argumentSet("status twice", "0a0a12081206" + "7a021801" + "7a00", Signal.TRACES, 1),
                argumentSet("body twice", "0a08120612042a002a00", Signal.LOGS, 1),
                argumentSet("gauge, then sum", "0a0a1208120612002a003a00", Signal.METRICS, 0),
                argumentSet("array in parts", "0a0a120812062a042a002a00", Signal.LOGS, 1));
    }

    @ParameterizedTest
    @MethodSource("oddLayouts")
    void anOddLayoutIsRewrittenAndThenAccepted(String hex, Signal signal, int items) {
        byte[] request = HexFormat.of().parseHex(hex);
        if (OtlpOracle.parse(signal, request) == null) {
            throw new IllegalArgumentException("row is no protobuf");
        }
        assertThat(scanner.scan(signal, request, 0, request.length)).isEqualTo(OtlpScanner.NEEDS_CANONICAL);
        assertThat(scanner.index().runCount()).isZero();
        WireWriter out = new WireWriter();
        Canonical.rewrite(signal, request, 0, request.length, out);
        assertThat(scanner.scan(signal, out.bytes(), 0, out.length())).isEqualTo(items);
        assertThat(OtlpOracle.parse(signal, out.toByteArray())).isEqualTo(OtlpOracle.parse(signal, request));
    }

    @Test
    void theLastTraceIdOfASpanCounts() {
        byte[] span = HexFormat.of().parseHex("0a10" + "01".repeat(16) + "0a10" + "02".repeat(16));
        byte[] request = request(span);
        assertThat(scanner.scan(Signal.TRACES, request, 0, request.length)).isEqualTo(1);
        assertThat(request[scanner.index().runTraceIdOffset(0)]).isEqualTo((byte) 2);
    }

    @Test
    void anEmptyRequestAndEmptyEnvelopesHaveNoGroups() {
        byte[] request = HexFormat.of().parseHex("0a00" + "0a021200" + "0a040a001200");
        assertThat(scanner.scan(Signal.TRACES, request, 0, 0)).isZero();
        assertThat(scanner.scan(Signal.TRACES, request, 0, request.length)).isZero();
        assertThat(scanner.index().groupCount()).isZero();
    }

    @Test
    void ordinaryTrafficMakesOneRunOfEachTrace() {
        byte[] request = new OrderTraffic(Seeds.random(getClass(), "traffic")).request(512);
        assertThat(scanner.scan(Signal.TRACES, request, 0, request.length)).isEqualTo(512);
        assertThat(scanner.index().groupCount()).isEqualTo(1);
        assertThat(scanner.index().runCount()).isEqualTo(74);
        assertThat(scanner.index().runItemCount(0)).isEqualTo(OrderTraffic.SPANS_PER_TRACE);
        assertThat(scanner.index().elementCount()).isEqualTo(512);
        assertThat(scanner.index().usedBytes()).isEqualTo(4 * (8 + 74 * 6));
        assertThat(scanner.problem()).isEqualTo("nothing was refused");
    }

    @Test
    void dataPointsAreCountedAndMetricsAreElements() {
        Metric metric = Metric.newBuilder()
                .setGauge(Gauge.newBuilder()
                        .addDataPoints(NumberDataPoint.newBuilder().setAsInt(1))
                        .addDataPoints(NumberDataPoint.newBuilder().setAsDouble(2)))
                .build();
        byte[] request = ExportMetricsServiceRequest.newBuilder()
                .addResourceMetrics(ResourceMetrics.newBuilder()
                        .addScopeMetrics(ScopeMetrics.newBuilder()
                                .addMetrics(metric)
                                .addMetrics(Metric.newBuilder().setName("empty"))
                                .addMetrics(metric)))
                .build()
                .toByteArray();
        assertThat(scanner.scan(Signal.METRICS, request, 0, request.length)).isEqualTo(4);
        assertThat(scanner.index().runCount()).isEqualTo(1);
        assertThat(scanner.index().runItemCount(0)).isEqualTo(4);
        assertThat(scanner.index().runElementCount(0)).isEqualTo(3);
        assertThat(scanner.index().runTraceIdOffset(0)).isEqualTo(-1);
    }

    static Stream<Arguments> limits() {
        OtlpLimits few = new OtlpLimits(4000, 3, 2, 5);
        return Stream.of(
                argumentSet("values in each other: 3", few, attribute(nested(2)), 1, ""),
                argumentSet(
                        "values in each other: 4",
                        few,
                        attribute(nested(3)),
                        OtlpScanner.OVER_LIMIT,
                        "resource_spans[0].scope_spans[0].spans[0].attributes[0].value.array_value.values[0]"
                                + ".array_value.values[0].array_value.values[0]: more than 3 values in each other at offset "),
                argumentSet("maps in each other: 3", few, attribute(map(2)), 1, ""),
                argumentSet(
                        "maps in each other: 4", few, attribute(map(3)), OtlpScanner.OVER_LIMIT, "more than 3 values"),
                argumentSet("attributes: 2", few, request(HexFormat.of().parseHex("4a00".repeat(2))), 1, ""),
                argumentSet(
                        "attributes: 3",
                        few,
                        request(HexFormat.of().parseHex("4a00".repeat(3))),
                        OtlpScanner.OVER_LIMIT,
                        "resource_spans[0].scope_spans[0].spans[0]: more than 2 attributes at offset "),
                argumentSet("spans: 5", few, HexFormat.of().parseHex("0a0c120a" + "1200".repeat(5)), 5, ""),
                argumentSet(
                        "spans: 6",
                        few,
                        HexFormat.of().parseHex("0a0e120c" + "1200".repeat(6)),
                        OtlpScanner.OVER_LIMIT,
                        "resource_spans[0].scope_spans[0]: more than 5 spans at offset 14"),
                argumentSet("bytes: 4000", few, sized(4000), 0, ""),
                argumentSet(
                        "bytes: 4001",
                        few,
                        sized(4001),
                        OtlpScanner.OVER_LIMIT,
                        "message of 4001 bytes, at most 4000 are accepted"),
                argumentSet("default depth", OtlpLimits.DEFAULTS, attribute(nested(63)), 1, ""),
                argumentSet(
                        "default depth and one",
                        OtlpLimits.DEFAULTS,
                        attribute(nested(64)),
                        OtlpScanner.OVER_LIMIT,
                        "more than 64 values in each other"));
    }

    @ParameterizedTest
    @MethodSource("limits")
    void limitsAreInclusiveAndNamed(OtlpLimits limits, byte[] request, int count, String problem) {
        OtlpScanner limited = new OtlpScanner(limits);
        assertThat(limited.scan(Signal.TRACES, request, 0, request.length)).isEqualTo(count);
        if (!problem.isEmpty()) {
            assertThat(limited.problem()).contains(problem);
        }
    }

    @Test
    void limitsOutsideOfTheirRangeAreRefused() {
        assertThatThrownBy(() -> new OtlpLimits(1 << 30, 64, 1, 1))
                .hasMessage("maxMessageBytes: 1073741824 is outside 1 to 134217728");
        assertThatThrownBy(() -> new OtlpLimits(1, 0, 1, 1)).hasMessage("maxAnyValueDepth: 0 is outside 1 to 256");
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS)
    void nestingByTheMegabyteIsRefusedWithoutDeepStacks() {
        ByteArrayOutputStream groups = new ByteArrayOutputStream();
        for (int i = 0; i < 1 << 20; i++) {
            groups.write(0xA3);
            groups.write(0x01);
        }
        byte[] request = groups.toByteArray();
        assertThat(scanner.scan(Signal.TRACES, request, 0, request.length)).isEqualTo(OtlpScanner.OVER_LIMIT);
        byte[] deep = attribute(nested(1000));
        assertThat(scanner.scan(Signal.TRACES, deep, 0, deep.length)).isEqualTo(OtlpScanner.OVER_LIMIT);
        assertThat(scanner.problem()).contains("more than 64 values in each other");
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS)
    void rewritingAMessageInAMillionPartsTakesLinearTime() {
        WireWriter out = new WireWriter();
        int resource = out.begin(1);
        for (int i = 0; i < 1_000_000; i++) {
            out.bytes(1, new byte[] {0x10, 1});
        }
        out.end(resource);
        assertThat(scanner.scan(Signal.TRACES, out.bytes(), 0, out.length())).isEqualTo(OtlpScanner.NEEDS_CANONICAL);
        WireWriter canonical = new WireWriter();
        Canonical.rewrite(Signal.TRACES, out.bytes(), 0, out.length(), canonical);
        assertThat(scanner.scan(Signal.TRACES, canonical.bytes(), 0, canonical.length()))
                .isZero();
        assertThat(canonical.length()).isLessThan(out.length());
    }

    /** A request of one span. */
    private static byte[] request(byte[] span) {
        WireWriter out = new WireWriter();
        int resource = out.begin(1);
        int scope = out.begin(2);
        out.bytes(2, span);
        out.end(scope);
        out.end(resource);
        return out.toByteArray();
    }

    private static byte[] attribute(AnyValue value) {
        WireWriter out = new WireWriter();
        out.bytes(9, KeyValue.newBuilder().setKey("k").setValue(value).build().toByteArray());
        return request(out.toByteArray());
    }

    private static AnyValue nested(int arrays) {
        AnyValue value = AnyValue.newBuilder().setBoolValue(true).build();
        for (int i = 0; i < arrays; i++) {
            value = AnyValue.newBuilder()
                    .setArrayValue(ArrayValue.newBuilder().addValues(value))
                    .build();
        }
        return value;
    }

    private static AnyValue map(int maps) {
        AnyValue value = AnyValue.newBuilder().setBoolValue(true).build();
        for (int i = 0; i < maps; i++) {
            value = AnyValue.newBuilder()
                    .setKvlistValue(KeyValueList.newBuilder()
                            .addValues(KeyValue.newBuilder().setKey("k").setValue(value)))
                    .build();
        }
        return value;
    }

    /** An unknown field of the request that makes it so long. */
    private static byte[] sized(int length) {
        WireWriter out = new WireWriter();
        out.bytes(5, new byte[length - 3]);
        assertThat(out.length()).isEqualTo(length);
        return out.toByteArray();
    }
}
