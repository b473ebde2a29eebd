package io.spanweir.processor.tailsampling;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Policies written plainly: a trace is the list of all its spans, an outcome is text. Shares no code with what it judges. A
 * threshold is its 14 digits, compared as text with the last 14 digits of the trace id.
 */
final class ReferencePolicies {
    static final String NO = "no";
    static final String UNKNOWN = "unknown";
    private static final String ZERO = "00000000000000";

    /** {@code samples} answers NO, UNKNOWN or 14 digits. */
    interface Rule {
        String samples(List<Recorder.Received> trace);
    }

    record Policy(String type, String body, boolean drops, boolean byChance, Rule rule) {
        String yaml(String name) {
            return "{name: " + name + ", type: " + type + ", " + type + ": {" + body + "}}";
        }
    }

    private final List<Policy> policies;

    private ReferencePolicies(List<Policy> policies) {
        this.policies = policies;
    }

    static ReferencePolicies generate(SplittableRandom random) {
        List<Policy> policies = new ArrayList<>();
        for (int count = 1 + random.nextInt(4); count > 0; count--) {
            policies.add(top(random));
        }
        return new ReferencePolicies(policies);
    }

    String yaml() {
        return IntStream.range(0, policies.size())
                .mapToObj(i -> "- " + policies.get(i).yaml("p" + i))
                .collect(Collectors.joining("\n"));
    }

    boolean byChance() {
        return policies.stream().anyMatch(Policy::byChance);
    }

    /** NO, UNKNOWN or the threshold that the kept trace has. */
    String decide(List<Recorder.Received> trace) {
        String best = NO;
        for (Policy policy : policies) {
            String one = policy.rule().samples(trace);
            if (policy.drops()) {
                if (!one.equals(NO)) {
                    return NO;
                }
                continue;
            }
            if (one.equals(NO)) {
                continue;
            }
            boolean better = best.equals(NO)
                    || (best.equals(UNKNOWN) && !one.equals(UNKNOWN))
                    || (!one.equals(UNKNOWN) && !best.equals(UNKNOWN) && one.compareTo(best) < 0);
            best = better ? one : best;
        }
        boolean dropsByChance = policies.stream().anyMatch(policy -> policy.drops() && policy.byChance());
        return !best.equals(NO) && dropsByChance ? UNKNOWN : best;
    }

    /** The tracestate that a kept span leaves with; incoming ones are {@code ot=th:…}, {@code v=1} or both. */
    String traceState(String incoming, String traceId, String outcome) {
        if (!byChance()) {
            return incoming;
        }
        String own =
                incoming.startsWith("ot=th:") ? padded(incoming.substring(6).split(",")[0]) : "";
        String rest = incoming.endsWith("v=1") ? "v=1" : "";
        String out = outcome.equals(UNKNOWN) ? "" : outcome;
        if (!own.isEmpty()) {
            boolean consistent = own.compareTo(traceId.substring(18)) <= 0;
            out = !consistent || out.isEmpty() ? "" : own.compareTo(out) > 0 ? own : out;
        }
        if (out.isEmpty()) {
            return rest;
        }
        String digits = out.replaceAll("0+$", "");
        return "ot=th:" + (digits.isEmpty() ? "0" : digits) + (rest.isEmpty() ? "" : "," + rest);
    }

    private static Policy top(SplittableRandom random) {
        return switch (random.nextInt(8)) {
            case 0 -> list("and", "and_sub_policy", false, random);
            case 1 -> list("drop", "drop_sub_policy", true, random);
            default -> nested(random);
        };
    }

    private static Policy list(String type, String key, boolean drops, SplittableRandom random) {
        List<Policy> subs = new ArrayList<>();
        for (int count = 1 + random.nextInt(3); count > 0; count--) {
            subs.add(nested(random));
        }
        String body = key + ": ["
                + IntStream.range(0, subs.size())
                        .mapToObj(i -> subs.get(i).yaml("s" + i))
                        .collect(Collectors.joining(", "))
                + "]";
        return new Policy(type, body, drops, subs.stream().anyMatch(Policy::byChance), trace -> all(subs, trace));
    }

    private static String all(List<Policy> subs, List<Recorder.Received> trace) {
        String strictest = ZERO;
        for (Policy sub : subs) {
            String one = sub.rule().samples(trace);
            if (one.equals(NO)) {
                return NO;
            }
            if (one.equals(UNKNOWN) || strictest.equals(UNKNOWN)) {
                strictest = UNKNOWN;
            } else if (one.compareTo(strictest) > 0) {
                strictest = one;
            }
        }
        return strictest;
    }

    private static Policy nested(SplittableRandom random) {
        if (random.nextInt(6) > 0) {
            return plain(random);
        }
        Policy below = plain(random);
        return new Policy(
                "not",
                "not_sub_policy: " + below.yaml("n"),
                false,
                below.byChance(),
                trace -> below.rule().samples(trace).equals(NO) ? (below.byChance() ? UNKNOWN : ZERO) : NO);
    }

    private static Policy plain(SplittableRandom random) {
        return switch (random.nextInt(8)) {
            case 0 -> latency(random.nextInt(200), random.nextBoolean() ? 200 + random.nextInt(400) : 0);
            case 1 -> number(1 + random.nextInt(5), 5 + random.nextInt(3), random.nextBoolean());
            case 2 -> strings(random.nextBoolean(), random.nextBoolean());
            case 3 -> bool(random.nextBoolean(), random.nextInt(3) == 0);
            case 4 -> status(random.nextInt(3));
            case 5 -> spanCount(1 + random.nextInt(3), random.nextBoolean() ? 3 + random.nextInt(3) : 0);
            case 6 -> traceState();
            default -> probabilistic(random.nextInt(4));
        };
    }

    private static Policy filter(String type, String body, Rule rule) {
        return new Policy(type, body, false, false, rule);
    }

    private static String when(boolean samples) {
        return samples ? ZERO : NO;
    }

    private static Policy latency(int above, int atMost) {
        return filter("latency", "threshold_ms: " + above + ", upper_threshold_ms: " + atMost, trace -> {
            long start = trace.stream()
                    .mapToLong(one -> one.span().getStartTimeUnixNano())
                    .min()
                    .orElseThrow();
            long end = trace.stream()
                    .mapToLong(one -> one.span().getEndTimeUnixNano())
                    .max()
                    .orElseThrow();
            long millis = (end - start) / 1_000_000;
            return when(millis > above && (atMost == 0 || millis <= atMost));
        });
    }

    private static boolean anyValue(
            List<Recorder.Received> trace, String key, java.util.function.Predicate<AnyValue> test) {
        return trace.stream().anyMatch(one -> {
            AnyValue ofSpan = first(one.span().getAttributesList(), key);
            AnyValue ofResource = first(one.resource().getResource().getAttributesList(), key);
            return (ofSpan != null && test.test(ofSpan)) || (ofResource != null && test.test(ofResource));
        });
    }

    private static @Nullable AnyValue first(List<KeyValue> attributes, String key) {
        return attributes.stream()
                .filter(one -> one.getKey().equals(key))
                .map(KeyValue::getValue)
                .findFirst()
                .orElse(null);
    }

    private static Policy number(int min, int max, boolean invert) {
        String body = "key: n, min_value: " + min + ", max_value: " + max + ", invert_match: " + invert;
        return filter(
                "numeric_attribute",
                body,
                trace -> when(invert
                        != anyValue(trace, "n", value -> {
                            double number = value.hasIntValue() ? value.getIntValue() : value.getDoubleValue();
                            return (value.hasIntValue() || value.hasDoubleValue()) && number >= min && number <= max;
                        })));
    }

    private static Policy strings(boolean regex, boolean invert) {
        String values = regex ? "['^a.*c$', 'x+']" : "[abc, x, '']";
        String body = "key: k, values: " + values + ", enabled_regex_matching: " + regex + ", invert_match: " + invert;
        Pattern either = Pattern.compile("^a.*c$|x+");
        return filter(
                "string_attribute",
                body,
                trace -> when(invert
                        != anyValue(trace, "k", value -> {
                            String text = value.getStringValue();
                            return value.hasStringValue()
                                    && (regex ? either.matcher(text).find() : text.equals("abc") || text.equals("x"));
                        })));
    }

    private static Policy bool(boolean wanted, boolean invert) {
        String body = "key: b, value: " + wanted + ", invert_match: " + invert;
        return filter(
                "boolean_attribute",
                body,
                trace -> when(invert
                        != anyValue(trace, "b", value -> value.hasBoolValue() && value.getBoolValue() == wanted)));
    }

    private static Policy status(int code) {
        String name = List.of("UNSET", "OK", "ERROR").get(code);
        return filter(
                "status_code",
                "status_codes: [" + name + "]",
                trace -> when(
                        trace.stream().anyMatch(one -> one.span().getStatus().getCodeValue() == code)));
    }

    private static Policy spanCount(int min, int max) {
        return filter(
                "span_count",
                "min_spans: " + min + ", max_spans: " + max,
                trace -> when(trace.size() >= min && (max == 0 || trace.size() <= max)));
    }

    private static Policy traceState() {
        return filter(
                "trace_state",
                "key: v, values: ['1']",
                trace -> when(trace.stream()
                        .anyMatch(one ->
                                List.of(one.span().getTraceState().split(",")).contains("v=1"))));
    }

    private static Policy probabilistic(int which) {
        String percentage = List.of("50", "25", "10", "1").get(which);
        String threshold = padded(List.of("8", "c", "e666", "fd70a").get(which));
        return new Policy(
                "probabilistic",
                "sampling_percentage: " + percentage,
                false,
                true,
                trace -> threshold.compareTo(digits(trace).substring(18)) <= 0 ? threshold : NO);
    }

    static String padded(String digits) {
        return (digits + ZERO).substring(0, 14);
    }

    static String digits(List<Recorder.Received> trace) {
        StringBuilder digits = new StringBuilder();
        trace.get(0).span().getTraceId().forEach(b -> digits.append(String.format("%02x", b & 0xff)));
        return digits.toString();
    }
}
