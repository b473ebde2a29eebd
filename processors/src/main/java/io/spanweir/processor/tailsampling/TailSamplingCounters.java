package io.spanweir.processor.tailsampling;

import io.spanweir.telemetry.Counter;
import io.spanweir.telemetry.Histogram;
import io.spanweir.telemetry.MetricRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/** The counters of one lane, labels resolved. Threading: one writer, any reader. */
final class TailSamplingCounters {
    private static final double[] MILLIS = {
        1, 2, 5, 10, 25, 50, 75, 100, 150, 200, 300, 400, 500, 750, 1000, 2000, 5000, 10_000
    };
    private static final double[] SECONDS = {0.1, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600};

    /** {@code values()} copies an array. */
    private static final int DECISION_COUNT = Decision.values().length;

    final Counter newTraces;
    final Counter droppedTooEarly;
    final Counter tooLarge;
    final Counter unparseable;
    final Counter inconsistent;
    final Counter unwritten;
    final Counter received;
    final Histogram decisionDelayMillis;
    final Histogram lateSpanAgeSeconds;
    final Histogram removalAgeSeconds;

    private final Counter[] outcomes = new Counter[Outcome.values().length];
    private final Counter[] global = new Counter[Decision.values().length];
    private final Counter[] decisions = new Counter[Trigger.values().length * DECISION_COUNT];
    private final Counter lateSampled;
    private final Counter lateNotSampled;
    private final AtomicInteger traces = new AtomicInteger();

    TailSamplingCounters(MetricRegistry metrics) {
        newTraces = metrics.counter(TailSamplingMetric.NEW_TRACE_ID_RECEIVED);
        droppedTooEarly = metrics.counter(TailSamplingMetric.SAMPLING_TRACE_DROPPED_TOO_EARLY);
        tooLarge = metrics.counter(TailSamplingMetric.TRACES_DROPPED_TOO_LARGE);
        unparseable = metrics.counter(TailSamplingMetric.COUNT_SPANS_WITH_UNPARSEABLE_TRACESTATE);
        inconsistent = metrics.counter(TailSamplingMetric.INCONSISTENT_THRESHOLD_SPANS);
        unwritten = metrics.counter(TailSamplingMetric.UNWRITTEN_THRESHOLD_SPANS);
        received = metrics.counter(TailSamplingMetric.RECEIVED_SPANS);
        decisionDelayMillis = metrics.histogram(TailSamplingMetric.SAMPLING_DECISION_TIMER_LATENCY, MILLIS);
        lateSpanAgeSeconds = metrics.histogram(TailSamplingMetric.SAMPLING_LATE_SPAN_AGE, SECONDS);
        removalAgeSeconds = metrics.histogram(TailSamplingMetric.SAMPLING_TRACE_REMOVAL_AGE, SECONDS);
        lateSampled = metrics.counter(TailSamplingMetric.EARLY_RELEASES_FROM_CACHE_DECISION, "true");
        lateNotSampled = metrics.counter(TailSamplingMetric.EARLY_RELEASES_FROM_CACHE_DECISION, "false");
        for (Outcome outcome : Outcome.values()) {
            outcomes[outcome.ordinal()] = metrics.counter(TailSamplingMetric.FINISHED_SPANS, outcome.label());
        }
        for (Decision decision : Decision.values()) {
            String sampled = String.valueOf(decision == Decision.SAMPLED);
            global[decision.ordinal()] =
                    metrics.counter(TailSamplingMetric.GLOBAL_COUNT_TRACES_SAMPLED, sampled, decision.label());
            for (Trigger trigger : Trigger.values()) {
                decisions[index(trigger, decision)] =
                        metrics.counter(TailSamplingMetric.DECISIONS, trigger.label(), decision.label());
            }
        }
        metrics.gauge(TailSamplingMetric.SAMPLING_TRACES_ON_MEMORY, traces::get);
        metrics.gauge(TailSamplingMetric.HELD_SPANS, this::heldSpans);
    }

    void finished(Outcome outcome, int spanCount) {
        outcomes[outcome.ordinal()].add(spanCount);
    }

    void decided(Trigger trigger, Decision decision) {
        global[decision.ordinal()].increment();
        decisions[index(trigger, decision)].increment();
    }

    void late(boolean sampled, int spanCount) {
        (sampled ? lateSampled : lateNotSampled).add(spanCount);
    }

    void tracesOnMemory(int count) {
        traces.setRelease(count);
    }

    private long heldSpans() {
        long finished = 0;
        for (Counter outcome : outcomes) {
            finished += outcome.value();
        }
        return Math.max(0, received.value() - finished);
    }

    private static int index(Trigger trigger, Decision decision) {
        return trigger.ordinal() * DECISION_COUNT + decision.ordinal();
    }
}
