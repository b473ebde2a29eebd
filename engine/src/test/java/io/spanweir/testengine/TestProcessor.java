package io.spanweir.testengine;

import io.spanweir.component.Processor;
import io.spanweir.component.ProcessorConfig;
import io.spanweir.component.ProcessorContext;
import io.spanweir.component.ProcessorFactory;
import io.spanweir.component.Stability;
import io.spanweir.config.ConfigNode;
import io.spanweir.data.BatchPart;
import io.spanweir.wire.Signal;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.BiConsumer;

/** A processor whose work is a function of the test; it passes on what the function passes on. */
public final class TestProcessor implements ProcessorFactory {
    private final String type;
    private final boolean affinity;
    private final BiConsumer<BatchPart, ProcessorContext> work;

    public TestProcessor(String type, boolean affinity, BiConsumer<BatchPart, ProcessorContext> work) {
        this.type = type;
        this.affinity = affinity;
        this.work = work;
    }

    @Override
    public String type() {
        return type;
    }

    @Override
    public Stability stability() {
        return Stability.STABLE;
    }

    @Override
    public Set<Signal> signals() {
        return EnumSet.allOf(Signal.class);
    }

    @Override
    public ProcessorConfig decode(ConfigNode yaml) {
        return new ProcessorConfig() {
            @Override
            public Processor build(ProcessorContext context) {
                return part -> work.accept(part, context);
            }

            @Override
            public boolean needsTraceAffinity() {
                return affinity;
            }
        };
    }
}
