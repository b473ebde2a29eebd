package io.spanweir.processor.tailsampling;

import io.spanweir.component.Processor;
import io.spanweir.component.ProcessorConfig;
import io.spanweir.component.ProcessorContext;

/** The options with what the lanes share. Threading: any thread. */
final class TailSamplingProcessorConfig implements ProcessorConfig {
    private final TailSamplingConfig options;
    private final SharedBuckets buckets = new SharedBuckets();

    TailSamplingProcessorConfig(TailSamplingConfig options) {
        this.options = options;
    }

    TailSamplingConfig options() {
        return options;
    }

    @Override
    public Processor build(ProcessorContext context) {
        return new TailSamplingProcessor(options, buckets, context);
    }

    @Override
    public boolean needsTraceAffinity() {
        return true;
    }

    @Override
    public boolean holdsData() {
        return true;
    }
}
