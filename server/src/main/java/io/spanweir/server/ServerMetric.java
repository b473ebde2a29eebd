package io.spanweir.server;

import io.spanweir.telemetry.Metric;
import java.util.List;

/** What the process says of itself, under the collector's names. */
enum ServerMetric implements Metric {
    UPTIME("otelcol_process_uptime", Type.COUNTER, "s", "Time since the process began."),
    CPU("otelcol_process_cpu_seconds", Type.COUNTER, "s", "CPU time, user and system."),
    MEMORY_RSS("otelcol_process_memory_rss", Type.GAUGE, "By", "Resident memory; 0 where the system does not tell."),
    HEAP_ALLOC(
            "otelcol_process_runtime_heap_alloc_bytes",
            Type.GAUGE,
            "By",
            "Bytes of the heap in use, garbage included."),
    SYS_MEMORY(
            "otelcol_process_runtime_total_sys_memory_bytes",
            Type.GAUGE,
            "By",
            "Bytes that the JVM has taken for heap, code and classes.");

    private final String metricName;
    private final Type type;
    private final String unit;
    private final String help;

    ServerMetric(String metricName, Type type, String unit, String help) {
        this.metricName = metricName;
        this.type = type;
        this.unit = unit;
        this.help = help;
    }

    @Override
    public String metricName() {
        return metricName;
    }

    @Override
    public Type type() {
        return type;
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
        return List.of();
    }
}
