package io.spanweir.sim;

import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A sampling policy as text for the engine and as a plain rule over whole traces for the oracle. Shares no code with what it
 * judges.
 */
record SimPolicy(String yaml, boolean drops, boolean byChance, Rule rule) {
    /** The answer of a rule that depends on what other traces took; how much that may be, {@link DecisionAudit} adds up. */
    static final long MAYBE = -2;

    /** Of the one policy that limits a rate: spans a second, and spans at once. */
    static final int RATE = 3;

    static final int BURST = 9;

    /** The answer of a rule that does not sample. */
    static final long NO = -1;

    /** A threshold of 56 bits, 0 for a sampled trace that owes nothing to chance, or {@link #NO}. */
    interface Rule {
        long ask(List<Span> trace);
    }

    static List<SimPolicy> draw(SplittableRandom random) {
        List<SimPolicy> policies = new ArrayList<>();
        for (int count = 1 + random.nextInt(3); count > 0; count--) {
            String name = "p" + count;
            policies.add(random.nextInt(6) == 0 ? composed(name, random) : plain(name, random.nextInt(7)));
        }
        return policies;
    }

    /** The threshold with which a trace is kept, {@link #MAYBE}, or {@link #NO}. */
    static long decide(List<SimPolicy> policies, List<Span> trace) {
        if (policies.stream().anyMatch(policy -> policy.drops && policy.rule.ask(trace) != NO)) {
            return NO;
        }
        long best = NO;
        for (SimPolicy policy : policies) {
            long one = policy.drops ? NO : policy.rule.ask(trace);
            if (one != NO) {
                best = best < 0 ? one : one < 0 ? best : Math.min(best, one);
            }
        }
        return best;
    }

    private static SimPolicy composed(String name, SplittableRandom random) {
        SimPolicy one = plain("a", random.nextInt(4));
        SimPolicy other = plain("b", random.nextInt(4));
        boolean drop = random.nextBoolean();
        String type = drop ? "drop" : "and";
        return new SimPolicy(
                "{name: %s, type: %s, %s: {%s_sub_policy: [%s, %s]}}"
                        .formatted(name, type, type, type, one.yaml, other.yaml),
                drop,
                false,
                trace -> one.rule.ask(trace) == NO || other.rule.ask(trace) == NO ? NO : 0);
    }

    private static SimPolicy plain(String name, int kind) {
        return switch (kind) {
            case 0 ->
                certain(
                        name,
                        "status_code",
                        "status_codes: [ERROR]",
                        trace -> trace.stream()
                                .anyMatch(span -> span.getStatus().getCode() == Status.StatusCode.STATUS_CODE_ERROR));
            case 1 -> certain(name, "latency", "threshold_ms: 500", trace -> millis(trace) > 500);
            case 2 ->
                certain(
                        name,
                        "span_count",
                        "min_spans: 3, max_spans: 9",
                        trace -> trace.size() >= 3 && trace.size() <= 9);
            case 3 ->
                certain(
                        name,
                        "string_attribute",
                        "key: kind, values: [rare], invert_match: true",
                        trace -> trace.stream().noneMatch(SimPolicy::rare));
            case 6 ->
                new SimPolicy(
                        "{name: %s, type: rate_limiting, rate_limiting: {spans_per_second: %d, burst_capacity: %d}}"
                                .formatted(name, RATE, BURST),
                        false,
                        true,
                        trace -> trace.size() <= BURST ? MAYBE : NO);
            case 4 -> chance(name, 50, 0x80_0000_0000_0000L);
            default -> chance(name, 25, 0xC0_0000_0000_0000L);
        };
    }

    private interface Test {
        boolean matches(List<Span> trace);
    }

    private static SimPolicy certain(String name, String type, String body, Test test) {
        return new SimPolicy(
                "{name: %s, type: %s, %s: {%s}}".formatted(name, type, type, body),
                false,
                false,
                trace -> test.matches(trace) ? 0 : NO);
    }

    private static SimPolicy chance(String name, int percent, long threshold) {
        return new SimPolicy(
                "{name: %s, type: probabilistic, probabilistic: {sampling_percentage: %d}}".formatted(name, percent),
                false,
                true,
                trace -> randomness(trace.get(0)) >= threshold ? threshold : NO);
    }

    private static boolean rare(Span span) {
        return span.getAttributesList().stream()
                .anyMatch(attribute -> attribute.getKey().equals("kind")
                        && attribute.getValue().getStringValue().equals("rare"));
    }

    private static long millis(List<Span> trace) {
        long start = trace.stream().mapToLong(Span::getStartTimeUnixNano).min().orElse(0);
        long end = trace.stream().mapToLong(Span::getEndTimeUnixNano).max().orElse(0);
        return (end - start) / 1_000_000;
    }

    private static long randomness(Span span) {
        long value = 0;
        for (int i = 9; i < 16; i++) {
            value = value << 8 | (span.getTraceId().byteAt(i) & 0xFF);
        }
        return value;
    }
}
