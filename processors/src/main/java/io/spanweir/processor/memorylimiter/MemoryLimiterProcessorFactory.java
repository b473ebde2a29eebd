package io.spanweir.processor.memorylimiter;

import io.spanweir.component.ProcessorConfig;
import io.spanweir.component.ProcessorFactory;
import io.spanweir.component.Stability;
import io.spanweir.config.ConfigNode;
import io.spanweir.wire.Signal;
import java.util.EnumSet;
import java.util.Set;

/** {@code memory_limiter}. */
public final class MemoryLimiterProcessorFactory implements ProcessorFactory {
    @Override
    public String type() {
        return "memory_limiter";
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
        return MemoryLimiterProcessorConfig.decode(yaml);
    }
}
