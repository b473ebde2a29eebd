package io.spanweir.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.spanweir.testkit.OrderTraffic;
import io.spanweir.testkit.Seeds;
import io.spanweir.wire.Bytes;
import io.spanweir.wire.OtlpIndex;
import io.spanweir.wire.OtlpLimits;
import io.spanweir.wire.OtlpScanner;
import io.spanweir.wire.Signal;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Scan, views, edits and the splice allocate nothing once their arrays have grown. */
class WireAllocationTest {
    private static final int SPANS = 21;
    private static final int ROUNDS = 100_000 / SPANS + 1;
    private static final byte[] STATUS_CODE = ascii("http.response.status_code");
    private static final byte[] ROUTE = ascii("http.route");
    private static final byte[] ADDRESS = ascii("server.address");
    private static final byte[] ORDER = ascii("order.id");
    private static final byte[] SERVICE = ascii("service.name");
    private static final byte[] MASK = ascii("****");

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final byte[] request = new OrderTraffic(Seeds.random(WireAllocationTest.class, "traffic")).request(SPANS);
    private final OtlpScanner scanner = new OtlpScanner(OtlpLimits.DEFAULTS);
    private final SpanView span = new SpanView();
    private final ResourceView resource = new ResourceView();
    private final ValueView value = new ValueView();
    private final EventView event = new EventView();
    private final Overlay edits = Overlay.ofSpans();
    private final Overlay resourceEdits = Overlay.ofResources();
    private final byte[] target = new byte[1 << 20];
    private long sum;

    @Test
    void nothingIsAllocatedForHundredThousandSpans() {
        for (int i = 0; i < 2000; i++) {
            round();
        }
        long least = Long.MAX_VALUE;
        // Classes that the JVM loads late, and the compiler's own work on this thread, end after an attempt or two.
        for (int attempt = 0; attempt < 4 && least > 0; attempt++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < ROUNDS; i++) {
                round();
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least)
                .as("bytes allocated in %d rounds of %d spans", ROUNDS, SPANS)
                .isZero();
        assertThat(sum).isNotZero();
    }

    private void round() {
        sum += scanner.scan(Signal.TRACES, request, 0, request.length);
        OtlpIndex index = scanner.index();
        edits.reset(SPANS);
        resourceEdits.reset(index.groupCount());
        int element = 0;
        int to = 0;
        for (int run = 0; run < index.runCount(); run++) {
            int at = index.runOffset(run);
            int end = at + index.runLength(run);
            while (at < end) {
                int lengthAt = Bytes.varintEnd(request, at);
                int body = Bytes.varintEnd(request, lengthAt);
                at = body + (int) Bytes.varintAt(request, lengthAt);
                span(body, at - body, element);
                to = Splice.writeField(
                        request, body, at - body, edits, element++, ResourceSpans.SCOPE_SPANS_FIELD_NUMBER, target, to);
            }
        }
        resource.wrap(request, index.resourcePrefixOffset(0), index.resourcePrefixLength(0), resourceEdits, 0);
        resource.attributes().putString(SERVICE, MASK);
        sum += Splice.writePrefix(
                request, index.resourcePrefixOffset(0), index.resourcePrefixLength(0), resourceEdits, 0, target, to);
    }

    private void span(int offset, int length, int element) {
        span.wrap(request, offset, length, edits, element);
        sum += span.traceIdHigh() + span.durationNanos() + span.statusCode() + span.nameLength();
        AttributesView attributes = span.attributes();
        while (attributes.next()) {
            sum += attributes.value(value).contentLength();
        }
        if (attributes.find(STATUS_CODE, value)) {
            sum += value.longValue();
            attributes.rename(STATUS_CODE, ROUTE);
            attributes.putLong(ORDER, 5);
            span.setName(MASK, 0, MASK.length);
        }
        attributes.remove(ADDRESS);
        while (span.nextEvent(event)) {
            sum += event.nameLength();
        }
        sum += span.nameLength();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
