package io.spanweir.processor.attributes;

import static io.spanweir.processor.attributes.Attributes.of;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.metrics.v1.Exemplar;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.SummaryDataPoint;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import io.spanweir.component.ProcessorFactory;
import io.spanweir.data.ClientMetadata;
import io.spanweir.testengine.TestOut;
import io.spanweir.testengine.TestProcessor;
import io.spanweir.wire.Signal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Pipelines from receiver to exporter with the processor between. */
class AttributesProcessorTest {
    private static final String RENAME = """
            actions:
            - {key: peer.host, from_attribute: server.address, action: upsert}
            - {key: server.address, action: delete}
            """;

    private static ExportTraceServiceRequest traces(Span.Builder... spans) {
        ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
        request.addResourceSpansBuilder()
                .setResource(Resource.newBuilder().addAllAttributes(of("service.name", "shop")))
                .addScopeSpansBuilder();
        for (Span.Builder span : spans) {
            request.getResourceSpansBuilder(0).getScopeSpansBuilder(0).addSpans(span);
        }
        return request.build();
    }

    private static List<Span> spans(Message request) {
        return ((ExportTraceServiceRequest) request)
                .getResourceSpans(0)
                .getScopeSpans(0)
                .getSpansList();
    }

    @Test
    void spansAreEditedAndTheRestStaysAsItIs() throws Exception {
        Span.Builder span = Span.newBuilder()
                .setName("GET /")
                .addAllAttributes(of("a", 1, "server.address", "db", "b", 2))
                .setFlags(0x101);
        span.addEventsBuilder().addAllAttributes(of("server.address", "of an event"));
        try (Pipe pipe = new Pipe("attributes", RENAME, Signal.TRACES)) {
            Span edited = spans(pipe.send(traces(span))).get(0);
            assertThat(edited)
                    .isEqualTo(span.clone()
                            .clearAttributes()
                            .addAllAttributes(of("a", 1, "peer.host", "db", "b", 2))
                            .build());
        }
    }

    @Test
    void aMessageWithoutAnythingToEditLeavesAsItCame() throws Exception {
        ExportTraceServiceRequest request = traces(Span.newBuilder().addAllAttributes(of("peer.host", "db")));
        try (Pipe pipe =
                new Pipe("attributes", RENAME + "- {key: peer.host, value: db, action: upsert}\n", Signal.TRACES)) {
            List<TestOut.Sent> sent = pipe.push(request, ClientMetadata.EMPTY);
            assertThat(sent.get(0).message()).isEqualTo(request.toByteArray());
        }
    }

    @Test
    void logRecordsAreEdited() throws Exception {
        ExportLogsServiceRequest.Builder request = ExportLogsServiceRequest.newBuilder();
        LogRecord record = LogRecord.newBuilder()
                .setBody(Attributes.value("text"))
                .addAllAttributes(of("server.address", "db"))
                .build();
        request.addResourceLogsBuilder().addScopeLogsBuilder().addLogRecords(record);
        try (Pipe pipe = new Pipe("attributes", RENAME, Signal.LOGS)) {
            ExportLogsServiceRequest sent = (ExportLogsServiceRequest) pipe.send(request.build());
            assertThat(sent.getResourceLogs(0).getScopeLogs(0).getLogRecordsList())
                    .containsExactly(record.toBuilder()
                            .clearAttributes()
                            .addAllAttributes(of("peer.host", "db"))
                            .build());
        }
    }

    /** One metric of each kind, with two points of which the second has what is renamed. */
    private static ExportMetricsServiceRequest metrics(String key) {
        ExportMetricsServiceRequest.Builder request = ExportMetricsServiceRequest.newBuilder();
        ScopeMetrics.Builder scope = request.addResourceMetricsBuilder().addScopeMetricsBuilder();
        Exemplar exemplar = Exemplar.newBuilder()
                .addAllFilteredAttributes(of("server.address", "of an exemplar"))
                .build();
        Metric.Builder gauge = scope.addMetricsBuilder().setName("gauge");
        Metric.Builder sum = scope.addMetricsBuilder().setName("sum");
        Metric.Builder histogram = scope.addMetricsBuilder().setName("histogram");
        Metric.Builder exponential = scope.addMetricsBuilder().setName("exponential");
        Metric.Builder summary = scope.addMetricsBuilder().setName("summary");
        scope.addMetricsBuilder().setName("without data");
        sum.getSumBuilder().setIsMonotonic(true).setAggregationTemporalityValue(2);
        histogram.getHistogramBuilder().setAggregationTemporalityValue(1);
        for (Object[] attributes : new Object[][] {{"a", 1}, {"x", true, key, "db"}}) {
            NumberDataPoint point = NumberDataPoint.newBuilder()
                    .setAsInt(7)
                    .addExemplars(exemplar)
                    .addAllAttributes(of(attributes))
                    .build();
            gauge.getGaugeBuilder().addDataPoints(point);
            sum.getSumBuilder().addDataPoints(point);
            histogram
                    .getHistogramBuilder()
                    .addDataPoints(
                            HistogramDataPoint.newBuilder().addBucketCounts(3).addAllAttributes(of(attributes)));
            exponential
                    .getExponentialHistogramBuilder()
                    .addDataPoints(ExponentialHistogramDataPoint.newBuilder()
                            .setScale(-3)
                            .addAllAttributes(of(attributes)));
            summary.getSummaryBuilder()
                    .addDataPoints(SummaryDataPoint.newBuilder().setSum(2.5).addAllAttributes(of(attributes)));
        }
        return request.build();
    }

    @Test
    void pointsOfMetricsOfEveryKindAreEdited() throws Exception {
        try (Pipe pipe = new Pipe("attributes", RENAME, Signal.METRICS)) {
            assertThat(pipe.send(metrics("server.address"))).isEqualTo(metrics("peer.host"));
        }
    }

    @Test
    void aSecondProcessorSeesWhatTheFirstLeft() throws Exception {
        String yaml = """
                receivers: {in: }
                exporters: {out: }
                processors:
                  attributes/first: {actions: [{key: step, from_attribute: server.address, action: insert}]}
                  attributes/second:
                    actions:
                    - {key: peer.host, from_attribute: step, action: insert}
                    - {key: step, action: delete}
                    - {key: server.address, action: delete}
                service:
                  pipelines:
                    metrics: {receivers: [in], processors: [attributes/first, attributes/second], exporters: [out]}
                """;
        try (Pipe pipe = new Pipe(yaml)) {
            assertThat(pipe.send(metrics("server.address"))).isEqualTo(metrics("peer.host"));
        }
    }

    @Test
    void metricsAreChosenByNameAndTheirPointsByNothingElse() throws Exception {
        String options =
                "include: {match_type: regexp, metric_names: ['^su']}\nexclude: {match_type: strict, metric_names:"
                        + " [sum]}\n" + RENAME;
        try (Pipe pipe = new Pipe("attributes", options, Signal.METRICS)) {
            ExportMetricsServiceRequest.Builder expected = metrics("server.address").toBuilder();
            expected.getResourceMetricsBuilder(0)
                    .getScopeMetricsBuilder(0)
                    .setMetrics(
                            4,
                            metrics("peer.host")
                                    .getResourceMetrics(0)
                                    .getScopeMetrics(0)
                                    .getMetrics(4));
            assertThat(pipe.send(metrics("server.address"))).isEqualTo(expected.build());
        }
    }

    @Test
    void valuesComeFromTheMetadataOfEachRequest() throws Exception {
        String options = "actions: [{key: tenant, from_context: metadata.X-Tenant, action: insert}]";
        try (Pipe pipe = new Pipe("attributes", options, Signal.TRACES)) {
            List<String> tenants = new ArrayList<>();
            for (String tenant : List.of("a", "b", "", "a")) {
                ClientMetadata metadata = tenant.isEmpty()
                        ? ClientMetadata.EMPTY
                        : new ClientMetadata(Map.of("x-tenant", List.of(tenant)));
                Span span =
                        spans(pipe.send(traces(Span.newBuilder()), metadata)).get(0);
                tenants.add(
                        span.getAttributesCount() == 0
                                ? "none"
                                : span.getAttributes(0).getValue().getStringValue());
            }
            assertThat(tenants).containsExactly("a", "b", "none", "a");
        }
    }

    /** Pipelines of one receiver, and pipelines behind a connector, of which one edits before the other. */
    static Stream<Arguments> forks() {
        return Stream.of(
                argumentSet("behind a receiver", """
                        %1$s/edited: {receivers: [in], processors: [attributes, resource], exporters: [out/edited]}
                        %1$s/plain: {receivers: [in], processors: [watch], exporters: [out/plain]}
                        """),
                argumentSet("behind a connector", """
                        %1$s/in: {receivers: [in], exporters: [forward]}
                        %1$s/edited: {receivers: [forward], processors: [attributes, resource], exporters: [out/edited]}
                        %1$s/plain: {receivers: [forward], processors: [watch], exporters: [out/plain]}
                        """),
                argumentSet("behind a processor and a connector", """
                        %1$s/in: {receivers: [in], processors: [watch], exporters: [forward, out/plain]}
                        %1$s/edited: {receivers: [forward], processors: [attributes, resource], exporters: [out/edited]}
                        """));
    }

    @ParameterizedTest
    @MethodSource("forks")
    void editsOfAPipelineAreNotSeenByItsNeighbour(String pipelines) throws Exception {
        for (Signal signal : Signal.values()) {
            String yaml = """
                    receivers: {in: }
                    exporters: {out/edited: , out/plain: }
                    connectors: {forward: }
                    processors:
                      watch:
                      resource: {attributes: [{key: added, value: r, action: insert}]}
                      attributes: {actions: [{key: server.address, value: edited, action: upsert}]}
                    service:
                      pipelines:
                    """ + pipelines.formatted(signal.pipelineName()).indent(4);
            Message message = switch (signal) {
                case TRACES -> traces(Span.newBuilder().addAllAttributes(of("server.address", "db")));
                case METRICS -> metrics("server.address");
                case LOGS -> logs();
            };
            List<Boolean> edited = new ArrayList<>();
            ProcessorFactory watch = new TestProcessor("watch", false, (part, context) -> {
                edited.add(part.edited());
                context.next().accept(part);
            });
            try (Pipe pipe = new Pipe(yaml, watch)) {
                Map<String, Message> sent = new HashMap<>();
                for (TestOut.Sent one : pipe.push(message, ClientMetadata.EMPTY)) {
                    sent.put(one.exporter(), Pipe.parsed(one));
                }
                assertThat(sent.get("out/plain")).isEqualTo(message);
                assertThat(sent.get("out/edited").toString()).contains("\"edited\"", "\"added\"");
                assertThat(edited).containsExactly(false);
            }
        }
    }

    private static ExportLogsServiceRequest logs() {
        ExportLogsServiceRequest.Builder request = ExportLogsServiceRequest.newBuilder();
        request.addResourceLogsBuilder()
                .addScopeLogsBuilder()
                .addLogRecords(LogRecord.newBuilder().addAllAttributes(of("server.address", "db")));
        return request.build();
    }

    @Test
    void theResourceOfAGroupIsEditedAlthoughItHasNone() throws Exception {
        try (Pipe pipe = new Pipe("resource", "attributes: [{key: region, value: eu, action: upsert}]", Signal.LOGS)) {
            ExportLogsServiceRequest sent = (ExportLogsServiceRequest) pipe.send(logs());
            assertThat(sent.getResourceLogs(0).getResource().getAttributesList())
                    .isEqualTo(of("region", "eu"));
            assertThat(sent.getResourceLogs(0).getScopeLogsList())
                    .isEqualTo(logs().getResourceLogs(0).getScopeLogsList());
        }
    }

    static Stream<Arguments> wrongSignals() {
        String traceOptions =
                "services, span_names, span_kinds, attributes, resources, libraries; configure another processor for them";
        return Stream.of(
                argumentSet(
                        "names of spans for logs",
                        Signal.LOGS,
                        "include: {match_type: strict, span_names: [a]}",
                        "its include.span_names does not apply to log records, which are matched by log_bodies,"
                                + " log_severity_texts, log_severity_number, attributes, resources, libraries; configure"
                                + " another processor for them"),
                argumentSet(
                        "severity for spans",
                        Signal.TRACES,
                        "exclude: {match_type: strict, log_severity_number: {min: 9}}",
                        "its exclude.log_severity_number does not apply to spans, which are matched by "
                                + traceOptions),
                argumentSet(
                        "attributes for metrics",
                        Signal.METRICS,
                        "include: {match_type: strict, attributes: [{key: a}]}",
                        "its include.attributes does not apply to data points, which are matched by metric_names,"
                                + " resources; configure another processor for them"));
    }

    @ParameterizedTest
    @MethodSource("wrongSignals")
    void aFilterOfAnotherSignalIsRefusedWhereThePipelineNamesTheProcessor(
            Signal signal, String filter, String message) {
        assertThatThrownBy(() -> new Pipe("attributes", filter + "\n" + RENAME, signal))
                .hasMessageContaining("service.pipelines." + signal.pipelineName()
                        + ".processors[0]: \"attributes\" (line 4): " + message);
    }
}
