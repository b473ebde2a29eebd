package io.spanweir.sim;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.trace.v1.Span;
import io.spanweir.ManualSpanweir;
import io.spanweir.export.ExportMetric;
import io.spanweir.lane.LaneMetric;
import io.spanweir.telemetry.MetricRegistry;
import io.spanweir.wire.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Compares the books with what the engine says of itself: when nothing moves, when all is calm, and at the end. */
final class Audit {
    /** Metrics whose values tell what a run has met. */
    private static final List<String> REACHED = List.of(
            LaneMetric.REFUSED_REQUESTS.metricName() + "[in, sim, ",
            LaneMetric.MALFORMED_REQUESTS.metricName() + "[]",
            "spanweir_tail_sampling_decisions[",
            "spanweir_tail_sampling_finished_spans[",
            "otelcol_processor_tail_sampling_early_releases_from_cache_decision[",
            ExportMetric.RETRIES.metricName() + "[]",
            ExportMetric.REJECTED.metricName() + "[]",
            ExportMetric.sendFailed(Signal.TRACES).metricName() + "[]",
            ExportMetric.sendFailed(Signal.LOGS).metricName() + "[]",
            ExportMetric.sendFailed(Signal.METRICS).metricName() + "[]",
            ExportMetric.enqueueFailed(Signal.TRACES).metricName() + "[]");

    private final Scenario scenario;
    private final Books books;
    private final SimBackend backend;
    private final ManualSpanweir engine;
    private long refusedRequests;
    private long refusedSpans;
    private long malformedRequests;
    private Map<String, Long> counters = Map.of();

    Audit(Scenario scenario, Books books, SimBackend backend, ManualSpanweir engine) {
        this.scenario = scenario;
        this.books = books;
        this.backend = backend;
        this.engine = engine;
    }

    void refused(int spans) {
        refusedRequests++;
        refusedSpans += spans;
    }

    void malformed() {
        malformedRequests++;
    }

    /** An exporter whose queue is full, so that nothing may be let in that goes to it at once; empty when there is none. */
    String fullQueue(Signal signal) {
        for (SimLine line : scenario.lines) {
            for (String out : line.direct() && line.signal == signal ? line.exporters : List.<String>of()) {
                Scenario.Out one = scenario.outs.get(out);
                if (!one.blockOnOverflow() && engine.metrics().sum(ExportMetric.QUEUE_SIZE, out) >= one.queueSize()) {
                    return out;
                }
            }
        }
        return "";
    }

    /** Lanes and exporters have nothing left to do at this instant. */
    void settled(int openRegions) {
        readCounters();
        checkBounds();
        checkReceiving();
        checkRing();
        long open = (long) scenario.intakes * scenario.signals.size() * scenario.plan.segmentLengthBytes();
        long perMessage = 2L * scenario.requestBytesMax + 3L * scenario.plan.segmentLengthBytes();
        expect(
                engine.usedBytes("transit") <= open + openRegions * perMessage,
                "no leak",
                "transit has " + engine.usedBytes("transit") + " bytes in use when every lane has passed everything");
        for (SimLine line : scenario.lines) {
            checkSampling(line);
        }
    }

    /** Nothing was received for long, and all backends are well. */
    void calm() {
        settled(0);
        expect(books.unsettled() == 0, "liveness", books.unsettled() + " senders wait for ever");
        expect(
                engine.usedBytes("export") == 0,
                "no leak",
                "export has " + engine.usedBytes("export") + " bytes in use");
        long held = 0;
        for (SimLine line : scenario.lines) {
            checkFlow(line, true);
            held += line.samples() ? scenario.lanes : 0;
        }
        expect(
                engine.usedBytes("held") <= held * scenario.plan.segmentLengthBytes(),
                "no leak",
                "held has " + engine.usedBytes("held") + " bytes in use and nothing waits");
    }

    /** Everything has come to its end, and receivers are closed. */
    void stopped() {
        readCounters();
        expect(engine.drained(), "liveness", "not drained at the end: " + left());
        checkReceiving();
        checkRing();
        for (String part : List.of("transit", "held", "tables", "export")) {
            expect(engine.usedBytes(part) == 0, "no leak", part + " has " + engine.usedBytes(part) + " bytes in use");
        }
        equal(0, finished("memory_full"), "acknowledged is kept", "spans that found no memory after they were let in");
        expect(books.unsettled() == 0, "acknowledgement", books.unsettled() + " senders were never answered");
        for (SimLine line : scenario.lines) {
            checkSampling(line);
            checkFlow(line, !backend.givenUp);
        }
    }

    /** What can be said of decisions when all are made. */
    void afterwards() {
        for (SimLine line : scenario.lines) {
            if (line.samples()) {
                new DecisionAudit(scenario, books, this, line).check();
            }
        }
    }

    /** Adds up what this run has met, by metric and label: so that one can see that rare things happen. */
    void reached(Map<String, Long> sum) {
        counters.forEach((name, value) -> {
            if (value > 0 && REACHED.stream().anyMatch(name::startsWith)) {
                sum.merge(name, 1L, Long::sum);
            }
        });
    }

    String left() {
        StringBuilder text = new StringBuilder();
        for (String part : List.of("transit", "held", "tables", "export")) {
            text.append(part).append(' ').append(engine.usedBytes(part)).append(", ");
        }
        return text + "unanswered " + backend.unansweredCount();
    }

    /** The value of a counter whose first labels are given, or the sum over all. */
    long counter(String name, String... labels) {
        return counters.getOrDefault(name + List.of(labels), 0L);
    }

    private void expect(boolean holds, String invariant, String facts) {
        if (!holds) {
            books.fail(invariant, facts);
        }
    }

    private void equal(long expected, long actual, String invariant, String what) {
        expect(expected == actual, invariant, what + ": expected " + expected + ", is " + actual);
    }

    private void readCounters() {
        Map<String, Long> read = new HashMap<>();
        for (MetricRegistry.Family family : engine.metrics().collect()) {
            String name = family.metric().metricName();
            for (MetricRegistry.Series series : family.series()) {
                if (series.histogram() == null) {
                    List<String> labels = series.labelValues();
                    for (int count = 0; count <= labels.size(); count++) {
                        read.merge(name + labels.subList(0, count), (long) series.value(), Long::sum);
                    }
                }
            }
        }
        counters = read;
    }

    private void checkReceiving() {
        for (Signal signal : Signal.values()) {
            equal(
                    books.acknowledged(signal),
                    counter(LaneMetric.accepted(signal).metricName()),
                    "metrics",
                    "accepted " + signal.items());
        }
        equal(refusedRequests, counter(LaneMetric.REFUSED_REQUESTS.metricName()), "metrics", "refused requests");
        equal(malformedRequests, counter(LaneMetric.MALFORMED_REQUESTS.metricName()), "metrics", "malformed requests");
        equal(0, counter(LaneMetric.DROPPED.metricName()), "nothing is thrown", "items dropped for an internal error");
    }

    /** What was acknowledged has been through the ring. */
    private void checkRing() {
        for (SimLine root : scenario.roots) {
            equal(
                    books.acknowledged(root.signal),
                    books.tap(root.first()).spans,
                    "acknowledged is kept",
                    "spans at " + root.first());
        }
    }

    private void checkBounds() {
        for (String part : List.of("transit", "held", "tables", "export")) {
            long capacity = switch (part) {
                case "transit" -> scenario.plan.transitBytes();
                case "held" -> scenario.plan.heldBytes();
                case "tables" -> scenario.plan.tablesBytes();
                default -> scenario.plan.exportBytes();
            };
            expect(engine.usedBytes(part) <= capacity, "bounds", part + " is above its capacity");
        }
        long undecided = undecided();
        long most = 0;
        for (SimLine line : scenario.lines) {
            most += line.samples()
                    ? (long) scenario.lanes * ((line.numTraces + scenario.lanes - 1) / scenario.lanes)
                    : 0;
        }
        expect(undecided <= most, "bounds", undecided + " traces wait, num_traces allows " + most);
    }

    private long undecided() {
        return sampling("new_trace_id_received")
                - counter("spanweir_tail_sampling_decisions")
                - sampling("sampling_trace_dropped_too_early");
    }

    /** After lanes have turned for longer than anything waits: only what came lately is undecided. */
    void decidedInTime(Duration late) {
        readCounters();
        if (scenario.cachesForget || finished("memory_full") > 0) {
            return; // a trace may begin again
        }
        long most = 0;
        for (SimLine line : scenario.lines) {
            if (line.samples()) {
                long tickNanos = line.waitNanos / 40;
                long from = books.nowNanos() - line.waitNanos - tickNanos - late.toNanos();
                most += books.tap(line.first()).traces().values().stream()
                        .filter(arrivals -> arrivals.get(0).nanos() >= from)
                        .count();
            }
        }
        expect(undecided() <= most, "liveness", undecided() + " traces wait, " + most + " came lately");
    }

    private long sampling(String name) {
        return counter("otelcol_processor_tail_sampling_" + name);
    }

    private void checkSampling(SimLine line) {
        if (scenario.lines.stream().filter(SimLine::samples).count() != 1 || !line.samples()) {
            return; // the counters of several are added up
        }
        Books.Tap before = books.tap(line.first());
        Books.Tap after = books.tap(line.last());
        equal(before.spans, counter("spanweir_tail_sampling_received_spans"), "metrics", "spans received by sampling");
        equal(after.spans, finished("sampled"), "metrics", "spans that went on from sampling");
    }

    long finished(String outcome) {
        return counter("spanweir_tail_sampling_finished_spans", outcome);
    }

    /** What came to the end of a line is with its exporters and behind its connector. */
    private void checkFlow(SimLine line, boolean nothingGivenUp) {
        long passed = books.tap(line.last()).spans;
        if (!line.samples()) {
            equal(books.tap(line.first()).spans, passed, "accounting", "spans through " + line.name);
        }
        for (SimLine next : line.next) {
            equal(passed, books.tap(next.first()).spans, "accounting", "spans from " + line.name + " to " + next.name);
        }
        for (String out : line.exporters) {
            checkExporter(out, passed, nothingGivenUp);
        }
    }

    private void checkExporter(String out, long passed, boolean nothingGivenUp) {
        Books.OutBook book = books.out(out);
        Signal signal = book.line.signal;
        long sent = counter(ExportMetric.sent(signal).metricName(), out);
        long failed = counter(ExportMetric.sendFailed(signal).metricName(), out);
        long noRoom = counter(ExportMetric.enqueueFailed(signal).metricName(), out);
        equal(passed, sent + failed + noRoom, "accounting", out + ": sent + failed + without room");
        equal(book.takenSpans, sent, "metrics", out + ": spans sent");
        if (nothingGivenUp) {
            equal(passed, book.shippedSpans + noRoom, "accounting", out + ": spans shipped + without room");
            if (scenario.outs.get(out).retriesForEver()) {
                equal(book.refusedSpans, failed, "metrics", out + ": spans failed");
            }
        }
        equal(0, counter(ExportMetric.QUEUE_SIZE.metricName(), out), "liveness", out + ": waits in the queue");
        equal(0, counter(ExportMetric.IN_FLIGHT.metricName(), out), "liveness", out + ": under way");
    }

    /** All spans of one trace that came to a tap, in their order. */
    List<Span> spans(List<Books.Arrival> arrivals) {
        List<Span> spans = new ArrayList<>();
        for (Books.Arrival arrival : arrivals) {
            for (int span : arrival.spans()) {
                spans.add(books.traffic.span(span));
            }
        }
        return spans;
    }

    static String hex(ByteString id) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < id.size(); i++) {
            text.append(String.format(Locale.ROOT, "%02x", id.byteAt(i)));
        }
        return text.toString();
    }
}
