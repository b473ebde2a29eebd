package io.spanweir.exporter.file;

import io.spanweir.component.ExporterConfig;
import io.spanweir.component.ExporterFactory;
import io.spanweir.component.Stability;
import io.spanweir.config.ConfigNode;
import io.spanweir.wire.Signal;
import java.util.EnumSet;
import java.util.Set;

/** {@code file}. */
public final class FileExporterFactory implements ExporterFactory {
    @Override
    public String type() {
        return "file";
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
        return FileConfig.decode(yaml);
    }
}
