package io.spanweir.processor.attributes;

import io.spanweir.component.Processor;
import io.spanweir.component.ProcessorConfig;
import io.spanweir.component.ProcessorContext;
import io.spanweir.config.ConfigNode;
import io.spanweir.filter.ItemFilter;
import io.spanweir.filter.MatchConfig;
import io.spanweir.wire.Signal;
import org.jspecify.annotations.Nullable;

/**
 * {@code processors: attributes}.
 *
 * @param include null for all items
 * @param exclude null for none
 */
record AttributesProcessorConfig(
        @Nullable MatchConfig include, @Nullable MatchConfig exclude, AttributeActions actions)
        implements ProcessorConfig {
    static AttributesProcessorConfig decode(ConfigNode yaml) {
        return new AttributesProcessorConfig(
                MatchConfig.decode(yaml, "include"),
                MatchConfig.decode(yaml, "exclude"),
                AttributeActions.decode(yaml, "actions"));
    }

    @Override
    public Processor build(ProcessorContext context) {
        return new AttributesProcessor(new ItemFilter(include, exclude), actions.editor(), context.next());
    }

    @Override
    public @Nullable String problemWith(Signal signal) {
        String problem = include == null ? null : include.problemWith(signal);
        if (problem != null) {
            return "its include" + problem;
        }
        problem = exclude == null ? null : exclude.problemWith(signal);
        return problem == null ? null : "its exclude" + problem;
    }
}
