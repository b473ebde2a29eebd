package io.spanweir.it;

import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.Yaml;

/**
 * What {@code ordersload} says became of its orders, by trace id.
 *
 * @param failedByType db, payment, validation
 * @param unexpected traces that did not end as they were told to
 */
record LoadReport(
        int sent,
        int unanswered,
        List<String> unexpected,
        List<String> ok,
        List<String> failed,
        List<String> slow,
        Map<String, Integer> failedByType) {
    /** Of an order that succeeds and whose item is cached. */
    static final int SPANS_OF_ORDER = 7;

    /** An item that is not cached is looked up and remembered. */
    static final int SPANS_OF_MISS = 2;

    /** JSON is YAML. */
    static LoadReport parse(String json) {
        Map<String, Object> report = new Yaml().load(json);
        Map<String, List<String>> traceIds = cast(report.get("trace_ids"));
        return new LoadReport(
                cast(report.get("sent")),
                cast(report.get("unanswered")),
                cast(report.get("unexpected")),
                traceIds.get("ok"),
                traceIds.get("failed"),
                traceIds.get("slow"),
                cast(report.get("failed_by_type")));
    }

    /** Spans of a trace that failed in that way. */
    static int spansOfFailure(String errorType) {
        return switch (errorType) {
            case "validation" -> 1;
            case "db" -> 4;
            case "payment" -> 6;
            default -> throw new AssertionError("the order service has no error of type \"" + errorType + "\"");
        };
    }

    /** Spans of all orders, when every item is cached. */
    int spanCount() {
        int failedSpans = failedByType.entrySet().stream()
                .mapToInt(type -> spansOfFailure(type.getKey()) * type.getValue())
                .sum();
        return failedSpans + SPANS_OF_ORDER * (ok.size() + slow.size());
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T> T cast(Object value) {
        return (T) value;
    }
}
