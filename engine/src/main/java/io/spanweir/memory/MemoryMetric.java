package io.spanweir.memory;

import io.spanweir.telemetry.Metric;
import io.spanweir.telemetry.MetricRegistry;
import java.util.List;

/** What a scrape sees of the engine's memory. */
public enum MemoryMetric implements Metric {
    USED(
            "spanweir_memory_used_bytes",
            "By",
            "Bytes in use, by part of the engine's memory: transit, held, tables, export.",
            true),
    CAPACITY(
            "spanweir_memory_capacity_bytes",
            "By",
            "Bytes that may be in use, by part of the engine's memory; fixed at start.",
            true),
    REFUSING(
            "spanweir_memory_refusing",
            "1",
            "1 while receivers refuse because held memory or the tables are above their high-water mark, else 0.",
            false);

    private final String metricName;
    private final String unit;
    private final String help;
    private final boolean byPart;

    MemoryMetric(String metricName, String unit, String help, boolean byPart) {
        this.metricName = metricName;
        this.unit = unit;
        this.help = help;
        this.byPart = byPart;
    }

    /** Registers use and capacity of a part. */
    public static void register(MetricRegistry registry, Budget part) {
        registry.gauge(USED, part::usedBytes, part.name());
        registry.gauge(CAPACITY, part::capacityBytes, part.name());
    }

    /** Registers whether receivers refuse. */
    public static void register(MetricRegistry registry, Pressure pressure) {
        registry.gauge(REFUSING, () -> pressure.refusing() ? 1 : 0);
    }

    @Override
    public String metricName() {
        return metricName;
    }

    @Override
    public Type type() {
        return Type.GAUGE;
    }

    @Override
    public String unit() {
        return unit;
    }

    @Override
    public String help() {
        return help;
    }

    @Override
    public List<String> labels() {
        return byPart ? List.of("part") : List.of();
    }
}
