package io.spanweir.connector.nop;

import io.spanweir.component.ConnectorConfig;
import io.spanweir.component.ConnectorFactory;
import io.spanweir.component.Stability;
import io.spanweir.config.ConfigNode;
import io.spanweir.wire.Signal;
import java.util.EnumSet;
import java.util.Set;

/** {@code nop}. */
public final class NopConnectorFactory implements ConnectorFactory {
    @Override
    public String type() {
        return "nop";
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
    public boolean connects(Signal from, Signal to) {
        return true;
    }

    @Override
    public ConnectorConfig decode(ConfigNode yaml) {
        return new NopConnectorConfig();
    }
}
