package io.spanweir.processor.attributes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.google.protobuf.Message;
import com.sun.management.ThreadMXBean;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.spanweir.component.Processor;
import io.spanweir.config.ConfigNode;
import io.spanweir.config.Problems;
import io.spanweir.data.BatchPart;
import io.spanweir.data.ItemCursor;
import io.spanweir.data.PartConsumer;
import io.spanweir.data.SplicedRun;
import io.spanweir.filter.ItemFilter;
import io.spanweir.testkit.OrderTraffic;
import io.spanweir.testkit.Seeds;
import io.spanweir.wire.OtlpIndex;
import io.spanweir.wire.OtlpLimits;
import io.spanweir.wire.OtlpScanner;
import io.spanweir.wire.Signal;
import java.lang.management.ManagementFactory;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Edits of items and the splice that writes them make no garbage once everything has its size. */
class AttributesAllocationTest {
    private static final int ITEMS = 210;
    private static final int ROUNDS = 400;

    private final ItemCursor cursor = new ItemCursor();
    private final byte[] written = new byte[1 << 20];
    private int editedParts;

    static Stream<Arguments> edits() {
        String include = "include: {match_type: strict, attributes: [{key: http.request.method, value: POST}]}\n";
        return Stream.of(
                argumentSet(
                        "rename",
                        Signal.TRACES,
                        "actions: [{key: peer, from_attribute: server.address, action: upsert},"
                                + " {key: server.address, action: delete}]"),
                argumentSet(
                        "rename with other steps between",
                        Signal.TRACES,
                        "actions: [{key: peer, from_attribute: server.address, action: upsert}, {key: a, value: 1, action:"
                                + " update}, {key: server.address, action: delete}]"),
                argumentSet("insert", Signal.TRACES, "actions: [{key: region, value: eu, action: insert}]"),
                argumentSet("insert number", Signal.TRACES, "actions: [{key: region, value: 12345, action: insert}]"),
                argumentSet("delete", Signal.TRACES, "actions: [{key: server.address, action: delete}]"),
                argumentSet("delete by pattern", Signal.TRACES, "actions: [{pattern: '^http', action: delete}]"),
                argumentSet(
                        "hash",
                        Signal.TRACES,
                        "actions: [{key: server.address, action: hash}, {pattern: '^db', action: hash}]"),
                argumentSet(
                        "convert to text",
                        Signal.TRACES,
                        "actions: [{key: http.response.status_code, converted_type: string, action: convert},"
                                + " {key: http.response.status_code, converted_type: double, action: convert},"
                                + " {key: http.response.status_code, converted_type: int, action: convert}]"),
                argumentSet(
                        "extract of repeated values",
                        Signal.TRACES,
                        "actions: [{key: server.address, pattern: '^(?P<first>[a-z]+)', action: extract}]"),
                argumentSet(
                        "include by attribute",
                        Signal.TRACES,
                        include + "actions: [{key: r, value: 1, action: insert}]"),
                argumentSet(
                        "include by expression and service",
                        Signal.TRACES,
                        "include: {match_type: regexp, services: ['.'], span_names: [GET, POST, a], attributes: [{key:"
                                + " http.response.status_code, value: '^[2-5]'}]}\n"
                                + "exclude: {match_type: regexp, libraries: [{name: none}], span_kinds: [INTERNAL]}\n"
                                + "actions: [{key: r, value: 1, action: insert}]"),
                argumentSet("log records", Signal.LOGS, "actions: [{key: r, from_attribute: a, action: insert}]"),
                argumentSet(
                        "log records by body and severity",
                        Signal.LOGS,
                        "include: {match_type: regexp, log_bodies: ['1$'], log_severity_number: {min: 9}}\n"
                                + "actions: [{key: r, from_attribute: a, action: insert}]"),
                argumentSet("data points", Signal.METRICS, "actions: [{key: r, from_attribute: a, action: insert}]"));
    }

    @ParameterizedTest
    @MethodSource("edits")
    void itemsCostNoAllocation(Signal signal, String options) {
        Problems problems = new Problems();
        ConfigNode yaml = ConfigNode.parse("t.yaml", options, problems);
        AttributesProcessorConfig config = yaml.decode(AttributesProcessorConfig::decode);
        assertThat(problems.errors()).isEmpty();
        PartConsumer next = this::write;
        Processor processor = new AttributesProcessor(
                new ItemFilter(config.include(), config.exclude()),
                config.actions().editor(),
                next);
        BatchPart part = part(signal, message(signal).toByteArray());
        for (int round = 0; round < ROUNDS; round++) {
            part.clearEdits();
            processor.accept(part);
        }
        editedParts = 0;
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(thread);
        for (int round = 0; round < ROUNDS; round++) {
            part.clearEdits();
            processor.accept(part);
        }
        long allocated = threads.getThreadAllocatedBytes(thread) - before;
        assertThat(editedParts).as("parts with edits").isEqualTo(ROUNDS);
        assertThat(allocated).as("bytes for %d items", ROUNDS * ITEMS).isLessThan(ROUNDS * ITEMS / 8);
    }

    private void write(BatchPart part) {
        editedParts += part.edited() ? 1 : 0;
        int element = 0;
        for (int run = 0; run < part.runCount(); run++) {
            assertThatFits(SplicedRun.length(part, run, element, cursor));
            SplicedRun.write(part, run, element, cursor, written, 0);
            element += part.runElementCount(run);
        }
    }

    private void assertThatFits(int length) {
        if (length > written.length) {
            throw new AssertionError(length + " bytes in a run");
        }
    }

    private static Message message(Signal signal) {
        return switch (signal) {
            case TRACES ->
                new OrderTraffic(Seeds.random(AttributesAllocationTest.class, "traffic"), 0.05).message(ITEMS);
            case LOGS -> logs();
            case METRICS -> metrics();
        };
    }

    private static Message logs() {
        ExportLogsServiceRequest.Builder logs = ExportLogsServiceRequest.newBuilder();
        for (int i = 0; i < ITEMS; i++) {
            logs.addResourceLogsBuilder()
                    .addScopeLogsBuilder()
                    .addLogRecords(LogRecord.newBuilder()
                            .setSeverityNumberValue(i % 24)
                            .setBody(Attributes.value("line " + i % 50))
                            .addAllAttributes(Attributes.of("a", "text", "b", i)));
        }
        return logs.build();
    }

    private static Message metrics() {
        ExportMetricsServiceRequest.Builder metrics = ExportMetricsServiceRequest.newBuilder();
        for (int i = 0; i < ITEMS / 3; i++) {
            Metric.Builder metric = metrics.addResourceMetricsBuilder()
                    .addScopeMetricsBuilder()
                    .addMetricsBuilder()
                    .setName("m" + i);
            for (int point = 0; point < 3; point++) {
                metric.getSumBuilder()
                        .addDataPoints(NumberDataPoint.newBuilder()
                                .setAsInt(point)
                                .addAllAttributes(Attributes.of("a", "text", "b", i)));
            }
        }
        return metrics.build();
    }

    private static BatchPart part(Signal signal, byte[] message) {
        OtlpScanner scanner = new OtlpScanner(OtlpLimits.DEFAULTS);
        assertThat(scanner.scan(signal, message, 0, message.length)).isEqualTo(ITEMS);
        OtlpIndex index = scanner.index();
        BatchPart part = new BatchPart();
        part.clear(signal);
        for (int group = 0; group < index.groupCount(); group++) {
            part.addGroup(
                    message,
                    index.resourcePrefixOffset(group),
                    index.resourcePrefixLength(group),
                    index.resourceSuffixOffset(group),
                    index.resourceSuffixLength(group),
                    index.scopePrefixOffset(group),
                    index.scopePrefixLength(group),
                    index.scopeSuffixOffset(group),
                    index.scopeSuffixLength(group));
        }
        for (int run = 0; run < index.runCount(); run++) {
            part.addRun(
                    index.runGroup(run),
                    message,
                    index.runOffset(run),
                    index.runLength(run),
                    index.runItemCount(run),
                    index.runElementCount(run),
                    index.runTraceIdOffset(run));
        }
        return part;
    }
}
