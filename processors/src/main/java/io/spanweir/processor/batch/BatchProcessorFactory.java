package io.spanweir.processor.batch;

import io.spanweir.component.ProcessorConfig;
import io.spanweir.component.ProcessorFactory;
import io.spanweir.component.Stability;
import io.spanweir.config.ConfigNode;
import io.spanweir.wire.Signal;
import java.util.EnumSet;
import java.util.Set;

/** {@code batch}. */
public final class BatchProcessorFactory implements ProcessorFactory {
    @Override
    public String type() {
        return "batch";
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
        return BatchProcessorConfig.decode(yaml);
    }
}
