package io.spanweir.lane;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.spanweir.ManualSpanweir;
import io.spanweir.graph.Components;
import io.spanweir.testengine.TestEngine;
import io.spanweir.testengine.TestIn;
import io.spanweir.testengine.TestOut;
import io.spanweir.testengine.TestProcessor;
import io.spanweir.testkit.OrderTraffic;
import io.spanweir.testkit.Seeds;
import io.spanweir.wire.Signal;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** From the intake through the ring to the end of a lane nothing is allocated for a span, only for a request. */
class RingAllocationTest {
    private static final int REQUESTS = 2_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final TestIn in = new TestIn();
    private long spans;

    @Test
    void aSpanMoreAllocatesNothing() {
        TestProcessor end = new TestProcessor("end", true, (part, context) -> spans += part.itemCount());
        try (ManualSpanweir engine =
                TestEngine.start("""
                receivers: {in: }
                processors: {end: }
                exporters: {out: }
                service: {pipelines: {traces: {receivers: [in], processors: [end], exporters: [out]}}}
                engine: {segment_size: 1MiB}
                """, Components.of(in, new TestOut()).with(end), 2)) {
            OrderTraffic traffic = new OrderTraffic(Seeds.random(RingAllocationTest.class, "traffic"));
            byte[] small = traffic.request(10);
            byte[] large = traffic.request(500);
            bytesPerRequest(engine, small);
            bytesPerRequest(engine, large);
            double perRequestSmall = bytesPerRequest(engine, small);
            double perRequestLarge = bytesPerRequest(engine, large);
            assertThat(spans).isEqualTo(2L * REQUESTS * 510);
            assertThat((perRequestLarge - perRequestSmall) / 490)
                    .as("bytes a span")
                    .isLessThan(0.1);
            assertThat(perRequestLarge).as("bytes a request").isLessThan(512);
        }
    }

    private double bytesPerRequest(ManualSpanweir engine, byte[] request) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < REQUESTS; i++) {
            in.push(Signal.TRACES, request);
            engine.turn(0);
            engine.turn(1);
        }
        return (threads.getCurrentThreadAllocatedBytes() - before) / (double) REQUESTS;
    }
}
