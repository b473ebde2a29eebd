package io.spanweir.component;

import io.spanweir.config.ConfigNode;
import io.spanweir.wire.Signal;

public interface ConnectorFactory extends ComponentFactory {
    /** Reads the options; every problem goes to the node, none is thrown. */
    ConnectorConfig decode(ConfigNode yaml);

    /** Whether it turns data of one signal into data of the other. */
    boolean connects(Signal from, Signal to);
}
