package io.spanweir.exporter.otlpgrpc;

import io.spanweir.component.ExporterConfig;
import io.spanweir.component.ExporterFactory;
import io.spanweir.component.Stability;
import io.spanweir.config.ConfigNode;
import io.spanweir.wire.Signal;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** {@code otlp_grpc}, also known as {@code otlp}. */
public final class OtlpGrpcExporterFactory implements ExporterFactory {
    @Override
    public String type() {
        return "otlp_grpc";
    }

    @Override
    public List<String> aliases() {
        return List.of("otlp");
    }

    @Override
    public Stability stability() {
        return Stability.BETA;
    }

    @Override
    public Set<Signal> signals() {
        return EnumSet.allOf(Signal.class);
    }

    @Override
    public ExporterConfig decode(ConfigNode yaml) {
        return OtlpGrpcConfig.decode(yaml);
    }
}
