package io.spanweir.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import io.spanweir.processor.attributes.Attributes;
import io.spanweir.processor.attributes.Pipe;
import io.spanweir.wire.Signal;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code include} and {@code exclude} of every property, seen in what the attributes processor edits. */
class ItemFilterTest {
    private static final Resource RESOURCE = Resource.newBuilder()
            .addAllAttributes(Attributes.of("service.name", "shop", "region", "eu-1", "cores", 4))
            .build();
    private static final InstrumentationScope SCOPE =
            InstrumentationScope.newBuilder().setName("http").setVersion("1.2").build();

    static Stream<Arguments> spans() {
        return Stream.of(
                row("service", "strict, services: [cart, shop]", true),
                row("another service", "strict, services: [cart]", false),
                row("strict is the whole text", "strict, services: [sho]", false),
                row("expression for service", "regexp, services: ['^s.o']", true),
                row("expression not found", "regexp, services: ['^ho']", false),
                row("span name", "strict, span_names: [\"GET /a\"]", true),
                row("another span name", "strict, span_names: [GET]", false),
                row("expression for span name", "regexp, span_names: ['/a$', x]", true),
                row("span kind", "strict, span_kinds: [SPAN_KIND_SERVER]", true),
                row("another span kind", "strict, span_kinds: [SPAN_KIND_CLIENT]", false),
                row("expression for span kind", "regexp, span_kinds: [SERV]", true),
                row("attribute that is there", "strict, attributes: [{key: user}]", true),
                row("attribute that is not there", "strict, attributes: [{key: nobody}]", false),
                row("text", "strict, attributes: [{key: user, value: ann}]", true),
                row("another text", "strict, attributes: [{key: user, value: bob}]", false),
                row("integer", "strict, attributes: [{key: code, value: 200}]", true),
                row("integer as text", "strict, attributes: [{key: code, value: '200'}]", false),
                row("integer as decimal", "strict, attributes: [{key: code, value: 200.0}]", false),
                row("decimal", "strict, attributes: [{key: ratio, value: 0.5}]", true),
                row("boolean", "strict, attributes: [{key: ok, value: true}]", true),
                row("another boolean", "strict, attributes: [{key: ok, value: false}]", false),
                row("list", "strict, attributes: [{key: list, value: [1, a]}]", true),
                row("list in another order", "strict, attributes: [{key: list, value: [a, 1]}]", false),
                row("a shorter list", "strict, attributes: [{key: list, value: [1]}]", false),
                row("section in another order", "strict, attributes: [{key: map, value: {y: [2], x: 1}}]", true),
                row("a smaller section", "strict, attributes: [{key: map, value: {x: 1}}]", false),
                row("all attributes must match", "strict, attributes: [{key: code, value: 200}, {key: nobody}]", false),
                row("expression for text", "regexp, attributes: [{key: user, value: 'n{2}'}]", true),
                row("expression for integer", "regexp, attributes: [{key: code, value: '^2..$'}]", true),
                row("expression for decimal", "regexp, attributes: [{key: tiny, value: '^0.00000001$'}]", true),
                row("expression for boolean", "regexp, attributes: [{key: ok, value: '^true$'}]", true),
                row("no expression for lists", "regexp, attributes: [{key: list, value: '.'}]", false),
                row("expression, key only", "regexp, attributes: [{key: list}]", true),
                row("resource", "strict, resources: [{key: region, value: eu-1}]", true),
                row("all resources must match", "strict, resources: [{key: region}, {key: cores, value: 5}]", false),
                row("expression for resource", "regexp, resources: [{key: cores, value: '[0-9]'}]", true),
                row("library", "strict, libraries: [{name: http}]", true),
                row("one of the libraries", "strict, libraries: [{name: grpc}, {name: http}]", true),
                row("another library", "strict, libraries: [{name: grpc}]", false),
                row("library and version", "strict, libraries: [{name: http, version: '1.2'}]", true),
                row("another version", "strict, libraries: [{name: http, version: '1.3'}]", false),
                row("without version", "strict, libraries: [{name: http, version: ''}]", false),
                row("expression for version", "regexp, libraries: [{name: ht, version: '^1'}]", true),
                row(
                        "with a cache",
                        "regexp, regexp: {cacheenabled: true, cachemaxnumentries: 1}, services: [shop]",
                        true),
                row("all properties must match", "strict, services: [shop], span_names: [other]", false),
                row(
                        "all properties match",
                        "regexp, services: [shop], span_names: [GET], attributes: [{key: user}], libraries: [{name: h}]",
                        true));
    }

    private static Arguments row(String name, String match, boolean matches) {
        return argumentSet(name, "{match_type: " + match + "}", matches);
    }

    private static boolean edited(Signal signal, String filter, Message message) throws Exception {
        try (Pipe pipe =
                new Pipe("attributes", filter + "\nactions: [{key: edited, value: true, action: upsert}]", signal)) {
            return !pipe.send(message).equals(message);
        }
    }

    private static void check(Signal signal, String match, boolean matches, Message message) throws Exception {
        assertThat(edited(signal, "include: " + match, message)).as("included").isEqualTo(matches);
        assertThat(edited(signal, "exclude: " + match, message)).as("excluded").isEqualTo(!matches);
        String both = "include: {match_type: regexp, resources: [{key: service.name, value: .}]}\nexclude: " + match;
        assertThat(edited(signal, both, message)).as("included and excluded").isEqualTo(!matches);
    }

    private static ExportTraceServiceRequest trace(Resource resource) {
        ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
        request.addResourceSpansBuilder()
                .setResource(resource)
                .addScopeSpansBuilder()
                .setScope(SCOPE)
                .addSpans(Span.newBuilder()
                        .setName("GET /a")
                        .setKind(Span.SpanKind.SPAN_KIND_SERVER)
                        .addAllAttributes(Attributes.of(
                                "user",
                                "ann",
                                "code",
                                200,
                                "ratio",
                                0.5,
                                "tiny",
                                1e-8,
                                "ok",
                                true,
                                "list",
                                List.of(1, "a")))
                        .addAllAttributes(Attributes.of("map", Map.of("x", 1, "y", List.of(2)))));
        return request.build();
    }

    @ParameterizedTest
    @MethodSource("spans")
    void spansAreMatched(String match, boolean matches) throws Exception {
        check(Signal.TRACES, match, matches, trace(RESOURCE));
    }

    static Stream<Arguments> services() {
        return Stream.of(
                argumentSet("a number", "[\"5\"]", Attributes.of("service.name", 5), true),
                argumentSet("none", "['<nil-service-name>']", Attributes.of("a", 5), true),
                argumentSet("an empty one", "['<nil-service-name>']", Attributes.of("service.name", ""), false));
    }

    @ParameterizedTest
    @MethodSource("services")
    void unusualServiceNamesAreMatchedAsText(String services, List<KeyValue> resource, boolean matches)
            throws Exception {
        Message message = trace(Resource.newBuilder().addAllAttributes(resource).build());
        assertThat(edited(Signal.TRACES, "include: {match_type: strict, services: " + services + "}", message))
                .isEqualTo(matches);
    }

    static Stream<Arguments> records() {
        return Stream.of(
                row("body", "strict, log_bodies: [x, 'disk full']", true),
                row("another body", "strict, log_bodies: [disk]", false),
                row("expression for body", "regexp, log_bodies: ['^disk']", true),
                row("severity text", "strict, log_severity_texts: [WARN]", true),
                row("another severity text", "strict, log_severity_texts: [warn]", false),
                row("severity number", "strict, log_severity_number: {min: 13}", true),
                row("a higher severity", "strict, log_severity_number: {min: 14}", false),
                row("attribute", "strict, attributes: [{key: user, value: ann}]", true),
                row("another attribute", "regexp, attributes: [{key: user, value: '^a$'}]", false),
                row("resource", "strict, resources: [{key: region, value: eu-1}]", true),
                row("library", "strict, libraries: [{name: http}]", true),
                row("all", "regexp, log_bodies: [full], log_severity_number: {min: 20}", false));
    }

    private static ExportLogsServiceRequest logs(LogRecord.Builder record) {
        ExportLogsServiceRequest.Builder request = ExportLogsServiceRequest.newBuilder();
        request.addResourceLogsBuilder()
                .setResource(RESOURCE)
                .addScopeLogsBuilder()
                .setScope(SCOPE)
                .addLogRecords(record);
        return request.build();
    }

    @ParameterizedTest
    @MethodSource("records")
    void logRecordsAreMatched(String match, boolean matches) throws Exception {
        check(
                Signal.LOGS,
                match,
                matches,
                logs(LogRecord.newBuilder()
                        .setBody(Attributes.value("disk full"))
                        .setSeverityText("WARN")
                        .setSeverityNumberValue(13)
                        .addAllAttributes(Attributes.of("user", "ann"))));
    }

    static Stream<Arguments> unusualRecords() {
        return Stream.of(
                row("number as body", "strict, log_bodies: ['12']", true),
                row("severity that is not set", "strict, log_severity_number: {min: 1}", false),
                row(
                        "severity that is not set, asked for",
                        "strict, log_severity_number: {min: 9, match_undefined: true}",
                        true));
    }

    @ParameterizedTest
    @MethodSource("unusualRecords")
    void unusualLogRecordsAreMatched(String match, boolean matches) throws Exception {
        check(Signal.LOGS, match, matches, logs(LogRecord.newBuilder().setBody(Attributes.value(12))));
    }

    static Stream<Arguments> metrics() {
        return Stream.of(
                row("name", "strict, metric_names: [cpu.time]", true),
                row("another name", "strict, metric_names: [cpu]", false),
                row("expression for name", "regexp, metric_names: ['cpu']", true),
                row("resource", "strict, resources: [{key: region, value: eu-1}]", true),
                row("another resource", "strict, resources: [{key: region, value: us-1}]", false),
                row("both", "strict, metric_names: [cpu.time], resources: [{key: nothing}]", false));
    }

    @ParameterizedTest
    @MethodSource("metrics")
    void metricsAreMatched(String match, boolean matches) throws Exception {
        ExportMetricsServiceRequest.Builder request = ExportMetricsServiceRequest.newBuilder();
        Metric.Builder metric = Metric.newBuilder().setName("cpu.time");
        metric.getGaugeBuilder().addDataPointsBuilder().setAsInt(1);
        request.addResourceMetricsBuilder()
                .setResource(RESOURCE)
                .addScopeMetricsBuilder()
                .setScope(SCOPE)
                .addMetrics(metric);
        check(Signal.METRICS, match, matches, request.build());
    }
}
