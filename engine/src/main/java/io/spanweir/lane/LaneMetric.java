package io.spanweir.lane;

import io.spanweir.telemetry.Metric;
import io.spanweir.wire.Signal;
import java.util.List;

/** The metrics of receivers' intake, ring and lanes. */
public record LaneMetric(String metricName, Type type, String unit, String help, List<String> labels)
        implements Metric {
    private static final List<String> RECEIVER = List.of("receiver", "transport");

    public static final Metric RING_USED = new LaneMetric(
            "spanweir_ring_used_entries", Type.GAUGE, "1", "Ring entries that some lane has not passed.", List.of());
    public static final Metric RING_CAPACITY =
            new LaneMetric("spanweir_ring_capacity_entries", Type.GAUGE, "1", "Entries of the ring.", List.of());
    public static final Metric LANE_LAG = new LaneMetric(
            "spanweir_lane_lag_entries",
            Type.GAUGE,
            "1",
            "Ring entries that the lane has not passed.",
            List.of("lane"));
    public static final Metric TURN_MAX = new LaneMetric(
            "spanweir_lane_turn_max", Type.GAUGE, "s", "Longest turn since the last scrape.", List.of("lane"));
    public static final Metric DROPPED = new LaneMetric(
            "spanweir_dropped_items",
            Type.COUNTER,
            "{items}",
            "Acknowledged items that ended without being exported, by reason.",
            List.of("signal", "reason"));
    public static final Metric REFUSED_REQUESTS = new LaneMetric(
            "spanweir_refused_requests",
            Type.COUNTER,
            "{requests}",
            "Requests that receivers refused, by reason; the sender may try again.",
            List.of("receiver", "transport", "reason"));
    public static final Metric MALFORMED_REQUESTS = new LaneMetric(
            "spanweir_malformed_requests", Type.COUNTER, "{requests}", "Requests that could not be read.", RECEIVER);

    public LaneMetric {
        labels = List.copyOf(labels);
    }

    /** Items acknowledged. */
    public static Metric accepted(Signal signal) {
        return ofSignal("accepted", signal, "taken and acknowledged.");
    }

    /** Items refused for now. */
    public static Metric refused(Signal signal) {
        return ofSignal("refused", signal, "refused for now.");
    }

    /** Items that could not be read. */
    public static Metric failed(Signal signal) {
        return ofSignal("failed", signal, "that could not be read.");
    }

    private static Metric ofSignal(String what, Signal signal, String help) {
        String items = signal.itemsName();
        return new LaneMetric(
                "otelcol_receiver_" + what + "_" + items,
                Type.COUNTER,
                "{" + items + "}",
                "Number of " + signal.items() + " " + help,
                RECEIVER);
    }
}
