package io.spanweir.server.demo;

import io.spanweir.telemetry.MetricRegistry;
import java.util.Map;

/**
 * What the gateway says of itself at one moment.
 *
 * @param keptTracesByPolicy a trace that two policies keep counts for both
 * @param otherSpans ended for another reason than the policies: no memory, given up
 */
record Figures(
        long receivedSpans,
        long receivedTraces,
        long keptSpans,
        long keptTraces,
        Map<String, Long> keptTracesByPolicy,
        long droppedSpans,
        long droppedTraces,
        long heldSpans,
        long otherSpans,
        long exportedSpans) {

    private static final String TAIL_SAMPLING = "otelcol_processor_tail_sampling_";
    private static final String FINISHED = "spanweir_tail_sampling_finished_spans";

    static Figures of(MetricRegistry registry) {
        Readings now = Readings.of(registry);
        long kept = now.sum(FINISHED, Map.of("outcome", "sampled"));
        long dropped =
                now.sum(FINISHED, Map.of("outcome", "not_sampled")) + now.sum(FINISHED, Map.of("outcome", "dropped"));
        return new Figures(
                now.sum("otelcol_receiver_accepted_spans"),
                now.sum(TAIL_SAMPLING + "new_trace_id_received"),
                kept,
                now.sum(TAIL_SAMPLING + "global_count_traces_sampled", Map.of("sampled", "true")),
                now.by("policy", TAIL_SAMPLING + "count_traces_sampled", Map.of("sampled", "true")),
                dropped,
                now.sum(TAIL_SAMPLING + "global_count_traces_sampled", Map.of("sampled", "false")),
                now.sum("spanweir_tail_sampling_held_spans"),
                now.sum(FINISHED) - kept - dropped + now.sum("spanweir_dropped_items"),
                now.sum("otelcol_exporter_sent_spans"));
    }
}
