package io.spanweir.testsink;

import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.util.Map;

/**
 * One request as the sink got it.
 *
 * @param protocol {@code grpc}, {@code http} (1.1) or {@code h2}
 * @param path of HTTP, or the full method name of gRPC
 * @param headers names in lower case
 * @param encoding of the body: {@code gzip}, …; empty for none
 * @param wireLength of the body as it came
 * @param body decompressed: protobuf, or JSON text
 * @param message decoded by protobuf-java; null for JSON
 */
public record SinkRequest(
        String protocol,
        String path,
        Map<String, String> headers,
        String encoding,
        int wireLength,
        byte[] body,
        Message message,
        String remoteAddress) {

    public ExportTraceServiceRequest traces() {
        return (ExportTraceServiceRequest) message;
    }

    public ExportMetricsServiceRequest metrics() {
        return (ExportMetricsServiceRequest) message;
    }

    public ExportLogsServiceRequest logs() {
        return (ExportLogsServiceRequest) message;
    }
}
