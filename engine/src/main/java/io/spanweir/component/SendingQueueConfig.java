package io.spanweir.component;

import io.spanweir.config.ConfigNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code sending_queue}: what waits before an exporter.
 *
 * @param numConsumers how many requests may be under way at once, those that wait for a retry included
 * @param queueSize in units of the sizer; from there on receivers refuse
 * @param blockOnOverflow a full queue, or memory for export that fills, delays answers instead of refusing
 * @param waitForResult the sender is answered when the backend was
 * @param batch how requests are gathered; null: only while all consumers are busy
 */
public record SendingQueueConfig(
        boolean enabled,
        int numConsumers,
        long queueSize,
        Sizer sizer,
        boolean blockOnOverflow,
        boolean waitForResult,
        @Nullable BatchConfig batch) {
    /** What a size counts. */
    public enum Sizer {
        REQUESTS,
        ITEMS,
        BYTES
    }

    /** The collector's defaults. */
    public static final SendingQueueConfig DEFAULT =
            new SendingQueueConfig(true, 10, 1000, Sizer.REQUESTS, false, false, null);

    /**
     * {@code sending_queue::batch}.
     *
     * @param maxSize in units of the sizer; 0: only the byte limit of a request
     * @param metadataKeys requests are gathered apart by the values of these client metadata
     */
    public record BatchConfig(
            Duration flushTimeout, long minSize, long maxSize, Sizer sizer, List<String> metadataKeys) {
        public BatchConfig {
            metadataKeys = List.copyOf(metadataKeys);
        }
    }

    /** The same with another batch configuration. */
    public SendingQueueConfig withBatch(BatchConfig other) {
        return new SendingQueueConfig(enabled, numConsumers, queueSize, sizer, blockOnOverflow, waitForResult, other);
    }

    public static SendingQueueConfig decode(ConfigNode yaml) {
        yaml.refused("storage", "is not available, queues are in memory; remove it");
        Sizer sizer = yaml.enumeration("sizer", Sizer.class).or(DEFAULT.sizer);
        SendingQueueConfig config = new SendingQueueConfig(
                yaml.bool("enabled").or(true),
                yaml.integer("num_consumers").atLeast(1).or(DEFAULT.numConsumers),
                yaml.longInteger("queue_size").atLeast(1L).or(DEFAULT.queueSize),
                sizer,
                yaml.bool("block_on_overflow").or(false),
                yaml.bool("wait_for_result").or(false),
                yaml.optionalRecord("batch", node -> decodeBatch(node, sizer)));
        BatchConfig batch = config.batch;
        if (batch != null && batch.sizer() == sizer && batch.minSize() > config.queueSize) {
            yaml.problem(
                    "batch",
                    "min_size " + batch.minSize() + " is larger than queue_size " + config.queueSize
                            + "; the queue would never release a batch");
        }
        if (!config.enabled) {
            for (String key : List.of("block_on_overflow", "wait_for_result", "batch")) {
                if (yaml.has(key)) {
                    yaml.warning(key, "has no effect while enabled is false: each sender waits for its result");
                }
            }
        }
        return config;
    }

    private static BatchConfig decodeBatch(ConfigNode yaml, Sizer queueSizer) {
        Map<String, Sizer> sizers = new LinkedHashMap<>();
        sizers.put("items", Sizer.ITEMS);
        sizers.put("bytes", Sizer.BYTES);
        BatchConfig config = new BatchConfig(
                yaml.duration("flush_timeout").above(Duration.ZERO).or(Duration.ofMillis(200)),
                yaml.longInteger("min_size").atLeast(0L).or(8192L),
                yaml.longInteger("max_size").atLeast(0L).or(0L),
                yaml.enumeration("sizer", sizers).or(queueSizer == Sizer.REQUESTS ? Sizer.ITEMS : queueSizer),
                yaml.record("partition", SendingQueueConfig::decodePartition));
        if (config.maxSize != 0 && config.maxSize < config.minSize) {
            yaml.problem("max_size", config.maxSize + " is smaller than min_size " + config.minSize);
        }
        return config;
    }

    private static List<String> decodePartition(ConfigNode yaml) {
        return yaml.strings("metadata_keys").orEmpty();
    }
}
