package io.spanweir.telemetry;

import java.util.List;
import java.util.Locale;

/**
 * Writes a registry as Prometheus text 0.0.4. Names get the suffixes of the collector's defaults where asked: the unit as a
 * word, then {@code _total} for counters. Threading: any thread.
 */
public final class PrometheusText {
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final boolean unitSuffix;
    private final boolean typeSuffix;

    /**
     * @param unitSuffix whether names end in their unit
     * @param typeSuffix whether counters end in {@code _total}
     */
    public PrometheusText(boolean unitSuffix, boolean typeSuffix) {
        this.unitSuffix = unitSuffix;
        this.typeSuffix = typeSuffix;
    }

    public String write(MetricRegistry registry) {
        StringBuilder text = new StringBuilder(16_384);
        for (MetricRegistry.Family family : registry.collect()) {
            Metric metric = family.metric();
            String name = exposedName(metric);
            text.append("# HELP ")
                    .append(name)
                    .append(' ')
                    .append(escape(metric.help(), false))
                    .append('\n');
            text.append("# TYPE ")
                    .append(name)
                    .append(' ')
                    .append(metric.type().name().toLowerCase(Locale.ROOT))
                    .append('\n');
            for (MetricRegistry.Series series : family.series()) {
                MetricRegistry.HistogramSnapshot histogram = series.histogram();
                if (histogram == null) {
                    line(text, name, metric.labels(), series.labelValues(), null, series.value());
                } else {
                    histogram(text, name, metric, series, histogram);
                }
            }
        }
        return text.toString();
    }

    /** The name as a scrape shows it. */
    public String exposedName(Metric metric) {
        String name = metric.metricName();
        String unit = word(metric.unit());
        if (unitSuffix && !unit.isEmpty() && !name.endsWith("_" + unit)) {
            name = name + "_" + unit;
        }
        boolean total = metric.type() == Metric.Type.COUNTER && typeSuffix && !name.endsWith("_total");
        return total ? name + "_total" : name;
    }

    private static void histogram(
            StringBuilder text,
            String name,
            Metric metric,
            MetricRegistry.Series series,
            MetricRegistry.HistogramSnapshot histogram) {
        List<Long> counts = histogram.cumulativeCounts();
        for (int i = 0; i < counts.size(); i++) {
            String bound = number(histogram.bounds().get(i));
            line(text, name + "_bucket", metric.labels(), series.labelValues(), bound, (double) counts.get(i));
        }
        line(text, name + "_sum", metric.labels(), series.labelValues(), null, histogram.sum());
        long count = counts.isEmpty() ? 0 : counts.get(counts.size() - 1);
        line(text, name + "_count", metric.labels(), series.labelValues(), null, (double) count);
    }

    private static void line(
            StringBuilder text,
            String name,
            List<String> labels,
            List<String> values,
            @org.jspecify.annotations.Nullable String le,
            double value) {
        text.append(name);
        if (!labels.isEmpty() || le != null) {
            char separator = '{';
            for (int i = 0; i < labels.size(); i++) {
                text.append(separator)
                        .append(labels.get(i))
                        .append("=\"")
                        .append(escape(values.get(i), true))
                        .append('"');
                separator = ',';
            }
            if (le != null) {
                text.append(separator).append("le=\"").append(le).append('"');
            }
            text.append('}');
        }
        text.append(' ').append(number(value)).append('\n');
    }

    private static String number(double value) {
        if (value == Double.POSITIVE_INFINITY) {
            return "+Inf";
        }
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    private static String word(String unit) {
        return switch (unit) {
            case "By" -> "bytes";
            case "s" -> "seconds";
            case "ms" -> "milliseconds";
            case "us" -> "microseconds";
            default -> "";
        };
    }

    private static String escape(String text, boolean quotes) {
        String escaped = text.replace("\\", "\\\\").replace("\n", "\\n");
        return quotes ? escaped.replace("\"", "\\\"") : escaped;
    }
}
