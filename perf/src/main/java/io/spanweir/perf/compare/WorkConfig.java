package io.spanweir.perf.compare;

/**
 * The configuration of every engine for every work, in one place, so that a reader sees that they are asked for the same.
 * Spanweir and the collector get the same text, but for Spanweir's {@code engine} section.
 *
 * @param receivePort where the engine listens
 * @param sinkPort where it sends
 * @param gzipLevel of what it sends, where it compresses
 * @param memory of Spanweir's data
 */
record WorkConfig(int receivePort, int sinkPort, int gzipLevel, String memory) {
    /** What every span of the load has. */
    static final String RENAMED_FROM = "server.address";

    static final String RENAMED_TO = "peer.address";
    static final int DECISION_WAIT_SECONDS = 10;

    String yaml(Engine engine, Work work) {
        return switch (engine) {
            case SPANWEIR -> """
                    engine:
                      memory: %s
                      lanes: 1
                    """.formatted(memory) + collector(work);
            case COLLECTOR -> collector(work);
            case DATAFLOW -> dataflow(work);
        };
    }

    private String collector(Work work) {
        String processor = switch (work) {
            case RENAME -> "attributes";
            case TAIL_SAMPLING -> "tail_sampling";
            default -> "";
        };
        String exporter = switch (work) {
            case DISCARD -> "nop";
            case PASS_HTTP, PASS_HTTP_GZIP -> "otlp_http";
            default -> "otlp_grpc";
        };
        return """
                receivers:
                  otlp:
                    protocols:
                      %s: {endpoint: "127.0.0.1:%d"}
                """.formatted(work.protocol().grpc() ? "grpc" : "http", receivePort)
                + collectorProcessor(work)
                + collectorExporter(work)
                + """
                service:
                  telemetry:
                    metrics: {level: none}
                    logs: {level: warn}
                  pipelines:
                    traces: {receivers: [otlp], processors: [%s], exporters: [%s]}
                """.formatted(processor, exporter);
    }

    private String collectorProcessor(Work work) {
        return switch (work) {
            case RENAME -> """
                    processors:
                      attributes:
                        actions:
                          - {key: %2$s, from_attribute: %1$s, action: upsert}
                          - {key: %1$s, action: delete}
                    """.formatted(RENAMED_FROM, RENAMED_TO);
            case TAIL_SAMPLING -> """
                    processors:
                      tail_sampling:
                        decision_wait: %ds
                        num_traces: 3000000
                        policies:
                          - {name: errors, type: status_code, status_code: {status_codes: [ERROR]}}
                          - {name: slow, type: latency, latency: {threshold_ms: 500}}
                          - {name: rest, type: probabilistic, probabilistic: {sampling_percentage: 0.1}}
                    """.formatted(DECISION_WAIT_SECONDS);
            default -> "";
        };
    }

    private String collectorExporter(Work work) {
        String queue = "sending_queue: {block_on_overflow: true, queue_size: 100}";
        return switch (work) {
            case DISCARD -> """
                    exporters:
                      nop:
                    """;
            case PASS_HTTP -> """
                    exporters:
                      otlp_http:
                        endpoint: http://127.0.0.1:%d
                        compression: none
                        %s
                    """.formatted(sinkPort, queue);
            case PASS_HTTP_GZIP -> """
                    exporters:
                      otlp_http:
                        endpoint: http://127.0.0.1:%d
                        compression: gzip
                        compression_params: {level: %d}
                        %s
                    """.formatted(sinkPort, gzipLevel, queue);
            // What tail sampling lets through at a decision is more than 100 requests when traces leave one by one.
            case TAIL_SAMPLING -> """
                    exporters:
                      otlp_grpc:
                        endpoint: 127.0.0.1:%d
                        tls: {insecure: true}
                        compression: none
                        sending_queue: {block_on_overflow: true, queue_size: 1000}
                    """.formatted(sinkPort);
            default -> """
                    exporters:
                      otlp_grpc:
                        endpoint: 127.0.0.1:%d
                        tls: {insecure: true}
                        compression: none
                        %s
                    """.formatted(sinkPort, queue);
        };
    }

    private String dataflow(Work work) {
        boolean grpc = work.protocol().grpc();
        String exporter = switch (work) {
            case DISCARD -> """
                            type: "exporter:noop"
                            config: {}
                            """;
            case PASS_HTTP -> """
                            type: "exporter:otlp_http"
                            config: {endpoint: "http://127.0.0.1:%d", client_pool_size: 1, max_in_flight: 10, http: {}}
                            """.formatted(sinkPort);
            case PASS_HTTP_GZIP -> """
                            type: "exporter:otlp_http"
                            config: {endpoint: "http://127.0.0.1:%d", client_pool_size: 1, max_in_flight: 10, http: {compression: gzip}}
                            """.formatted(sinkPort);
            default -> """
                            type: "exporter:otlp_grpc"
                            config: {grpc_endpoint: "http://127.0.0.1:%d", max_in_flight: 10}
                            """.formatted(sinkPort);
        };
        String rename = """
                          rename:
                            type: "processor:attribute"
                            config:
                              actions: [{action: rename, source_key: %s, destination_key: %s}]
                """.formatted(RENAMED_FROM, RENAMED_TO);
        String connections =
                work == Work.RENAME ? "[{from: in, to: rename}, {from: rename, to: out}]" : "[{from: in, to: out}]";
        return """
                version: otel_dataflow/v1
                engine:
                  http_admin: {bind_address: "127.0.0.1:0"}
                groups:
                  default:
                    pipelines:
                      main:
                        nodes:
                          in:
                            type: "receiver:otlp"
                            config: {protocols: {%s: {listening_addr: "127.0.0.1:%d"%s}}}
                """.formatted(
                                grpc ? "grpc" : "http",
                                receivePort,
                                work.protocol().gzip() ? ", accept_compressed_requests: true" : "")
                + (work == Work.RENAME ? rename : "")
                + "          out:\n"
                + exporter.indent(12)
                + "        connections: " + connections + "\n";
    }
}
