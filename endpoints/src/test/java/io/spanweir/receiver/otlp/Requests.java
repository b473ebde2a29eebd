package io.spanweir.receiver.otlp;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;

/** Small requests of each signal. */
final class Requests {
    static final ExportTraceServiceRequest TRACES = traces("GET /orders");

    static final ExportLogsServiceRequest LOGS = ExportLogsServiceRequest.newBuilder()
            .addResourceLogs(ResourceLogs.newBuilder()
                    .addScopeLogs(ScopeLogs.newBuilder()
                            .addLogRecords(LogRecord.newBuilder().setSeverityText("WARN"))))
            .build();

    static final ExportMetricsServiceRequest METRICS = ExportMetricsServiceRequest.newBuilder()
            .addResourceMetrics(ResourceMetrics.newBuilder()
                    .addScopeMetrics(ScopeMetrics.newBuilder()
                            .addMetrics(Metric.newBuilder().setName("requests"))))
            .build();

    private Requests() {}

    static ExportTraceServiceRequest traces(String name) {
        return ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder()
                        .addScopeSpans(ScopeSpans.newBuilder()
                                .addSpans(Span.newBuilder()
                                        .setTraceId(ByteString.copyFrom(new byte[16]))
                                        .setName(name))))
                .build();
    }

    /** A request of exactly this length. */
    static ExportTraceServiceRequest tracesOfLength(int lengthBytes) {
        int text = lengthBytes;
        ExportTraceServiceRequest request = traces("x".repeat(text));
        while (request.getSerializedSize() > lengthBytes) {
            text -= request.getSerializedSize() - lengthBytes;
            request = traces("x".repeat(text));
        }
        if (request.getSerializedSize() != lengthBytes) {
            throw new IllegalArgumentException("no request has " + lengthBytes + " bytes");
        }
        return request;
    }
}
