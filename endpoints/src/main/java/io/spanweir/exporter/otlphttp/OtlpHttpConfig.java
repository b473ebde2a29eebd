package io.spanweir.exporter.otlphttp;

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
import io.spanweir.net.ContentEncoders;
import io.spanweir.net.HttpClient;
import io.spanweir.net.HttpProxy;
import io.spanweir.wire.Signal;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code exporters: otlp_http}.
 *
 * @param endpoints the whole URL of each signal; a signal without one cannot be sent
 * @param proxy null for none
 * @param timeout of one attempt; zero for none
 * @param http2 whether it is offered in the TLS handshake
 */
record OtlpHttpConfig(
        Map<Signal, Target> endpoints,
        @Nullable HttpProxy proxy,
        TlsClientConfig tls,
        Map<String, Secret> headers,
        Encoding encoding,
        Compression compression,
        int compressionLevel,
        Duration timeout,
        boolean http2,
        HttpClient.Limits limits,
        SendingQueueConfig sendingQueue,
        RetryConfig retryOnFailure)
        implements ExporterConfig {

    /** {@code encoding}. */
    enum Encoding {
        PROTO,
        JSON
    }

    /** Recommended for clients since OTLP 1.11. */
    private static final int ANSWER_LENGTH_MAX = 4 << 20;

    private static final Duration PING_TIMEOUT = Duration.ofSeconds(15);
    private static final int ZSTD_LEVEL_MAX = 22;
    private static final int DEFLATE_LEVEL_MAX = 9;

    static OtlpHttpConfig decode(ConfigNode yaml) {
        refuseAndIgnore(yaml);
        Compression compression = Compression.decodeHttp(yaml);
        TlsClientConfig tls = yaml.record("tls", ClientTls::decode);
        boolean keepAlive = !yaml.bool("disable_keep_alives").or(false);
        return new OtlpHttpConfig(
                endpoints(yaml, tls.plainText() ? Target.Scheme.HTTP : Target.Scheme.HTTPS),
                HttpProxy.decode(yaml, "proxy_url"),
                tls,
                headers(yaml),
                yaml.enumeration("encoding", Encoding.class).or(Encoding.PROTO),
                compression,
                yaml.record("compression_params", node -> level(node, compression)),
                yaml.duration("timeout").atLeast(Duration.ZERO).or(Duration.ofSeconds(30)),
                yaml.bool("force_attempt_http2").or(true) && keepAlive,
                new HttpClient.Limits(
                        yaml.integer("max_conns_per_host").atLeast(0).or(0),
                        idleConnectionsMax(yaml),
                        yaml.duration("idle_conn_timeout")
                                .atLeast(Duration.ZERO)
                                .or(Duration.ofSeconds(90)),
                        keepAlive,
                        ANSWER_LENGTH_MAX,
                        new HttpClient.Pings(
                                yaml.duration("http2_read_idle_timeout")
                                        .atLeast(Duration.ZERO)
                                        .or(Duration.ZERO),
                                pingTimeout(yaml))),
                yaml.record("sending_queue", SendingQueueConfig::decode),
                yaml.record("retry_on_failure", RetryConfig::decode));
    }

    private static void refuseAndIgnore(ConfigNode yaml) {
        yaml.refused("insecure", "belongs to \"tls\"; write \"tls: {insecure: true}\"");
        yaml.refused("auth", "is not supported for exporters; set \"headers\" with \"authorization\"");
        yaml.refused("middlewares", "is not supported; remove it");
        yaml.refused("profiles_endpoint", "is not supported, profiles are not carried; remove it");
        yaml.ignored("read_buffer_size", "has no effect, buffers grow with the data; remove it");
        yaml.ignored("write_buffer_size", "has no effect, buffers grow with the data; remove it");
        yaml.ignored("cookies", "has no effect, cookies are not kept; remove it");
    }

    /** Zero is Go's default too. */
    private static Duration pingTimeout(ConfigNode yaml) {
        Duration timeout =
                yaml.duration("http2_ping_timeout").atLeast(Duration.ZERO).or(PING_TIMEOUT);
        return timeout.isZero() ? PING_TIMEOUT : timeout;
    }

    /** One client serves one host, so of the collector's two bounds the smaller that is set counts. */
    private static int idleConnectionsMax(ConfigNode yaml) {
        int all = yaml.integer("max_idle_conns").atLeast(0).or(100);
        int perHost = yaml.integer("max_idle_conns_per_host").atLeast(0).or(0);
        return perHost > 0 && (all == 0 || perHost < all) ? perHost : all;
    }

    private static int level(ConfigNode yaml, Compression compression) {
        int max = compression == Compression.ZSTD ? ZSTD_LEVEL_MAX : DEFLATE_LEVEL_MAX;
        int level = yaml.integer("level")
                .atLeast(ContentEncoders.LEVEL_DEFAULT)
                .atMost(max)
                .or(ContentEncoders.LEVEL_DEFAULT);
        boolean leveled = switch (compression) {
            case GZIP, ZLIB, DEFLATE, ZSTD -> true;
            case NONE, SNAPPY, SNAPPY_FRAMED, LZ4 -> false;
        };
        if (!leveled && level != ContentEncoders.LEVEL_DEFAULT) {
            yaml.warning("level", "has no effect with compression \"" + compression.token() + "\"; remove it");
        }
        return level == 0 ? ContentEncoders.LEVEL_DEFAULT : level;
    }

    private static Map<Signal, Target> endpoints(ConfigNode yaml, Target.Scheme assumed) {
        Target base = endpoint(yaml, "endpoint", assumed);
        Map<Signal, Target> endpoints = new EnumMap<>(Signal.class);
        boolean named = yaml.has("endpoint");
        for (Signal signal : Signal.values()) {
            String option = signal.pipelineName() + "_endpoint";
            Target own = endpoint(yaml, option, assumed);
            named |= yaml.has(option);
            if (own != null) {
                endpoints.put(signal, own);
            } else if (base != null) {
                endpoints.put(signal, withPath(base, "/v1/" + signal.pipelineName()));
            }
        }
        if (!named) {
            yaml.problem("endpoint", "is missing; write \"http://host:4318\", or an endpoint of each signal");
        }
        return endpoints;
    }

    private static @Nullable Target endpoint(ConfigNode yaml, String option, Target.Scheme assumed) {
        Target target = yaml.target(option).orNull();
        if (target == null) {
            return null;
        }
        if (target.scheme() == Target.Scheme.DNS) {
            yaml.problem(
                    option,
                    "\"" + target + "\" has no scheme of HTTP; write \"http://" + target.authority()
                            + "\" or \"https://" + target.authority() + "\"");
        }
        if (target.scheme() != Target.Scheme.NONE) {
            return target;
        }
        Target complete = new Target(assumed, target.host(), target.port(), target.path());
        yaml.warning(
                option,
                "\"" + target + "\" has no scheme, \"" + complete + "\" is assumed; write that"
                        + (assumed == Target.Scheme.HTTPS ? ", or \"http://" + target.authority() + "\"" : ""));
        return complete;
    }

    private static Target withPath(Target base, String path) {
        String before =
                base.path().endsWith("/") ? base.path().substring(0, base.path().length() - 1) : base.path();
        return new Target(base.scheme(), base.host(), base.port(), before + path);
    }

    private static Map<String, Secret> headers(ConfigNode yaml) {
        Map<String, Secret> headers = new LinkedHashMap<>();
        yaml.headers("headers").forEach((name, value) -> {
            if (value.reveal().chars().allMatch(letter -> letter == '\t' || (letter >= ' ' && letter < 0x7F))) {
                headers.put(name, value);
            } else {
                yaml.problem("headers", "\"" + name + "\" has a value that is not printable ASCII");
            }
        });
        return headers;
    }

    /** Where this signal goes, or null when neither {@code endpoint} nor its own was set. */
    @Nullable
    Target endpoint(Signal signal) {
        return endpoints.get(signal);
    }

    @Override
    public Exporter build(ExporterContext context) {
        return new OtlpHttpExporter(this, context);
    }
}
