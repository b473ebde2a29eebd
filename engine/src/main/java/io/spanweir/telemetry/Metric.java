package io.spanweir.telemetry;

import java.util.List;

/**
 * The name of a metric, with what a scrape says of it. Each module lists its metrics in one enum that implements this.
 *
 * @see MetricRegistry
 */
public interface Metric {
    enum Type {
        COUNTER,
        GAUGE,
        HISTOGRAM
    }

    /** The name without type suffix, for example {@code otelcol_receiver_accepted_spans}. */
    String metricName();

    Type type();

    /** UCUM: {@code 1}, {@code By}, {@code s}, {@code {spans}}. */
    String unit();

    String help();

    /** In the order in which their values are given. */
    List<String> labels();
}
