package io.spanweir.exporter.debug;

import io.spanweir.wire.Signal;
import java.util.List;

/** One line for each resource, scope, span, log record and data point. Threading: one thread, one text. */
final class NormalText {
    private final StringBuilder text = new StringBuilder();

    String of(Signal signal, OtlpTree request) {
        switch (signal) {
            case TRACES -> groups(request, "resource_spans", "ResourceTraces", "scope_spans", "ScopeTraces", signal);
            case LOGS -> groups(request, "resource_logs", "ResourceLog", "scope_logs", "ScopeLog", signal);
            case METRICS ->
                groups(request, "resource_metrics", "ResourceMetrics", "scope_metrics", "ScopeMetrics", signal);
        }
        return text.toString();
    }

    private void groups(
            OtlpTree request, String resources, String resourceTitle, String scopes, String scopeTitle, Signal signal) {
        int resourceIndex = 0;
        for (OtlpTree resource : request.list(resources)) {
            text.append(resourceTitle).append(" #").append(resourceIndex++);
            schema(resource);
            attributes(resource.child("resource").list("attributes"));
            text.append('\n');
            int scopeIndex = 0;
            for (OtlpTree scope : resource.list(scopes)) {
                text.append(scopeTitle).append(" #").append(scopeIndex++);
                scope(scope);
                text.append('\n');
                items(scope, signal);
            }
        }
    }

    private void scope(OtlpTree group) {
        OtlpTree scope = group.child("scope");
        if (!scope.text("name").isEmpty()) {
            text.append(' ').append(scope.text("name"));
            if (!scope.text("version").isEmpty()) {
                text.append('@').append(scope.text("version"));
            }
        }
        schema(group);
        attributes(scope.list("attributes"));
    }

    private void schema(OtlpTree group) {
        if (!group.text("schema_url").isEmpty()) {
            text.append(" [").append(group.text("schema_url")).append(']');
        }
    }

    private void attributes(List<OtlpTree> attributes) {
        Values.pairs(attributes).forEach(pair -> text.append(' ').append(pair));
    }

    private void items(OtlpTree scope, Signal signal) {
        switch (signal) {
            case TRACES -> scope.list("spans").forEach(this::span);
            case LOGS -> scope.list("log_records").forEach(this::logRecord);
            case METRICS -> scope.list("metrics").forEach(this::metric);
        }
    }

    private void span(OtlpTree span) {
        text.append(span.text("name"))
                .append(' ')
                .append(span.text("trace_id"))
                .append(' ')
                .append(span.text("span_id"));
        attributes(span.list("attributes"));
        text.append('\n');
    }

    private void logRecord(OtlpTree logRecord) {
        if (!logRecord.text("event_name").isEmpty()) {
            text.append(logRecord.text("event_name")).append(' ');
        }
        text.append(Values.text(logRecord.child("body")));
        attributes(logRecord.list("attributes"));
        text.append('\n');
    }

    private void metric(OtlpTree metric) {
        String kind = Metrics.kind(metric);
        for (OtlpTree point : Metrics.data(metric).list("data_points")) {
            text.append(metric.text("name"))
                    .append('{')
                    .append(String.join(",", Values.pairs(point.list("attributes"))))
                    .append('}');
            switch (kind) {
                case "gauge", "sum" -> text.append(' ').append(number(point));
                case "summary" -> summary(point);
                default -> histogram(kind, point);
            }
            text.append('\n');
        }
    }

    private static String number(OtlpTree point) {
        return point.has("as_int")
                ? String.valueOf(point.number("as_int"))
                : point.has("as_double") ? Values.shortest(point.decimal("as_double")) : "";
    }

    private void histogram(String kind, OtlpTree point) {
        text.append(" count=").append(Long.toUnsignedString(point.number("count")));
        for (String name : new String[] {"sum", "min", "max"}) {
            if (point.has(name)) {
                text.append(' ').append(name).append('=').append(Values.shortest(point.decimal(name)));
            }
        }
        if (kind.equals("histogram")) {
            buckets(point);
        } else {
            exponentialBuckets(point.number("scale"), point.child("negative"));
            exponentialBuckets(point.number("scale"), point.child("positive"));
            if (point.number("zero_count") != 0) {
                text.append(" zero_count")
                        .append(Values.shortest(point.decimal("zero_threshold")))
                        .append('=')
                        .append(Long.toUnsignedString(point.number("zero_count")));
            }
        }
    }

    private void buckets(OtlpTree point) {
        List<Double> bounds = point.decimals("explicit_bounds");
        List<Long> counts = point.numbers("bucket_counts");
        for (int bucket = 0; bucket < counts.size(); bucket++) {
            text.append(' ');
            if (bucket < bounds.size()) {
                text.append("le").append(Values.shortest(bounds.get(bucket))).append('=');
            }
            text.append(Long.toUnsignedString(counts.get(bucket)));
        }
    }

    /** The base of a bucket is 2 to the power of 2 to the power of -scale; the line names its lower bound, as the collector's. */
    private void exponentialBuckets(long scale, OtlpTree buckets) {
        double base = Math.pow(2, Math.pow(2, (double) -scale));
        long index = buckets.number("offset");
        for (long count : buckets.numbers("bucket_counts")) {
            text.append(" le")
                    .append(Values.shortest(Math.pow(base, (double) index++)))
                    .append('=')
                    .append(Long.toUnsignedString(count));
        }
    }

    private void summary(OtlpTree point) {
        text.append(" count=")
                .append(Long.toUnsignedString(point.number("count")))
                .append(" sum=")
                .append(Values.fixed(point.decimal("sum")));
        for (OtlpTree quantile : point.list("quantile_values")) {
            text.append(" q")
                    .append(Values.shortest(quantile.decimal("quantile")))
                    .append('=')
                    .append(Values.shortest(quantile.decimal("value")));
        }
    }
}
