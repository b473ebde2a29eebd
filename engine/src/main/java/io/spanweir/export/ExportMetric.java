package io.spanweir.export;

import io.spanweir.telemetry.Metric;
import io.spanweir.wire.Signal;
import java.util.List;

/** The metrics of exporters and their queues, by signal where the collector has a name for each. */
public record ExportMetric(String metricName, Type type, String unit, String help, List<String> labels)
        implements Metric {
    private static final List<String> EXPORTER = List.of("exporter");

    public static final Metric QUEUE_SIZE =
            gauge("otelcol_exporter_queue_size", "What waits before the exporter, in units of its sizer.");
    public static final Metric QUEUE_CAPACITY =
            gauge("otelcol_exporter_queue_capacity", "From where on receivers refuse, in units of the sizer.");
    public static final Metric IN_FLIGHT = gauge(
            "otelcol_exporter_in_flight_requests",
            "Requests that were sent and not answered, or that wait for a retry.");
    public static final Metric RETRIES = new ExportMetric(
            "spanweir_exporter_retries", Type.COUNTER, "{requests}", "Attempts after the first.", EXPORTER);
    public static final Metric REJECTED = new ExportMetric(
            "spanweir_exporter_rejected_items",
            Type.COUNTER,
            "{items}",
            "Items that a backend rejected of a request it took in part.",
            List.of("exporter", "signal"));

    public ExportMetric {
        labels = List.copyOf(labels);
    }

    /** Items the backend took. */
    public static Metric sent(Signal signal) {
        return ofSignal("sent", signal, "that the backend took.");
    }

    /** Items given up: a permanent error, or retries used up, or shutting down. */
    public static Metric sendFailed(Signal signal) {
        return ofSignal("send_failed", signal, "given up: a permanent error, retries used up, or shut down.");
    }

    /** Items that found no room. */
    public static Metric enqueueFailed(Signal signal) {
        return ofSignal("enqueue_failed", signal, "that found no room before the exporter.");
    }

    private static Metric ofSignal(String what, Signal signal, String help) {
        String items = signal.itemsName();
        String noun = items.replace('_', ' ');
        return new ExportMetric(
                "otelcol_exporter_" + what + "_" + items,
                Type.COUNTER,
                "{" + items + "}",
                "Number of " + noun + " " + help,
                EXPORTER);
    }

    private static Metric gauge(String name, String help) {
        return new ExportMetric(name, Type.GAUGE, "1", help, EXPORTER);
    }
}
