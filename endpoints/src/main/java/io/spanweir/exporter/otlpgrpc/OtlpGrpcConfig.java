package io.spanweir.exporter.otlpgrpc;

import io.spanweir.component.Exporter;
import io.spanweir.component.ExporterConfig;
import io.spanweir.component.ExporterContext;
import io.spanweir.component.RetryConfig;
import io.spanweir.component.SendingQueueConfig;
import io.spanweir.config.ConfigNode;
import io.spanweir.config.Secret;
import io.spanweir.config.Target;
import io.spanweir.config.TlsClientConfig;
import io.spanweir.net.ClientTls;
import io.spanweir.net.Compression;
import io.spanweir.net.ProductVersion;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code exporters: otlp_grpc}.
 *
 * @param tls null for plain text
 * @param timeout of one attempt; zero for none
 * @param keepalive null: no pings
 * @param authority the name in {@code :authority}, which TLS then verifies; empty for the endpoint's
 */
record OtlpGrpcConfig(
        Target endpoint,
        @Nullable TlsClientConfig tls,
        Map<String, Secret> headers,
        Compression compression,
        Duration timeout,
        @Nullable Keepalive keepalive,
        boolean waitForReady,
        String authority,
        String userAgent,
        Balancer balancer,
        SendingQueueConfig sendingQueue,
        RetryConfig retryOnFailure)
        implements ExporterConfig {

    /** {@code balancer_name}. */
    enum Balancer {
        ROUND_ROBIN,
        PICK_FIRST;

        String policy() {
            return this == ROUND_ROBIN ? "round_robin" : "pick_first";
        }
    }

    /** {@code keepalive}: pings on an idle connection. */
    record Keepalive(Duration time, Duration timeout, boolean permitWithoutStream) {
        /** gRPC servers take more frequent pings for abuse. */
        private static final Duration TIME_MIN = Duration.ofSeconds(10);

        static Keepalive decode(ConfigNode yaml) {
            return new Keepalive(
                    yaml.duration("time").atLeast(TIME_MIN).or(TIME_MIN),
                    yaml.duration("timeout").above(Duration.ZERO).or(Duration.ofSeconds(10)),
                    yaml.bool("permit_without_stream").or(false));
        }
    }

    private static final String GRPC_RESERVED = "grpc-";

    static OtlpGrpcConfig decode(ConfigNode yaml) {
        yaml.refused("auth", "is not supported for exporters; set \"headers\" with \"authorization\"");
        yaml.refused("middlewares", "is not supported; remove it");
        yaml.ignored("read_buffer_size", "has no effect, buffers grow with the data; remove it");
        yaml.ignored("write_buffer_size", "has no effect, buffers grow with the data; remove it");
        yaml.refused("insecure", "belongs to \"tls\"; write \"tls: {insecure: true}\"");
        Target endpoint = yaml.target("endpoint").required();
        TlsClientConfig tls = yaml.record("tls", ClientTls::decode);
        String authority = yaml.string("authority").or("");
        String serverName = tls.serverName();
        if (serverName != null && !authority.isEmpty() && !serverName.equals(authority)) {
            yaml.problem(
                    "authority", "differs from \"tls.server_name_override\"; write the same or remove one of them");
        }
        if (endpoint.scheme() == Target.Scheme.HTTP || endpoint.scheme() == Target.Scheme.HTTPS) {
            checkPath(yaml, endpoint);
        }
        return new OtlpGrpcConfig(
                endpoint,
                plainText(endpoint, tls) ? null : tls,
                headers(yaml),
                Compression.decodeGrpc(yaml),
                yaml.duration("timeout").atLeast(Duration.ZERO).or(Duration.ofSeconds(5)),
                yaml.optionalRecord("keepalive", Keepalive::decode),
                yaml.bool("wait_for_ready").or(false),
                authority,
                yaml.string("user_agent").or(ProductVersion.userAgent()),
                yaml.enumeration("balancer_name", Balancer.class).or(Balancer.ROUND_ROBIN),
                yaml.record("sending_queue", SendingQueueConfig::decode),
                yaml.record("retry_on_failure", RetryConfig::decode));
    }

    private static boolean plainText(Target endpoint, TlsClientConfig tls) {
        return switch (endpoint.scheme()) {
            case HTTP -> true;
            case HTTPS -> false;
            case NONE, DNS -> tls.plainText();
        };
    }

    private static void checkPath(ConfigNode yaml, Target endpoint) {
        if (!endpoint.path().isEmpty() && !endpoint.path().equals("/")) {
            yaml.problem(
                    "endpoint",
                    "\"" + endpoint + "\" has a path, which gRPC does not; write \"" + endpoint.authority()
                            + "\", or use otlp_http");
        }
    }

    private static Map<String, Secret> headers(ConfigNode yaml) {
        Map<String, Secret> headers = new LinkedHashMap<>();
        yaml.headers("headers").forEach((name, value) -> {
            String lower = name.toLowerCase(java.util.Locale.ROOT);
            if (lower.startsWith(GRPC_RESERVED)) {
                yaml.problem("headers", "\"" + name + "\" is gRPC's own; remove it");
            } else if (!printable(value.reveal())) {
                yaml.problem("headers", "\"" + name + "\" has a value that is not printable ASCII");
            } else {
                headers.put(lower, value);
            }
        });
        return Map.copyOf(headers);
    }

    private static boolean printable(String text) {
        return text.chars().allMatch(letter -> letter >= ' ' && letter <= '~');
    }

    @Override
    public Exporter build(ExporterContext context) {
        return new OtlpGrpcExporter(this, context.id());
    }
}
