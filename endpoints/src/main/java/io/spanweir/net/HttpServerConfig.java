package io.spanweir.net;

import io.spanweir.config.ConfigNode;
import io.spanweir.config.Endpoint;
import io.spanweir.config.Secret;
import io.spanweir.config.TlsServerConfig;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The options of everything that serves HTTP. Source of names and defaults: collector, config/confighttp; the component that
 * uses it may have defaults of its own. Immutable.
 *
 * @param tls null for plain text
 * @param cors null for none
 * @param maxRequestBodyBytes after decompression
 * @param includeMetadata request headers stay with the data
 * @param responseHeaders added to every answer
 * @param encodings of requests; others are answered with 400
 */
public record HttpServerConfig(
        Endpoint endpoint,
        @Nullable TlsServerConfig tls,
        @Nullable CorsConfig cors,
        int maxRequestBodyBytes,
        boolean includeMetadata,
        Map<String, Secret> responseHeaders,
        Set<ContentEncoding> encodings,
        Timeouts timeouts) {
    public static final int MAX_REQUEST_BODY_BYTES_DEFAULT = 20 << 20;
    private static final int MAX_REQUEST_BODY_BYTES_LIMIT = 1 << 30;

    /**
     * How long a client may take; zero is for ever.
     *
     * @param read from the head of a request to the end of its body
     * @param readHeader from the first byte of a request to the end of its head
     * @param write from the end of a request to the end of its answer
     * @param idle between two requests
     * @param keepAlive whether there may be two requests on one connection
     */
    public record Timeouts(Duration read, Duration readHeader, Duration write, Duration idle, boolean keepAlive) {
        /** Those of the collector's confighttp. */
        public static final Timeouts COLLECTOR =
                new Timeouts(Duration.ZERO, Duration.ofMinutes(1), Duration.ofSeconds(30), Duration.ofMinutes(1), true);

        private static Timeouts decode(ConfigNode yaml, Timeouts defaults) {
            return new Timeouts(
                    duration(yaml, "read_timeout", defaults.read),
                    duration(yaml, "read_header_timeout", defaults.readHeader),
                    duration(yaml, "write_timeout", defaults.write),
                    duration(yaml, "idle_timeout", defaults.idle),
                    yaml.bool("keep_alives_enabled").or(defaults.keepAlive));
        }

        private static Duration duration(ConfigNode yaml, String name, Duration defaultDuration) {
            return yaml.duration(name).atLeast(Duration.ZERO).or(defaultDuration);
        }
    }

    public HttpServerConfig {
        responseHeaders = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(responseHeaders));
        encodings = Set.copyOf(encodings);
    }

    /** A server with all defaults, for what has no section of its own. */
    public static HttpServerConfig of(Endpoint endpoint) {
        return new HttpServerConfig(
                endpoint,
                null,
                null,
                MAX_REQUEST_BODY_BYTES_DEFAULT,
                false,
                Map.of(),
                EnumSet.allOf(ContentEncoding.class),
                Timeouts.COLLECTOR);
    }

    /** Reads the options from the section of a component. */
    public static HttpServerConfig decode(ConfigNode yaml, Endpoint defaultEndpoint, Timeouts defaultTimeouts) {
        ServerOptions.refuseCommon(yaml);
        CorsConfig cors = yaml.has("cors") ? yaml.record("cors", CorsConfig::decode) : null;
        int bodyBytes = (int) (long) yaml.size("max_request_body_size")
                .atMost((long) MAX_REQUEST_BODY_BYTES_LIMIT)
                .or(0L);
        return new HttpServerConfig(
                yaml.endpoint("endpoint", defaultEndpoint.port()).or(defaultEndpoint),
                ServerOptions.tls(yaml),
                cors == null || cors.allowedOrigins().isEmpty() ? null : cors,
                bodyBytes == 0 ? MAX_REQUEST_BODY_BYTES_DEFAULT : bodyBytes,
                yaml.bool("include_metadata").or(false),
                yaml.headers("response_headers"),
                encodings(yaml),
                Timeouts.decode(yaml, defaultTimeouts));
    }

    private static Set<ContentEncoding> encodings(ConfigNode yaml) {
        Map<String, ContentEncoding> names = new LinkedHashMap<>();
        for (ContentEncoding one : ContentEncoding.values()) {
            names.put(one.token(), one);
        }
        EnumSet<ContentEncoding> chosen = EnumSet.noneOf(ContentEncoding.class);
        if (!yaml.has("compression_algorithms") || yaml.isNull("compression_algorithms")) {
            return EnumSet.allOf(ContentEncoding.class);
        }
        chosen.addAll(yaml.list(
                        "compression_algorithms",
                        item -> item.enumeration(names).or(ContentEncoding.IDENTITY))
                .orEmpty());
        return chosen.isEmpty() ? EnumSet.of(ContentEncoding.IDENTITY) : chosen;
    }
}
