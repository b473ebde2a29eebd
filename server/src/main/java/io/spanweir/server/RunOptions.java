package io.spanweir.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of {@code run}. */
final class RunOptions {
    @Mixin
    ConfigOptions config = new ConfigOptions();

    @Option(
            names = "--otlp-to",
            paramLabel = "BACKEND",
            converter = Backend.Converter.class,
            description = {
                "Starts without a file and sends traces there; repeat it for several backends.",
                "gRPC: host:port, host (port 4317), grpc://host:port, and any URL with port 4317.",
                "HTTP: http://host:4318, any other http(s) URL, any host:4318; /v1/traces at the end may be left out.",
                "https:// means TLS, everything else plain text."
            })
    List<Backend> otlpTo = new ArrayList<>();

    @Option(
            names = "--keep",
            paramLabel = "RULES",
            converter = KeepRules.Converter.class,
            description = {
                "With --otlp-to, which traces are kept: a list of \"errors\", \"slow=DURATION\", \"N%%\" of all others, or"
                        + " \"all\".",
                "Example: --keep errors,slow=800ms,1%%. Default: all."
            })
    KeepRules keep = KeepRules.ALL;

    @Option(
            names = "--decision-wait",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "With --keep, how long a trace waits for its spans. Default: 30s.")
    @Nullable
    Duration decisionWait;

    @Option(
            names = "--listen",
            paramLabel = "HOST",
            description = "With --otlp-to, where the receivers listen. Default: localhost; in a container 0.0.0.0.")
    String listen = "";

    @Option(names = "--print-only", description = "With --otlp-to, prints the YAML to standard output and ends.")
    boolean printOnly;

    @Option(
            names = "--shutdown-timeout",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long to go on sending after a signal. Default: 30s.")
    Duration shutdownTimeout = Duration.ofSeconds(30);
}
