package io.spanweir.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which orders a backend must have when Spanweir keeps every error, everything slow, and a share of the rest: worked out here
 * from the ids and times alone. Randomness is the low 56 bits of the trace id; a share p keeps those that reach (1 - p) * 2^56,
 * cut to four hexadecimal digits (OpenTelemetry, "TraceState: Probability Sampling").
 */
final class KeptOrders {
    static final int SHARE_PERCENT = 10;
    static final long LATENCY_THRESHOLD_MILLIS = 800;

    private static final String SHARE_THRESHOLD = "e666";
    private static final String ALWAYS = "0";
    private static final int RANDOMNESS_DIGITS = 14;
    private static final double Z = 5;

    private final ReceivedTraces received;
    private int byShare;
    private int bySlowness;

    private KeptOrders(ReceivedTraces received) {
        this.received = received;
    }

    /** @param warmUp its traces have the spans of a look-up more */
    static void assertComplete(ReceivedTraces received, LoadReport warmUp, LoadReport load) {
        KeptOrders orders = new KeptOrders(received);
        for (String traceId : load.failed()) {
            assertThat(received.spans(traceId)).as("failed order %s", traceId).isNotEmpty();
            received.assertWhole(traceId, LoadReport.spansOfFailure(received.errorType(traceId)));
            assertThat(received.threshold(traceId))
                    .as("threshold of %s", traceId)
                    .isEqualTo(ALWAYS);
        }
        for (String traceId : load.slow()) {
            assertThat(received.spans(traceId)).as("slow order %s", traceId).isNotEmpty();
            received.assertWhole(traceId, LoadReport.SPANS_OF_ORDER);
            assertThat(received.threshold(traceId))
                    .as("threshold of %s", traceId)
                    .isEqualTo(ALWAYS);
        }
        load.ok().forEach(traceId -> orders.checkOther(traceId, LoadReport.SPANS_OF_ORDER));
        orders.assertShare(load.ok().size());
        warmUp.ok()
                .forEach(traceId -> orders.checkOther(traceId, LoadReport.SPANS_OF_ORDER + LoadReport.SPANS_OF_MISS));
        orders.assertNoOthers(warmUp, load);
    }

    private void checkOther(String traceId, int spanCount) {
        boolean inShare = inShare(traceId);
        if (received.spans(traceId).isEmpty()) {
            assertThat(inShare)
                    .as("order %s is in the share, but did not come", traceId)
                    .isFalse();
            return;
        }
        received.assertWhole(traceId, spanCount);
        if (received.durationMillis(traceId) > LATENCY_THRESHOLD_MILLIS) {
            bySlowness++;
            assertThat(received.threshold(traceId))
                    .as("threshold of %s", traceId)
                    .isEqualTo(ALWAYS);
        } else {
            byShare++;
            assertThat(inShare)
                    .as("order %s is not in the share, but came", traceId)
                    .isTrue();
            assertThat(received.threshold(traceId))
                    .as("threshold of %s", traceId)
                    .isEqualTo(SHARE_THRESHOLD);
        }
    }

    private static boolean inShare(String traceId) {
        String randomness = traceId.substring(traceId.length() - RANDOMNESS_DIGITS);
        return randomness.compareTo(SHARE_THRESHOLD) >= 0;
    }

    /** Follows from the ids if they are random, and would show it if they were not. */
    private void assertShare(int okCount) {
        int tried = okCount - bySlowness;
        double share = SHARE_PERCENT / 100.0;
        assertThat((double) byShare)
                .as("orders kept by the share of %d %% of %d", SHARE_PERCENT, tried)
                .isCloseTo(tried * share, within(Z * Math.sqrt(tried * share * (1 - share))));
    }

    private void assertNoOthers(LoadReport... reports) {
        Set<String> known = new HashSet<>();
        for (LoadReport report : reports) {
            known.addAll(report.ok());
            known.addAll(report.failed());
            known.addAll(report.slow());
        }
        List<String> others = new ArrayList<>(received.byTraceId().keySet());
        others.removeAll(known);
        assertThat(others).as("traces of no order").isEmpty();
    }
}
