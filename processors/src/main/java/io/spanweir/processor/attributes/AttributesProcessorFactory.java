package io.spanweir.processor.attributes;

import io.spanweir.component.ProcessorConfig;
import io.spanweir.component.ProcessorFactory;
import io.spanweir.component.Stability;
import io.spanweir.config.ConfigNode;
import io.spanweir.wire.Signal;
import java.util.EnumSet;
import java.util.Set;

/** {@code attributes}. */
public final class AttributesProcessorFactory implements ProcessorFactory {
    @Override
    public String type() {
        return "attributes";
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
        return AttributesProcessorConfig.decode(yaml);
    }
}
