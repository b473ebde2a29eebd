package io.spanweir.receiver.otlp;

import io.spanweir.component.ReceiverConfig;
import io.spanweir.component.ReceiverFactory;
import io.spanweir.component.Stability;
import io.spanweir.config.ConfigNode;
import io.spanweir.wire.Signal;
import java.util.EnumSet;
import java.util.Set;

/** {@code otlp}: receives what OpenTelemetry SDKs and collectors send. */
public final class OtlpReceiverFactory implements ReceiverFactory {
    @Override
    public String type() {
        return "otlp";
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
    public ReceiverConfig decode(ConfigNode yaml) {
        return OtlpReceiverConfig.decode(yaml);
    }
}
