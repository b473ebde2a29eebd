package io.spanweir.server;

import io.spanweir.Spanweir;
import io.spanweir.config.ConfigLoader;
import io.spanweir.graph.Components;

/** What all commands work with: where configurations come from, and which components there are. Threading: one thread. */
record Program(ConfigLoader loader, Components components) {
    static Program system() {
        return new Program(ConfigLoader.system(), Spanweir.components());
    }
}
