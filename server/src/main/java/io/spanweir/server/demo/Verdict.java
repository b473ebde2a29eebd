package io.spanweir.server.demo;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether the figures of three parties add up: the SDK that sent, the gateway, the backend.
 *
 * @param made spans that the service made
 * @param acknowledged spans that the gateway acknowledged to the SDK
 * @param backendSpans spans that the backend has
 * @param errorTraces traces with an error that the service made, and of these those that the backend has whole
 */
record Verdict(
        long made,
        long acknowledged,
        Figures gateway,
        long backendSpans,
        Whole errorTraces,
        Whole slowTraces,
        boolean drained) {

    /** Of so many traces, so many are at the backend with every span. */
    record Whole(int sent, int whole) {}

    /** What does not add up, a sentence each; empty when all does. */
    List<String> differences() {
        List<String> found = new ArrayList<>();
        expect(found, "spans made by the service", made, "acknowledged to the SDK", acknowledged);
        expect(
                found,
                "spans acknowledged to the SDK",
                acknowledged,
                "received by the gateway",
                gateway.receivedSpans());
        long ended = gateway.keptSpans() + gateway.droppedSpans() + gateway.heldSpans() + gateway.otherSpans();
        expect(found, "spans received", gateway.receivedSpans(), "kept + dropped + held + other", ended);
        expect(found, "spans kept", gateway.keptSpans(), "at the backend", backendSpans);
        expect(found, "spans held after the end", gateway.heldSpans(), "as should be", 0);
        expect(found, "spans that ended for another reason", gateway.otherSpans(), "as should be", 0);
        expect(found, "traces with an error", errorTraces.sent, "whole at the backend", errorTraces.whole);
        expect(found, "slow traces", slowTraces.sent, "whole at the backend", slowTraces.whole);
        if (!drained) {
            found.add("not everything could be sent before the deadline");
        }
        return found;
    }

    private static void expect(List<String> found, String what, long count, String otherWhat, long other) {
        if (count != other) {
            found.add(String.format(
                    "%s: %,d, but %s: %,d (difference %,d)", what, count, otherWhat, other, count - other));
        }
    }
}
