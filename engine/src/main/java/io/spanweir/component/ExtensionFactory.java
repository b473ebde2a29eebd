package io.spanweir.component;

import io.spanweir.config.ConfigNode;

public interface ExtensionFactory extends ComponentFactory {
    /** Reads the options; every problem goes to the node, none is thrown. */
    ExtensionConfig decode(ConfigNode yaml);
}
