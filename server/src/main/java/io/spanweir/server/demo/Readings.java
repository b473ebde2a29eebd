package io.spanweir.server.demo;

import io.spanweir.telemetry.Metric;
import io.spanweir.telemetry.MetricRegistry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Figures of an engine at one moment, by the names a scrape shows. Threading: any thread, immutable. */
final class Readings {
    private final List<MetricRegistry.Family> families;

    private Readings(List<MetricRegistry.Family> families) {
        this.families = families;
    }

    static Readings of(MetricRegistry registry) {
        return new Readings(registry.collect());
    }

    /** The sum of all series of a metric. */
    long sum(String metricName) {
        return sum(metricName, Map.of());
    }

    /** The sum of the series with these labels. */
    long sum(String metricName, Map<String, String> labels) {
        double sum = 0;
        for (MetricRegistry.Family family : families) {
            if (family.metric().metricName().equals(metricName)) {
                for (MetricRegistry.Series series : family.series()) {
                    sum += matches(family.metric(), series, labels) ? series.value() : 0;
                }
            }
        }
        return Math.round(sum);
    }

    /** The series with these labels, added up by the value of one label. */
    Map<String, Long> by(String label, String metricName, Map<String, String> labels) {
        Map<String, Long> sums = new LinkedHashMap<>();
        for (MetricRegistry.Family family : families) {
            if (family.metric().metricName().equals(metricName)) {
                int index = family.metric().labels().indexOf(label);
                for (MetricRegistry.Series series : family.series()) {
                    if (matches(family.metric(), series, labels)) {
                        sums.merge(series.labelValues().get(index), Math.round(series.value()), Long::sum);
                    }
                }
            }
        }
        return sums;
    }

    private static boolean matches(Metric metric, MetricRegistry.Series series, Map<String, String> labels) {
        for (Map.Entry<String, String> label : labels.entrySet()) {
            int index = metric.labels().indexOf(label.getKey());
            if (index < 0 || !series.labelValues().get(index).equals(label.getValue())) {
                return false;
            }
        }
        return true;
    }
}
