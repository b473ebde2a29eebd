package io.spanweir.sim;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The decisions of one tail_sampling, judged by the policies over what had arrived: a trace goes on whole or not at all, late
 * spans follow, and the decision is the one that its spans ask for.
 */
final class DecisionAudit {
    private final Scenario scenario;
    private final Books books;
    private final Audit audit;
    private final SimLine line;
    private final List<SimPolicy> policies;

    DecisionAudit(Scenario scenario, Books books, Audit audit, SimLine line) {
        this.scenario = scenario;
        this.books = books;
        this.audit = audit;
        this.line = line;
        this.policies = line.policies == null ? List.of() : line.policies;
    }

    void check() {
        Books.Tap before = books.tap(line.first());
        Books.Tap after = books.tap(line.last());
        long lost = audit.finished("memory_full") + audit.finished("shutdown");
        if (scenario.cachesForget || audit.finished("memory_full") > 0) {
            return; // pieces of a trace may be judged apart
        }
        boolean early = audit.counter("spanweir_tail_sampling_decisions", "memory")
                        + audit.counter("spanweir_tail_sampling_decisions", "count")
                > 0;
        long missing = 0;
        long byRate = 0;
        StringBuilder torn = new StringBuilder();
        for (Map.Entry<ByteString, List<Books.Arrival>> trace : before.traces().entrySet()) {
            List<Span> arrived = audit.spans(trace.getValue());
            List<Span> left = audit.spans(after.arrivals(trace.getKey()));
            if (left.size() < arrived.size() && !left.isEmpty()) {
                missing += arrived.size() - left.size();
                torn.append(", trace ").append(Audit.hex(trace.getKey())).append(" with ");
                describe(trace.getValue(), torn);
                torn.append(" went on with");
                describe(after.arrivals(trace.getKey()), torn);
            }
            if (!left.isEmpty() && onlyByRate(trace.getValue())) {
                byRate += trace.getValue().get(0).spans().length; // all that surely took part in the decision
            }
            boolean undecided = left.isEmpty() && lost > 0;
            if (!undecided && !allowed(trace.getValue(), !left.isEmpty(), early)) {
                books.fail(
                        "decision",
                        line.name + ": trace " + Audit.hex(trace.getKey()) + " of " + arrived.size() + " spans was "
                                + (left.isEmpty() ? "not " : "") + "sampled");
            }
        }
        long most = limited() * (SimPolicy.BURST + books.nowNanos() * SimPolicy.RATE / 1_000_000_000L + 1);
        if (byRate > most) {
            books.fail("decision", line.name + ": " + byRate + " spans kept by a rate that allows " + most);
        }
        if (missing > lost) {
            books.fail(
                    "whole",
                    line.name + ": " + missing + " spans of sampled traces did not go on, " + lost
                            + " were counted as lost" + torn);
        }
    }

    private long limited() {
        return policies.stream()
                .filter(policy -> policy.yaml().contains("rate_limiting"))
                .count();
    }

    /** Whether no other policy can have said yes, however much had come until the decision. */
    private boolean onlyByRate(List<Books.Arrival> arrivals) {
        List<Span> known = new ArrayList<>();
        for (Books.Arrival arrival : arrivals) {
            for (int span : arrival.spans()) {
                known.add(books.traffic.span(span));
            }
            if (SimPolicy.decide(policies, known) >= 0) {
                return false;
            }
        }
        return true;
    }

    private static void describe(List<Books.Arrival> arrivals, StringBuilder text) {
        for (Books.Arrival arrival : arrivals) {
            text.append(' ')
                    .append(java.util.Arrays.toString(arrival.spans()))
                    .append(" at ")
                    .append(arrival.nanos() / 1_000_000)
                    .append(" ms");
        }
    }

    /** Whether the policies say so of what had come until the decision; what came earlier than the wait took part in it. */
    private boolean allowed(List<Books.Arrival> arrivals, boolean sampled, boolean early) {
        long deadline = arrivals.get(0).nanos() + line.waitNanos;
        List<Span> known = new ArrayList<>();
        for (int i = 0; i < arrivals.size(); i++) {
            for (int span : arrivals.get(i).spans()) {
                known.add(books.traffic.span(span));
            }
            boolean moreIsSure = i + 1 < arrivals.size() && arrivals.get(i + 1).nanos() < deadline && !early;
            long asked = SimPolicy.decide(policies, known);
            if (!moreIsSure && (asked == SimPolicy.MAYBE || (asked != SimPolicy.NO) == sampled)) {
                return true;
            }
        }
        return false;
    }
}
