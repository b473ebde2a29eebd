package io.spanweir.receiver.otlp;

import io.spanweir.component.Receiver;
import io.spanweir.component.ReceiverConfig;
import io.spanweir.component.ReceiverContext;
import io.spanweir.config.ConfigNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code receivers: otlp}. Source of names and defaults: collector, receiver/otlpreceiver.
 *
 * @param grpc null when the protocol is not listed
 * @param http null when the protocol is not listed
 */
record OtlpReceiverConfig(
        @Nullable GrpcServerConfig grpc, @Nullable OtlpHttpConfig http) implements ReceiverConfig {
    static OtlpReceiverConfig decode(ConfigNode yaml) {
        for (String protocol : List.of("grpc", "http")) {
            yaml.refused(protocol, "belongs to \"protocols\"; write it below, indented");
        }
        return yaml.record("protocols", OtlpReceiverConfig::decodeProtocols);
    }

    private static OtlpReceiverConfig decodeProtocols(ConfigNode protocols) {
        protocols.refused("endpoint", "belongs to \"grpc\" or \"http\"; write it below, indented");
        GrpcServerConfig grpc = protocols.optionalRecord("grpc", GrpcServerConfig::decode);
        OtlpHttpConfig http = protocols.optionalRecord("http", OtlpHttpConfig::decode);
        if (grpc == null && http == null) {
            protocols.problem("names no protocol; write \"grpc:\", \"http:\" or both below \"protocols:\"");
        }
        return new OtlpReceiverConfig(grpc, http);
    }

    @Override
    public Receiver build(ReceiverContext context) {
        return new OtlpReceiver(this, context);
    }
}
