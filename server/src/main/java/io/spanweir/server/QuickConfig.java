package io.spanweir.server;

import io.spanweir.config.Endpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The configuration that {@code --otlp-to} and {@code --keep} stand for, as YAML that can be saved and changed. */
final class QuickConfig {
    private static final String LISTEN_DEFAULT = "localhost";
    private static final int GRPC_PORT = 4317;
    private static final int HTTP_PORT = 4318;
    private static final int HEALTH_PORT = 13133;
    private static final Duration DECISION_WAIT_DEFAULT = Duration.ofSeconds(30);

    private final RunOptions options;

    QuickConfig(RunOptions options) {
        this.options = options;
    }

    String yaml() {
        boolean sampling = !options.keep.keepsAll();
        List<String> exporters = new ArrayList<>();
        StringBuilder yaml = new StringBuilder(1024);
        yaml.append("""
                receivers:
                  otlp:
                    protocols:
                      grpc:
                        endpoint: %1$s
                      http:
                        endpoint: %2$s

                """.formatted(listening(GRPC_PORT), listening(HTTP_PORT)));
        if (sampling) {
            processors(yaml);
        }
        yaml.append("exporters:\n");
        for (Backend backend : options.otlpTo) {
            exporters.add(exporter(yaml, backend, exporters));
        }
        yaml.append("""

                extensions:
                  health_check:
                    endpoint: %s

                service:
                  extensions: [health_check]
                  pipelines:
                    traces:
                      receivers: [otlp]
                """.formatted(listening(HEALTH_PORT)));
        if (sampling) {
            yaml.append("      processors: [tail_sampling]\n");
        }
        return yaml.append("      exporters: [")
                .append(String.join(", ", exporters))
                .append("]\n")
                .toString();
    }

    private String listening(int port) {
        return quoted(new Endpoint(options.listen.isEmpty() ? LISTEN_DEFAULT : options.listen, port).toString());
    }

    private void processors(StringBuilder yaml) {
        Duration wait = options.decisionWait == null ? DECISION_WAIT_DEFAULT : options.decisionWait;
        yaml.append("processors:\n  tail_sampling:\n    decision_wait: ").append(millis(wait));
        yaml.append("\n    policies:\n");
        for (KeepRules.Rule rule : options.keep.rules()) {
            yaml.append("""
                          - name: %1$s
                            type: %2$s
                            %2$s:
                              %3$s
                    """.formatted(rule.name(), rule.type(), rule.option()));
        }
        yaml.append('\n');
    }

    private static String millis(Duration wait) {
        return wait.toMillis() % 1000 == 0 ? wait.toSeconds() + "s" : wait.toMillis() + "ms";
    }

    private static String exporter(StringBuilder yaml, Backend backend, List<String> before) {
        String type = backend.grpc() ? "otlp_grpc" : "otlp_http";
        long same = before.stream().filter(id -> id.startsWith(type)).count();
        String id = same == 0 ? type : type + "/" + (same + 1);
        yaml.append("  ").append(id).append(":\n    endpoint: ").append(quoted(backend.endpoint()));
        yaml.append('\n');
        if (backend.grpc() && !backend.tls()) {
            yaml.append("    tls:\n      insecure: true\n");
        }
        return id;
    }

    private static String quoted(String text) {
        boolean plain =
                text.chars().allMatch(letter -> Character.isLetterOrDigit(letter) || "/:.-_".indexOf(letter) >= 0);
        return plain
                ? text
                : "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("$", "$$") + "\"";
    }
}
