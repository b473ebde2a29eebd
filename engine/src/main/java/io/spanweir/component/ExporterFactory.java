package io.spanweir.component;

import io.spanweir.config.ConfigNode;

public interface ExporterFactory extends ComponentFactory {
    /** Reads the options; every problem goes to the node, none is thrown. */
    ExporterConfig decode(ConfigNode yaml);
}
