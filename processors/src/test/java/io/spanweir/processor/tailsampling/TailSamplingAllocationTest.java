package io.spanweir.processor.tailsampling;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.spanweir.data.BatchPart;
import io.spanweir.data.PartConsumer;
import io.spanweir.testkit.OrderTraffic;
import io.spanweir.testkit.Seeds;
import io.spanweir.time.ManualClock;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Taking, observing, deciding and letting go makes no garbage once everything has its size. */
class TailSamplingAllocationTest {
    private static final int PARTS = 64;
    private static final int SPANS_PER_PART = 70;

    private long spansOut;

    @Test
    void spansCostNoAllocation() {
        PartConsumer next = part -> spansOut += part.itemCount();
        LaneHarness lane = new LaneHarness(LaneHarness.config("""
                        decision_wait: 1ms
                        decision_cache: {sampled_cache_size: 8, non_sampled_cache_size: 8}
                        policies:
                        - {name: errors, type: status_code, status_code: {status_codes: [ERROR]}}
                        - {name: slow, type: latency, latency: {threshold_ms: 5000}}
                        - {name: codes, type: numeric_attribute, numeric_attribute: {key: http.response.status_code, min_value: 500}}
                        - {name: routes, type: string_attribute, string_attribute: {key: http.route, values: ['^/admin'], enabled_regex_matching: true}}
                        - {name: systems, type: string_attribute, string_attribute: {key: db.system.name, values: [mysql, oracle]}}
                        - {name: share, type: probabilistic, probabilistic: {sampling_percentage: 50}}
                        - {name: rate, type: rate_limiting, rate_limiting: {spans_per_second: 100}}
                        """), new ManualClock(), 1, 64 << 20, 64 << 20, next);
        OrderTraffic traffic = new OrderTraffic(Seeds.random(TailSamplingAllocationTest.class, "traffic"), 0.05);
        List<BatchPart> parts = new ArrayList<>();
        for (int i = 0; i < PARTS; i++) {
            ExportTraceServiceRequest request = traffic.message(SPANS_PER_PART);
            parts.add(lane.part(request.toByteArray()));
        }
        for (int round = 0; round < 40; round++) {
            takeAll(lane, parts);
        }
        spansOut = 0;
        long tracesBefore = lane.count(TailSamplingMetric.NEW_TRACE_ID_RECEIVED);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(thread);
        for (int round = 0; round < 40; round++) {
            takeAll(lane, parts);
        }
        long allocated = threads.getThreadAllocatedBytes(thread) - before;
        long spans = 40L * PARTS * SPANS_PER_PART;
        assertThat(lane.count(TailSamplingMetric.NEW_TRACE_ID_RECEIVED) - tracesBefore)
                .as("traces that waited")
                .isEqualTo(spans / OrderTraffic.SPANS_PER_TRACE);
        assertThat(spansOut).as("spans that left").isBetween(spans / 4, spans * 3 / 4);
        assertThat(allocated / spans)
                .as("bytes a span, of %d in all", allocated)
                .isZero();
        assertThat(allocated).as("bytes for %d spans", spans).isLessThan(spans / 8);
    }

    /** Undecided traces overlap from part to part; ids repeat after a round, when they are forgotten. */
    private static void takeAll(LaneHarness lane, List<BatchPart> parts) {
        for (BatchPart part : parts) {
            lane.accept(part);
            lane.clock.advanceNanos(300_000);
            lane.turn();
        }
    }
}
