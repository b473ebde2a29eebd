package io.spanweir.processor.memorylimiter;

import io.spanweir.component.EngineMemoryLimit;
import io.spanweir.component.Processor;
import io.spanweir.component.ProcessorConfig;
import io.spanweir.component.ProcessorContext;
import io.spanweir.config.ConfigNode;
import java.time.Duration;
import java.util.List;

/**
 * {@code processors: memory_limiter}. The data passes through; the engine takes the limit as its own.
 *
 * @param limitMib mebibytes; 0 for none
 * @param limitPercentage of the machine's memory; 0 for none; limitMib wins
 */
public record MemoryLimiterProcessorConfig(long limitMib, double limitPercentage)
        implements ProcessorConfig, EngineMemoryLimit {
    private static final long MEBIBYTE = 1 << 20;
    private static final long LIMIT_MIB_MAX = 1L << 30;
    private static final String BOUNDED =
            "has no effect, memory is bounded by the size of buffers, not by checks; remove it";
    private static final List<String> MEANINGLESS_DURATIONS = List.of(
            "check_interval",
            "min_gc_interval_when_soft_limited",
            "min_gc_interval_when_hard_limited",
            "max_gc_interval_when_soft_limited",
            "max_gc_interval_when_hard_limited");

    static MemoryLimiterProcessorConfig decode(ConfigNode yaml) {
        for (String option : MEANINGLESS_DURATIONS) {
            yaml.ignored(option, BOUNDED);
            yaml.duration(option).atLeast(Duration.ZERO).or(Duration.ZERO);
        }
        String refuses = "has no effect, receivers refuse from 90 % of each part of the memory on; remove it";
        yaml.ignored("spike_limit_mib", refuses);
        yaml.ignored("spike_limit_percentage", refuses);
        long spikeMib = yaml.longInteger("spike_limit_mib").atLeast(0L).or(0L);
        double spikePercentage = yaml.percentage("spike_limit_percentage").or(0.0);
        long limitMib =
                yaml.longInteger("limit_mib").atLeast(0L).atMost(LIMIT_MIB_MAX).or(0L);
        double limitPercentage = yaml.percentage("limit_percentage").or(0.0);
        yaml.ignored("ballast_size_mib", "has no effect, the collector removed it too; remove it");
        if (limitMib == 0 && limitPercentage == 0 && zero(yaml, "limit_mib") && zero(yaml, "limit_percentage")) {
            yaml.problem("limit_mib and limit_percentage are both absent or 0; set one of them");
        }
        if (limitMib != 0 && spikeMib >= limitMib) {
            yaml.problem("spike_limit_mib", spikeMib + " is not below limit_mib (" + limitMib + ")");
        }
        if (limitMib == 0 && limitPercentage != 0 && spikePercentage >= limitPercentage) {
            yaml.problem(
                    "spike_limit_percentage",
                    spikePercentage + " is not below limit_percentage (" + limitPercentage + ")");
        }
        return new MemoryLimiterProcessorConfig(limitMib, limitPercentage);
    }

    /** Absent or 0, and not something that is a problem already. */
    private static boolean zero(ConfigNode yaml, String name) {
        return !yaml.has(name)
                || yaml.isNull(name)
                || "0".equals(String.valueOf(yaml.child(name).raw()));
    }

    @Override
    public Processor build(ProcessorContext context) {
        return context.next()::accept;
    }

    @Override
    public long limitBytes(long machineBytes) {
        return limitMib != 0 ? limitMib * MEBIBYTE : (long) (machineBytes * (limitPercentage / 100));
    }
}
