package io.spanweir.component;

import io.spanweir.config.ConfigNode;

public interface ProcessorFactory extends ComponentFactory {
    /** Reads the options; every problem goes to the node, none is thrown. */
    ProcessorConfig decode(ConfigNode yaml);
}
