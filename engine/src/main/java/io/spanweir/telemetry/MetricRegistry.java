package io.spanweir.telemetry;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of one engine. Several registrations of one name and label set are added up at a scrape, so that each lane and
 * I/O thread has a counter of its own. Registering happens at start-up; counting never touches the registry. Threading: any
 * thread.
 */
public final class MetricRegistry {
    private final List<Source> sources = new CopyOnWriteArrayList<>();

    private record Source(
            Metric metric,
            List<String> labelValues,
            @Nullable DoubleSupplier value,
            @Nullable Histogram histogram) {}

    /** One line of a scrape: labels and value, or buckets. */
    public record Series(
            List<String> labelValues,
            double value,
            @Nullable HistogramSnapshot histogram) {}

    /** Cumulative counts by upper bound; the last bound is infinite. */
    public record HistogramSnapshot(List<Double> bounds, List<Long> cumulativeCounts, double sum) {}

    /** All series of one metric. */
    public record Family(Metric metric, List<Series> series) {}

    /** A counter for one writing thread. */
    public Counter counter(Metric metric, String... labelValues) {
        Counter counter = new Counter();
        add(metric, counter::value, labelValues);
        return counter;
    }

    /** A counter for several writing threads. */
    public SharedCounter sharedCounter(Metric metric, String... labelValues) {
        SharedCounter counter = new SharedCounter();
        add(metric, counter::value, labelValues);
        return counter;
    }

    /** The largest value since the last scrape, times {@code scale} (1e-9 for nanoseconds in seconds). */
    public MaxGauge maxGauge(Metric metric, double scale, String... labelValues) {
        MaxGauge gauge = new MaxGauge();
        sources.add(new Source(metric, labels(metric, labelValues), () -> gauge.takeMax() * scale, null));
        return gauge;
    }

    /** A value read at each scrape. */
    public void gauge(Metric metric, LongSupplier value, String... labelValues) {
        add(metric, value, labelValues);
    }

    /** A value read at each scrape, in the metric's unit. */
    public void doubleGauge(Metric metric, DoubleSupplier value, String... labelValues) {
        sources.add(new Source(metric, labels(metric, labelValues), value, null));
    }

    /** A histogram for one writing thread. */
    public Histogram histogram(Metric metric, double[] bounds, String... labelValues) {
        Histogram histogram = new Histogram(bounds);
        sources.add(new Source(metric, labels(metric, labelValues), null, histogram));
        return histogram;
    }

    /** Everything, by metric name and label values. */
    public List<Family> collect() {
        Map<String, List<Source>> byName = new TreeMap<>();
        for (Source source : sources) {
            byName.computeIfAbsent(source.metric().metricName(), name -> new ArrayList<>())
                    .add(source);
        }
        List<Family> families = new ArrayList<>();
        for (List<Source> ofOneName : byName.values()) {
            families.add(new Family(ofOneName.get(0).metric(), series(ofOneName)));
        }
        return families;
    }

    /** The sum over all series of a metric whose labels begin with the given values; 0 when there is none. For tests and summaries. */
    public double sum(Metric metric, String... firstLabelValues) {
        double sum = 0;
        List<String> wanted = List.of(firstLabelValues);
        for (Source source : sources) {
            DoubleSupplier value = source.value();
            if (value != null
                    && source.metric().metricName().equals(metric.metricName())
                    && source.labelValues().subList(0, wanted.size()).equals(wanted)) {
                sum += value.getAsDouble();
            }
        }
        return sum;
    }

    private static List<Series> series(List<Source> sources) {
        Map<List<String>, List<Source>> byLabels = new LinkedHashMap<>();
        for (Source source : sources) {
            byLabels.computeIfAbsent(source.labelValues(), labels -> new ArrayList<>())
                    .add(source);
        }
        List<Series> all = new ArrayList<>();
        byLabels.forEach((labels, same) -> all.add(
                same.get(0).histogram() != null
                        ? new Series(labels, 0, snapshot(same))
                        : new Series(
                                labels,
                                same.stream().mapToDouble(MetricRegistry::read).sum(),
                                null)));
        all.sort(Comparator.comparing(one -> String.join("\u0000", one.labelValues())));
        return all;
    }

    private static double read(Source source) {
        DoubleSupplier value = source.value();
        return value == null ? 0 : value.getAsDouble();
    }

    private static HistogramSnapshot snapshot(List<Source> sources) {
        List<Double> bounds = new ArrayList<>();
        long[] counts = new long[0];
        double sum = 0;
        for (Source source : sources) {
            Histogram histogram = source.histogram();
            if (histogram == null) {
                continue;
            }
            if (bounds.isEmpty()) {
                counts = new long[histogram.bucketCount()];
                for (int bucket = 0; bucket < histogram.bucketCount(); bucket++) {
                    bounds.add(histogram.bound(bucket));
                }
            }
            for (int bucket = 0; bucket < counts.length; bucket++) {
                counts[bucket] += histogram.count(bucket);
            }
            sum += histogram.sum();
        }
        List<Long> cumulative = new ArrayList<>();
        long total = 0;
        for (long count : counts) {
            total += count;
            cumulative.add(total);
        }
        return new HistogramSnapshot(bounds, cumulative, sum);
    }

    private void add(Metric metric, LongSupplier value, String... labelValues) {
        sources.add(new Source(metric, labels(metric, labelValues), () -> (double) value.getAsLong(), null));
    }

    private static List<String> labels(Metric metric, String... labelValues) {
        if (labelValues.length != metric.labels().size()) {
            throw new IllegalArgumentException(metric.metricName() + " has the labels " + metric.labels());
        }
        return List.of(labelValues);
    }
}
