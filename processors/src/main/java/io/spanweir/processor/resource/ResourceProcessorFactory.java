package io.spanweir.processor.resource;

import io.spanweir.component.ProcessorConfig;
import io.spanweir.component.ProcessorFactory;
import io.spanweir.component.Stability;
import io.spanweir.config.ConfigNode;
import io.spanweir.wire.Signal;
import java.util.EnumSet;
import java.util.Set;

/** {@code resource}. */
public final class ResourceProcessorFactory implements ProcessorFactory {
    @Override
    public String type() {
        return "resource";
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
    public ProcessorConfig decode(ConfigNode yaml) {
        return ResourceProcessorConfig.decode(yaml);
    }
}
