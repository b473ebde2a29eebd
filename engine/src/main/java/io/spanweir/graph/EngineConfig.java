package io.spanweir.graph;

import io.spanweir.config.ConfigNode;
import io.spanweir.memory.MemoryPlan;
import org.jspecify.annotations.Nullable;

/**
 * {@code engine}: what all pipelines share.
 *
 * @param memoryBytes null unless a size is given
 * @param memoryPercent of the container's or machine's memory, where no size is given; null when neither is set
 * @param lanes 0: one up to two cores, else half of the cores
 * @param ringSize entries, a power of two
 * @param segmentBytes 0: by the amount of memory
 */
public record EngineConfig(
        @Nullable Long memoryBytes,
        @Nullable Double memoryPercent,
        int lanes,
        int ringSize,
        int segmentBytes,
        WaitStrategy waitStrategy) {
    /** What a lane does while it has nothing to do. */
    public enum WaitStrategy {
        /** Looks for work a few times where there are cores to spare, then sleeps. */
        PARKING,
        /** Never sleeps: a core per lane for the least delay. */
        SPINNING
    }

    static final double MEMORY_PERCENT = 40;
    private static final int LANES_MAX = 64;
    private static final int RING_SIZE = 4096;
    private static final int RING_SIZE_MAX = 1 << 20;

    static EngineConfig decode(ConfigNode yaml) {
        String memory = yaml.string("memory").or("");
        boolean percent = memory.endsWith("%");
        EngineConfig config = new EngineConfig(
                memory.isEmpty() || percent
                        ? null
                        : yaml.size("memory").above(0L).or(0L),
                percent ? yaml.percentage("memory").above(0.0).atMost(90.0).or(MEMORY_PERCENT) : null,
                auto(yaml, "lanes")
                        ? 0
                        : yaml.integer("lanes").atLeast(1).atMost(LANES_MAX).or(0),
                yaml.integer("ring_size")
                        .atLeast(8)
                        .atMost(RING_SIZE_MAX)
                        .matching(size -> Integer.bitCount(size) == 1, "is not a power of two; write 4096, for example")
                        .or(RING_SIZE),
                auto(yaml, "segment_size")
                        ? 0
                        : (int) (long) yaml.size("segment_size")
                                .atLeast(4096L)
                                .atMost(64L << 20)
                                .or(0L),
                yaml.enumeration("wait_strategy", WaitStrategy.class).or(WaitStrategy.PARKING));
        config.checkMemory(yaml);
        return config;
    }

    /** A size that cannot be split says so here; a share of the machine's memory only when the machine is known: at start. */
    private void checkMemory(ConfigNode yaml) {
        if (memoryBytes == null || memoryBytes <= 0) {
            return;
        }
        try {
            MemoryPlan.of(memoryBytes, laneCount(Runtime.getRuntime().availableProcessors()), segmentBytes);
        } catch (IllegalArgumentException e) {
            String message = e.getMessage();
            yaml.problem(
                    "memory", message == null ? "cannot be split" : message.replaceFirst("^engine\\.memory: ", ""));
        }
    }

    private static boolean auto(ConfigNode yaml, String key) {
        return !yaml.has(key)
                || yaml.isNull(key)
                || "auto".equals(yaml.child(key).raw());
    }

    /** The number of lanes on a machine with so many cores. */
    int laneCount(int cores) {
        return lanes != 0 ? lanes : cores <= 2 ? 1 : Math.min(LANES_MAX, cores / 2);
    }
}
