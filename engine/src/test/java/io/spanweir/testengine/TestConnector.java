package io.spanweir.testengine;

import io.spanweir.component.ConnectorConfig;
import io.spanweir.component.ConnectorFactory;
import io.spanweir.component.Stability;
import io.spanweir.config.ConfigNode;
import io.spanweir.wire.Signal;
import java.util.EnumSet;
import java.util.Set;

/** Passes what it gets to the pipelines of the same signal that list it as a receiver. Type {@code join}. */
public final class TestConnector implements ConnectorFactory {
    @Override
    public String type() {
        return "join";
    }

    @Override
    public Stability stability() {
        return Stability.STABLE;
    }

    @Override
    public Set<Signal> signals() {
        return EnumSet.allOf(Signal.class);
    }

    @Override
    public boolean connects(Signal from, Signal to) {
        return from == to;
    }

    @Override
    public ConnectorConfig decode(ConfigNode yaml) {
        return context -> context.next(context.signal());
    }
}
