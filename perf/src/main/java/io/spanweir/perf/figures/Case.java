package io.spanweir.perf.figures;

/** A configuration that is measured. */
enum Case {
    /** Receive, scan, ring, lane, and the nop exporter. */
    DISCARD("gRPC -> nop", 0, """
            exporters:
              nop:
            service:
              pipelines:
                traces: {receivers: [otlp], exporters: [nop]}
            """),
    PASS_THROUGH("gRPC -> gRPC", 0, """
            exporters:
              otlp_grpc:
                endpoint: 127.0.0.1:${SINK}
                tls: {insecure: true}
                compression: none
                sending_queue: {block_on_overflow: true, queue_size: 100}
            service:
              pipelines:
                traces: {receivers: [otlp], exporters: [otlp_grpc]}
            """),
    TAIL_SAMPLING("tail sampling, full speed", 0, Case.TAIL),
    TAIL_SAMPLING_20K("tail sampling, 20,000 spans/s", 20_000, Case.TAIL);

    /** Errors, slow traces, one in a thousand of the rest. */
    private static final String TAIL = """
            processors:
              tail_sampling:
                decision_wait: 10s
                num_traces: 1000000
                policies:
                  - {name: errors, type: status_code, status_code: {status_codes: [ERROR]}}
                  - {name: slow, type: latency, latency: {threshold_ms: 500}}
                  - {name: rest, type: probabilistic, probabilistic: {sampling_percentage: 0.1}}
            exporters:
              otlp_grpc:
                endpoint: 127.0.0.1:${SINK}
                tls: {insecure: true}
                compression: none
            service:
              pipelines:
                traces: {receivers: [otlp], processors: [tail_sampling], exporters: [otlp_grpc]}
            """;

    private static final String COMMON = """
            engine:
              memory: 512MiB
              lanes: 1
            receivers:
              otlp:
                protocols:
                  grpc: {endpoint: "127.0.0.1:0"}
            """;

    private final String title;
    private final long spansPerSecondMax;
    private final String yaml;

    Case(String title, long spansPerSecondMax, String yaml) {
        this.title = title;
        this.spansPerSecondMax = spansPerSecondMax;
        this.yaml = yaml;
    }

    String title() {
        return title;
    }

    /** 0 for as fast as answers come. */
    long spansPerSecondMax() {
        return spansPerSecondMax;
    }

    /** The configuration, with what it exports going to a port of this machine. */
    String yaml(int sinkPort) {
        return COMMON
                + yaml.replace("${SINK}", Integer.toString(sinkPort))
                        .replace(
                                "service:\n", "service:\n  telemetry: {metrics: {level: none}, logs: {level: warn}}\n");
    }
}
