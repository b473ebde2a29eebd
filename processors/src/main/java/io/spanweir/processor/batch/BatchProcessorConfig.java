package io.spanweir.processor.batch;

import io.spanweir.component.ExportBatchSettings;
import io.spanweir.component.Processor;
import io.spanweir.component.ProcessorConfig;
import io.spanweir.component.ProcessorContext;
import io.spanweir.config.ConfigNode;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * {@code processors: batch}. The data passes through; the engine gathers requests by these settings.
 *
 * @param sendBatchSize items from which on a request leaves; 0: at once
 * @param sendBatchMaxSize items a request may have; 0 for no limit
 * @param timeout after which a request leaves anyway; zero: at once
 */
public record BatchProcessorConfig(
        long sendBatchSize, long sendBatchMaxSize, Duration timeout, List<String> metadataKeys)
        implements ProcessorConfig, ExportBatchSettings {
    public BatchProcessorConfig {
        metadataKeys = List.copyOf(metadataKeys);
    }

    static BatchProcessorConfig decode(ConfigNode yaml) {
        long size = yaml.longInteger("send_batch_size").atLeast(0L).or(8192L);
        long max = yaml.longInteger("send_batch_max_size").atLeast(0L).or(0L);
        if (max != 0 && max < size) {
            yaml.problem(
                    "send_batch_max_size",
                    max + " is less than send_batch_size (" + size + "); raise it, or write 0 for no limit");
        }
        Duration timeout = yaml.duration("timeout").atLeast(Duration.ZERO).or(Duration.ofMillis(200));
        List<String> keys = yaml.strings("metadata_keys").orEmpty();
        Set<String> seen = new HashSet<>();
        for (String key : keys) {
            if (!seen.add(key.toLowerCase(Locale.ROOT))) {
                yaml.problem("metadata_keys", "has \"" + key + "\" twice; case does not count");
            }
        }
        yaml.ignored(
                "metadata_cardinality_limit",
                "has no effect, one request is open at a time however many values there are; remove it");
        return new BatchProcessorConfig(size, max, timeout, keys);
    }

    @Override
    public Processor build(ProcessorContext context) {
        return context.next()::accept;
    }

    @Override
    public long minItems() {
        return sendBatchSize;
    }

    @Override
    public long maxItems() {
        return sendBatchMaxSize;
    }

    @Override
    public Duration flushTimeout() {
        return timeout;
    }
}
