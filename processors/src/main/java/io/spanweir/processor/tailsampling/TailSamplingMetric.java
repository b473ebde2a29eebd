package io.spanweir.processor.tailsampling;

import io.spanweir.telemetry.Metric;
import java.util.List;

/** The metrics of {@code tail_sampling}. The first ones have the collector's names and labels. */
enum TailSamplingMetric implements Metric {
    COUNT_TRACES_SAMPLED(
            "otelcol_processor_tail_sampling_count_traces_sampled",
            Type.COUNTER,
            "{traces}",
            "Traces by what each policy said of them, whatever the outcome was.",
            "policy",
            "sampled",
            "decision"),
    GLOBAL_COUNT_TRACES_SAMPLED(
            "otelcol_processor_tail_sampling_global_count_traces_sampled",
            Type.COUNTER,
            "{traces}",
            "Traces by outcome.",
            "sampled",
            "decision"),
    NEW_TRACE_ID_RECEIVED(
            "otelcol_processor_tail_sampling_new_trace_id_received",
            Type.COUNTER,
            "{traces}",
            "Traces that began to wait."),
    EARLY_RELEASES_FROM_CACHE_DECISION(
            "otelcol_processor_tail_sampling_early_releases_from_cache_decision",
            Type.COUNTER,
            "{spans}",
            "Late spans that followed a remembered decision at once.",
            "sampled"),
    SAMPLING_DECISION_TIMER_LATENCY(
            "otelcol_processor_tail_sampling_sampling_decision_timer_latency",
            Type.HISTOGRAM,
            "ms",
            "How long after its deadline a trace was decided."),
    SAMPLING_LATE_SPAN_AGE(
            "otelcol_processor_tail_sampling_sampling_late_span_age",
            Type.HISTOGRAM,
            "s",
            "Time from the decision to late spans of traces that still waited to leave."),
    SAMPLING_TRACE_REMOVAL_AGE(
            "otelcol_processor_tail_sampling_sampling_trace_removal_age",
            Type.HISTOGRAM,
            "s",
            "Time from the first span of a trace until it left."),
    SAMPLING_TRACE_DROPPED_TOO_EARLY(
            "otelcol_processor_tail_sampling_sampling_trace_dropped_too_early",
            Type.COUNTER,
            "{traces}",
            "Traces that ended without a decision: memory was full, or the engine stopped with drop_pending_traces_on_shutdown."),
    SAMPLING_TRACES_ON_MEMORY(
            "otelcol_processor_tail_sampling_sampling_traces_on_memory",
            Type.GAUGE,
            "{traces}",
            "Traces that wait for their decision, or to leave."),
    TRACES_DROPPED_TOO_LARGE(
            "otelcol_processor_tail_sampling_traces_dropped_too_large",
            Type.COUNTER,
            "{traces}",
            "Traces above maximum_trace_size_bytes."),
    COUNT_SPANS_WITH_UNPARSEABLE_TRACESTATE(
            "otelcol_processor_tail_sampling_count_spans_with_unparseable_tracestate",
            Type.COUNTER,
            "{spans}",
            "Sampled spans whose tracestate could not be read and was left as it is."),
    DECISIONS(
            "spanweir_tail_sampling_decisions",
            Type.COUNTER,
            "{traces}",
            "Decisions by what brought them about and by outcome.",
            "trigger",
            "decision"),
    RECEIVED_SPANS("spanweir_tail_sampling_received_spans", Type.COUNTER, "{spans}", "Spans that came in."),
    FINISHED_SPANS(
            "spanweir_tail_sampling_finished_spans",
            Type.COUNTER,
            "{spans}",
            "Spans that went on (sampled) or ended here, by reason; with those held they add up to those received.",
            "outcome"),
    HELD_SPANS("spanweir_tail_sampling_held_spans", Type.GAUGE, "{spans}", "Spans that wait."),
    INCONSISTENT_THRESHOLD_SPANS(
            "spanweir_tail_sampling_inconsistent_threshold_spans",
            Type.COUNTER,
            "{spans}",
            "Sampled spans whose tracestate claims a threshold that their trace does not reach; it was removed."),
    UNWRITTEN_THRESHOLD_SPANS(
            "spanweir_tail_sampling_unwritten_threshold_spans",
            Type.COUNTER,
            "{spans}",
            "Sampled spans whose tracestate had no room for the threshold and was left as it is.");

    private final String metricName;
    private final Type type;
    private final String unit;
    private final String help;

    @SuppressWarnings("ImmutableEnumChecker") // List.of cannot be changed
    private final List<String> labels;

    TailSamplingMetric(String metricName, Type type, String unit, String help, String... labels) {
        this.metricName = metricName;
        this.type = type;
        this.unit = unit;
        this.help = help;
        this.labels = List.of(labels);
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
        return labels;
    }
}
