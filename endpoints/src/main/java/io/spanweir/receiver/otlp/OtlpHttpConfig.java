package io.spanweir.receiver.otlp;

import io.spanweir.config.ConfigNode;
import io.spanweir.config.Endpoint;
import io.spanweir.net.HttpServerConfig;
import io.spanweir.wire.OtlpLimits;
import io.spanweir.wire.Signal;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/**
 * {@code protocols: http}.
 *
 * @param paths one for each signal, all different
 */
record OtlpHttpConfig(HttpServerConfig server, Map<Signal, String> paths) {
    private static final Endpoint ENDPOINT = new Endpoint("localhost", 4318);

    /**
     * The collector has none of these here. A minute for the head of a request is ours: without it, whoever opens connections
     * and says nothing holds them for ever.
     */
    private static final HttpServerConfig.Timeouts TIMEOUTS =
            new HttpServerConfig.Timeouts(Duration.ZERO, Duration.ofMinutes(1), Duration.ZERO, Duration.ZERO, true);

    OtlpHttpConfig {
        paths = Map.copyOf(paths);
    }

    static OtlpHttpConfig decode(ConfigNode yaml) {
        Map<Signal, String> paths = new EnumMap<>(Signal.class);
        paths.put(Signal.TRACES, path(yaml, "traces_url_path", "/v1/traces"));
        paths.put(Signal.METRICS, path(yaml, "metrics_url_path", "/v1/metrics"));
        paths.put(Signal.LOGS, path(yaml, "logs_url_path", "/v1/logs"));
        yaml.ignored("profiles_url_path", "has no effect, profiles are not received; remove it");
        Map<String, Signal> taken = new HashMap<>();
        paths.forEach((signal, path) -> {
            Signal other = taken.putIfAbsent(path, signal);
            if (other != null) {
                yaml.problem("\"" + path + "\" is the path of " + other.pipelineName() + " and of "
                        + signal.pipelineName() + "; each signal needs its own");
            }
        });
        HttpServerConfig server = HttpServerConfig.decode(yaml, ENDPOINT, TIMEOUTS);
        if (server.maxRequestBodyBytes() > OtlpLimits.DEFAULTS.maxMessageBytes()) {
            yaml.warning("max_request_body_size", "is more than an OTLP message may have; 64MiB is what counts");
        }
        return new OtlpHttpConfig(server, paths);
    }

    private static String path(ConfigNode yaml, String name, String defaultPath) {
        String path = yaml.string(name)
                .matching(text -> !text.contains("?") && !text.contains("#"), "must be a path without query")
                .or(defaultPath);
        return path.startsWith("/") ? path : "/" + path;
    }
}
