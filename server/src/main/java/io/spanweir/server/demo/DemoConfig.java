package io.spanweir.server.demo;

/** The configuration that the demo runs. */
final class DemoConfig {
    static final int SLOW_MILLIS = 800;
    static final String ERRORS_POLICY = "errors";
    static final String SLOW_POLICY = "slow";
    static final String SHARE_POLICY = "one-percent";

    private DemoConfig() {}

    /** @param backend where the demo's own backend listens */
    static String yaml(String backend) {
        return """
                receivers:
                  otlp:
                    protocols:
                      grpc:
                        endpoint: 127.0.0.1:0    # any free port
                      http:
                        endpoint: 127.0.0.1:0

                processors:
                  tail_sampling:
                    decision_wait: 2s            # 30s where traces take longer
                    policies:
                      - name: %s
                        type: status_code
                        status_code:
                          status_codes: [ERROR]
                      - name: %s
                        type: latency
                        latency:
                          threshold_ms: %d
                      - name: %s
                        type: probabilistic
                        probabilistic:
                          sampling_percentage: 1

                exporters:
                  otlp_grpc:
                    endpoint: %s
                    tls:
                      insecure: true

                service:
                  telemetry:
                    metrics:
                      level: none                # the demo reads them in the process
                  pipelines:
                    traces:
                      receivers: [otlp]
                      processors: [tail_sampling]
                      exporters: [otlp_grpc]

                engine:
                  memory: 64MiB
                """.formatted(ERRORS_POLICY, SLOW_POLICY, SLOW_MILLIS, SHARE_POLICY, backend);
    }
}
