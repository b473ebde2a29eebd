package io.spanweir.processor.tailsampling;

import io.spanweir.component.ProcessorConfig;
import io.spanweir.component.ProcessorFactory;
import io.spanweir.component.Stability;
import io.spanweir.config.ConfigNode;
import io.spanweir.wire.Signal;
import java.util.Set;

/** {@code tail_sampling}. */
public final class TailSamplingProcessorFactory implements ProcessorFactory {
    @Override
    public String type() {
        return "tail_sampling";
    }

    @Override
    public Stability stability() {
        return Stability.BETA;
    }

    @Override
    public Set<Signal> signals() {
        return Set.of(Signal.TRACES);
    }

    @Override
    public ProcessorConfig decode(ConfigNode yaml) {
        return new TailSamplingProcessorConfig(TailSamplingConfig.decode(yaml));
    }
}
