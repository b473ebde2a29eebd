package io.spanweir.processor.resource;

import io.spanweir.component.Processor;
import io.spanweir.component.ProcessorConfig;
import io.spanweir.component.ProcessorContext;
import io.spanweir.config.ConfigNode;
import io.spanweir.processor.attributes.AttributeActions;

/** {@code processors: resource}. */
record ResourceProcessorConfig(AttributeActions attributes) implements ProcessorConfig {
    static ResourceProcessorConfig decode(ConfigNode yaml) {
        return new ResourceProcessorConfig(AttributeActions.decode(yaml, "attributes"));
    }

    @Override
    public Processor build(ProcessorContext context) {
        return new ResourceProcessor(attributes.editor(), context.next());
    }
}
