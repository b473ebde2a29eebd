package io.spanweir.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OtlpJsonAllocationTest {
    private static final int CALLS = 20_000;
    private static final byte[] JSON = """
            {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"a \\"b\\" \\u00e9"}}]},
            "scopeSpans":[{"scope":{"name":"s"},"spans":[{"traceId":"5b8efff798038103d269b633813fc60c","unknown":[1,{}],
            "spanId":"eee19b7ec3c1b174","name":"n","kind":"SPAN_KIND_SERVER","startTimeUnixNano":"1544712660000000000",
            "endTimeUnixNano":1.5447126610e18,"flags":256,"attributes":[{"key":"d","value":{"doubleValue":2.5}},
            {"key":"b","value":{"bytesValue":"AQI="}}],"status":{"code":2}}]}]}]}
            """.getBytes(StandardCharsets.UTF_8);

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final OtlpJsonReader reader = new OtlpJsonReader();
    private final OtlpJsonWriter writer = new OtlpJsonWriter();

    private long allocatedBytes(Runnable call) {
        for (int i = 0; i < CALLS; i++) {
            call.run();
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < CALLS; i++) {
            call.run();
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    @Test
    void readingSpansAllocatesNothing() {
        int expected = reader.read(OtlpSchema.TRACE_REQUEST, JSON, 0, JSON.length);
        assertThat(expected).as(reader.problem()).isPositive();
        // Less than a byte per call: what the measurement itself leaves.
        assertThat(allocatedBytes(() -> reader.read(OtlpSchema.TRACE_REQUEST, JSON, 0, JSON.length)))
                .isLessThan(CALLS);
    }

    @Test
    void writingSpansAllocatesNothing() {
        int length = reader.read(OtlpSchema.TRACE_REQUEST, JSON, 0, JSON.length);
        byte[] protobuf = reader.output();
        // 2.5 is written by the JDK, which allocates; the name takes its place.
        for (int i = 0; i + 8 <= length; i++) {
            if (Bytes.longAt(protobuf, i) == Double.doubleToLongBits(2.5)) {
                Bytes.putLong(protobuf, i, Double.doubleToLongBits(2));
            }
        }
        assertThat(allocatedBytes(() -> {
                    writer.clear();
                    writer.write(OtlpSchema.TRACE_REQUEST, protobuf, 0, length);
                }))
                .isLessThan(CALLS);
        assertThat(new String(writer.output(), 0, writer.length(), StandardCharsets.UTF_8))
                .contains("\"doubleValue\":2}");
    }
}
