package io.spanweir.receiver.otlp;

import io.spanweir.config.ConfigNode;
import io.spanweir.config.Endpoint;
import io.spanweir.config.TlsServerConfig;
import io.spanweir.net.ServerOptions;
import io.spanweir.wire.OtlpLimits;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * {@code protocols: grpc}. Source of names and defaults: collector, config/configgrpc and receiver/otlpreceiver.
 *
 * @param tls null for plain text
 * @param maxMessageBytes of one request, before and after decompression
 * @param maxConcurrentStreams requests under way on one connection
 * @param includeMetadata request metadata stays with the data
 */
record GrpcServerConfig(
        Endpoint endpoint,
        @Nullable TlsServerConfig tls,
        int maxMessageBytes,
        int maxConcurrentStreams,
        boolean includeMetadata,
        ServerParameters serverParameters,
        EnforcementPolicy enforcementPolicy) {
    private static final Endpoint ENDPOINT = new Endpoint("localhost", 4317);

    /** What 0 means to the collector, too. */
    static final int MAX_MESSAGE_BYTES_DEFAULT = 4 << 20;

    private static final int MAX_MESSAGE_MIB_LIMIT = 1024;

    /**
     * The collector has no limit when this is 0, and buffers that many messages for each connection; 100 is what RFC 9113
     * (6.5.2) recommends at least.
     */
    static final int MAX_CONCURRENT_STREAMS_DEFAULT = 100;

    /**
     * {@code keepalive: server_parameters}; zero is for ever.
     *
     * @param time without a sign of the client until it is pinged
     * @param timeout of the ping's answer
     */
    record ServerParameters(
            Duration maxConnectionIdle,
            Duration maxConnectionAge,
            Duration maxConnectionAgeGrace,
            Duration time,
            Duration timeout) {
        private static ServerParameters decode(ConfigNode yaml) {
            return new ServerParameters(
                    duration(yaml, "max_connection_idle", Duration.ZERO),
                    duration(yaml, "max_connection_age", Duration.ZERO),
                    duration(yaml, "max_connection_age_grace", Duration.ZERO),
                    duration(yaml, "time", Duration.ofHours(2)),
                    duration(yaml, "timeout", Duration.ofSeconds(20)));
        }
    }

    /**
     * {@code keepalive: enforcement_policy}.
     *
     * @param minTime a client that pings more often is disconnected
     */
    record EnforcementPolicy(Duration minTime, boolean permitWithoutStream) {
        private static EnforcementPolicy decode(ConfigNode yaml) {
            return new EnforcementPolicy(
                    duration(yaml, "min_time", Duration.ofMinutes(5)),
                    yaml.bool("permit_without_stream").or(false));
        }
    }

    private record Keepalive(ServerParameters serverParameters, EnforcementPolicy enforcementPolicy) {
        private static Keepalive decode(ConfigNode yaml) {
            return new Keepalive(
                    yaml.record("server_parameters", ServerParameters::decode),
                    yaml.record("enforcement_policy", EnforcementPolicy::decode));
        }
    }

    static GrpcServerConfig decode(ConfigNode yaml) {
        ServerOptions.refuseCommon(yaml);
        yaml.ignored("read_buffer_size", "has no effect, buffers grow and shrink with what arrives; remove it");
        yaml.ignored("write_buffer_size", "has no effect, answers are small; remove it");
        int messageMib = yaml.integer("max_recv_msg_size_mib")
                .atLeast(0)
                .atMost(MAX_MESSAGE_MIB_LIMIT)
                .or(0);
        if (messageMib > OtlpLimits.DEFAULTS.maxMessageBytes() >> 20) {
            yaml.warning("max_recv_msg_size_mib", "is more than an OTLP message may have; 64 is what counts");
        }
        int streams = yaml.integer("max_concurrent_streams").atLeast(0).or(0);
        Keepalive keepalive = yaml.record("keepalive", Keepalive::decode);
        return new GrpcServerConfig(
                yaml.endpoint("endpoint").or(ENDPOINT),
                ServerOptions.tls(yaml),
                messageMib == 0 ? MAX_MESSAGE_BYTES_DEFAULT : messageMib << 20,
                streams == 0 ? MAX_CONCURRENT_STREAMS_DEFAULT : streams,
                yaml.bool("include_metadata").or(false),
                keepalive.serverParameters,
                keepalive.enforcementPolicy);
    }

    private static Duration duration(ConfigNode yaml, String name, Duration defaultDuration) {
        return yaml.duration(name).atLeast(Duration.ZERO).or(defaultDuration);
    }
}
