package io.spanweir.exporter.debug;

import java.util.List;

/** Which of the five kinds of data a metric has. Threading: any thread. */
final class Metrics {
    private static final List<String> KINDS = List.of("gauge", "sum", "histogram", "exponential_histogram", "summary");

    private Metrics() {}

    /** The field that holds the data; empty for none. */
    static String kind(OtlpTree metric) {
        return KINDS.stream().filter(metric::has).findFirst().orElse("");
    }

    /** The gauge, sum, histogram or summary itself. */
    static OtlpTree data(OtlpTree metric) {
        return metric.child(kind(metric));
    }
}
