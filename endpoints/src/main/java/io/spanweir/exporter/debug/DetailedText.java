package io.spanweir.exporter.debug;

import io.spanweir.wire.Signal;
import java.util.List;

/** Every field of a request, several lines for each item. Threading: one thread, one text. */
final class DetailedText {
    private static final List<String> KINDS =
            List.of("Unspecified", "Internal", "Server", "Client", "Producer", "Consumer");
    private static final List<String> STATUSES = List.of("Unset", "Ok", "Error");
    private static final List<String> TEMPORALITIES = List.of("Unspecified", "Delta", "Cumulative");
    private static final List<String> SEVERITIES = List.of("Trace", "Debug", "Info", "Warn", "Error", "Fatal");

    private final StringBuilder text = new StringBuilder();

    String of(Signal signal, OtlpTree request) {
        switch (signal) {
            case TRACES -> groups(request, "resource_spans", "ResourceSpans", "scope_spans", "ScopeSpans", signal);
            case LOGS -> groups(request, "resource_logs", "ResourceLog", "scope_logs", "ScopeLogs", signal);
            case METRICS ->
                groups(request, "resource_metrics", "ResourceMetrics", "scope_metrics", "ScopeMetrics", signal);
        }
        return text.toString();
    }

    private void line(String content) {
        text.append(content).append('\n');
    }

    private void groups(
            OtlpTree request, String resources, String resourceTitle, String scopes, String scopeTitle, Signal signal) {
        int resourceIndex = 0;
        for (OtlpTree resource : request.list(resources)) {
            line(resourceTitle + " #" + resourceIndex++);
            line("Resource SchemaURL: " + resource.text("schema_url"));
            attributes("Resource attributes", "", resource.child("resource").list("attributes"));
            int scopeIndex = 0;
            for (OtlpTree scope : resource.list(scopes)) {
                line(scopeTitle + " #" + scopeIndex++);
                line(scopeTitle + " SchemaURL: " + scope.text("schema_url"));
                OtlpTree instrumentation = scope.child("scope");
                line("InstrumentationScope " + instrumentation.text("name") + " " + instrumentation.text("version"));
                attributes("InstrumentationScope attributes", "", instrumentation.list("attributes"));
                items(scope, signal);
            }
        }
    }

    private void items(OtlpTree scope, Signal signal) {
        int index = 0;
        switch (signal) {
            case TRACES -> {
                for (OtlpTree span : scope.list("spans")) {
                    span(index++, span);
                }
            }
            case LOGS -> {
                for (OtlpTree logRecord : scope.list("log_records")) {
                    logRecord(index++, logRecord);
                }
            }
            case METRICS -> {
                for (OtlpTree metric : scope.list("metrics")) {
                    metric(index++, metric);
                }
            }
        }
    }

    private void attributes(String title, String indent, List<OtlpTree> attributes) {
        if (attributes.isEmpty()) {
            return;
        }
        line(title + ":");
        for (OtlpTree attribute : attributes) {
            line(indent + "     -> " + attribute.text("key") + ": " + Values.typed(attribute.child("value")));
        }
    }

    private static String name(List<String> names, long number) {
        return number >= 0 && number < names.size() ? names.get((int) number) : String.valueOf(number);
    }

    private void span(int index, OtlpTree span) {
        OtlpTree status = span.child("status");
        line("Span #" + index);
        field("Trace ID", span.text("trace_id"));
        field("Parent ID", span.text("parent_span_id"));
        field("ID", span.text("span_id"));
        field("Name", span.text("name"));
        field("Kind", name(KINDS, span.number("kind")));
        if (!span.text("trace_state").isEmpty()) {
            field("TraceState", span.text("trace_state"));
        }
        field("Start time", Values.time(span.number("start_time_unix_nano")));
        field("End time", Values.time(span.number("end_time_unix_nano")));
        field("Status code", name(STATUSES, status.number("code")));
        field("Status message", status.text("message"));
        line("    DroppedAttributesCount: " + span.number("dropped_attributes_count"));
        attributes("Attributes", "", span.list("attributes"));
        events(span.list("events"));
        line("    DroppedEventsCount: " + span.number("dropped_events_count"));
        links(span.list("links"));
        line("    DroppedLinksCount: " + span.number("dropped_links_count"));
    }

    private void field(String label, String value) {
        line("    " + label + " ".repeat(Math.max(0, 15 - label.length())) + ": " + value);
    }

    private void item(String label, String value) {
        line("     -> " + label + ": " + value);
    }

    private void events(List<OtlpTree> events) {
        if (!events.isEmpty()) {
            line("Events:");
        }
        int index = 0;
        for (OtlpTree event : events) {
            line("SpanEvent #" + index++);
            item("Name", event.text("name"));
            item("Timestamp", Values.time(event.number("time_unix_nano")));
            item("DroppedAttributesCount", String.valueOf(event.number("dropped_attributes_count")));
            attributes("     -> Attributes:", "     ", event.list("attributes"));
        }
    }

    private void links(List<OtlpTree> links) {
        if (!links.isEmpty()) {
            line("Links:");
        }
        int index = 0;
        for (OtlpTree link : links) {
            line("SpanLink #" + index++);
            item("Trace ID", link.text("trace_id"));
            item("ID", link.text("span_id"));
            item("TraceState", link.text("trace_state"));
            item("DroppedAttributesCount", String.valueOf(link.number("dropped_attributes_count")));
            attributes("     -> Attributes:", "     ", link.list("attributes"));
        }
    }

    private void logRecord(int index, OtlpTree logRecord) {
        line("LogRecord #" + index);
        line("ObservedTimestamp: " + Values.time(logRecord.number("observed_time_unix_nano")));
        line("Timestamp: " + Values.time(logRecord.number("time_unix_nano")));
        line("SeverityText: " + logRecord.text("severity_text"));
        line("SeverityNumber: " + severity(logRecord.number("severity_number")));
        if (!logRecord.text("event_name").isEmpty()) {
            line("EventName: " + logRecord.text("event_name"));
        }
        line("Body: " + Values.typed(logRecord.child("body")));
        attributes("Attributes", "", logRecord.list("attributes"));
        line("Trace ID: " + logRecord.text("trace_id"));
        line("Span ID: " + logRecord.text("span_id"));
        line("Flags: " + logRecord.number("flags"));
    }

    private static String severity(long number) {
        if (number < 1 || number > 24) {
            return (number == 0 ? "Unspecified" : "") + "(" + number + ")";
        }
        long step = (number - 1) % 4 + 1;
        return SEVERITIES.get((int) (number - 1) / 4) + (step == 1 ? "" : step) + "(" + number + ")";
    }

    private void metric(int index, OtlpTree metric) {
        line("Metric #" + index);
        line("Descriptor:");
        item("Name", metric.text("name"));
        item("Description", metric.text("description"));
        item("Unit", metric.text("unit"));
        String kind = Metrics.kind(metric);
        OtlpTree data = Metrics.data(metric);
        item("DataType", dataType(kind));
        if (kind.equals("sum")) {
            item("IsMonotonic", String.valueOf(data.number("is_monotonic") != 0));
        }
        if (!kind.equals("gauge") && !kind.equals("summary") && !kind.isEmpty()) {
            item("AggregationTemporality", name(TEMPORALITIES, data.number("aggregation_temporality")));
        }
        int pointIndex = 0;
        for (OtlpTree point : data.list("data_points")) {
            point(kind, pointIndex++, point);
        }
    }

    private static String dataType(String kind) {
        return switch (kind) {
            case "gauge" -> "Gauge";
            case "sum" -> "Sum";
            case "histogram" -> "Histogram";
            case "exponential_histogram" -> "ExponentialHistogram";
            case "summary" -> "Summary";
            default -> "Empty";
        };
    }

    private void point(String kind, int index, OtlpTree point) {
        boolean number = kind.equals("gauge") || kind.equals("sum");
        line((number ? "Number" : dataType(kind)) + "DataPoints #" + index);
        attributes("Data point attributes", "", point.list("attributes"));
        line("StartTimestamp: " + Values.time(point.number("start_time_unix_nano")));
        line("Timestamp: " + Values.time(point.number("time_unix_nano")));
        if (number) {
            value("", point);
        } else {
            line("Count: " + Long.toUnsignedString(point.number("count")));
            for (String name : new String[] {"Sum", "Min", "Max"}) {
                String field = name.toLowerCase(java.util.Locale.ROOT);
                if (point.has(field) || (kind.equals("summary") && name.equals("Sum"))) {
                    line(name + ": " + Values.fixed(point.decimal(field)));
                }
            }
        }
        switch (kind) {
            case "histogram" -> buckets(point);
            case "exponential_histogram" -> exponentialBuckets(point);
            case "summary" -> quantiles(point);
            default -> {}
        }
        exemplars(point.list("exemplars"));
    }

    private void value(String indent, OtlpTree point) {
        if (point.has("as_int")) {
            line(indent + "Value: " + point.number("as_int"));
        } else if (point.has("as_double")) {
            line(indent + "Value: " + Values.fixed(point.decimal("as_double")));
        }
    }

    private void buckets(OtlpTree point) {
        int index = 0;
        for (double bound : point.decimals("explicit_bounds")) {
            line("ExplicitBounds #" + index++ + ": " + Values.fixed(bound));
        }
        index = 0;
        for (long count : point.numbers("bucket_counts")) {
            line("Buckets #" + index++ + ", Count: " + Long.toUnsignedString(count));
        }
    }

    private void exponentialBuckets(OtlpTree point) {
        double factor = Math.scalb(Math.log(2), (int) -point.number("scale"));
        List<Long> negative = point.child("negative").numbers("bucket_counts");
        long negativeOffset = point.child("negative").number("offset");
        for (int index = negative.size() - 1; index >= 0; index--) {
            double lower = Math.exp((negativeOffset + index) * factor);
            double upper = Math.exp((negativeOffset + index + 1) * factor);
            line("Bucket [" + Values.fixed(-upper) + ", " + Values.fixed(-lower) + "), Count: "
                    + Long.toUnsignedString(negative.get(index)));
        }
        if (point.number("zero_count") != 0) {
            line("Bucket [0, 0], Count: " + Long.toUnsignedString(point.number("zero_count")));
        }
        long index = point.child("positive").number("offset");
        for (long count : point.child("positive").numbers("bucket_counts")) {
            line("Bucket (" + Values.fixed(Math.exp(index * factor)) + ", "
                    + Values.fixed(Math.exp((index + 1) * factor)) + "], Count: " + Long.toUnsignedString(count));
            index++;
        }
    }

    private void quantiles(OtlpTree point) {
        int index = 0;
        for (OtlpTree quantile : point.list("quantile_values")) {
            line("QuantileValue #" + index++ + ": Quantile " + Values.fixed(quantile.decimal("quantile")) + ", Value "
                    + Values.fixed(quantile.decimal("value")));
        }
    }

    private void exemplars(List<OtlpTree> exemplars) {
        if (!exemplars.isEmpty()) {
            line("Exemplars:");
        }
        int index = 0;
        for (OtlpTree exemplar : exemplars) {
            line("Exemplar #" + index++);
            item("Trace ID", exemplar.text("trace_id"));
            item("Span ID", exemplar.text("span_id"));
            item("Timestamp", Values.time(exemplar.number("time_unix_nano")));
            value("     -> ", exemplar);
            attributes("     -> FilteredAttributes", "     ", exemplar.list("filtered_attributes"));
        }
    }
}
