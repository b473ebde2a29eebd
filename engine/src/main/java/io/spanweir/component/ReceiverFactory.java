package io.spanweir.component;

import io.spanweir.config.ConfigNode;

public interface ReceiverFactory extends ComponentFactory {
    /** Reads the options; every problem goes to the node, none is thrown. */
    ReceiverConfig decode(ConfigNode yaml);
}
