package io.spanweir;

import com.sun.management.OperatingSystemMXBean;
import io.spanweir.component.EngineMemoryLimit;
import io.spanweir.graph.EngineConfig;
import io.spanweir.graph.Topology;
import java.lang.management.ManagementFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How much memory an engine takes. The segments are on the heap, so it is never more than most of that. */
final class EngineMemory {
    private static final Logger log = LoggerFactory.getLogger(EngineMemory.class);
    private static final double HEAP_SHARE_MAX = 0.75;
    private static final double DEFAULT_PERCENT = 40;

    private EngineMemory() {}

    /** Bytes for {@code engine.memory}, in this order: as written, as a memory_limiter says, 40 % of the machine's. */
    static long bytes(Topology topology) {
        return bytes(topology, machineBytes(), Runtime.getRuntime().maxMemory());
    }

    static long bytes(Topology topology, long machineBytes, long heapBytes) {
        EngineConfig config = topology.engine();
        long limit = (long) (heapBytes * HEAP_SHARE_MAX);
        Long written = config.memoryBytes();
        if (written != null) {
            return written;
        }
        Double percent = config.memoryPercent();
        if (percent == null) {
            for (var processor : topology.usedProcessors()) {
                if (processor instanceof EngineMemoryLimit limiter && limiter.limitBytes(machineBytes) > 0) {
                    long bytes = Math.min(limit, limiter.limitBytes(machineBytes));
                    log.info(
                            "The limit of memory_limiter is taken as engine.memory, up to three quarters of the heap. bytes={}",
                            bytes);
                    return bytes;
                }
            }
        }
        double share = percent == null ? DEFAULT_PERCENT : percent;
        return Math.min(limit, (long) (machineBytes * share / 100));
    }

    /** The memory of the container, or of the machine when there is no limit. */
    static long machineBytes() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : Runtime.getRuntime().maxMemory();
    }
}
