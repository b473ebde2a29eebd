package io.spanweir.server.demo;

import io.opentelemetry.sdk.trace.IdGenerator;
import io.spanweir.data.TraceId;
import java.util.SplittableRandom;

/** Ids that a seed repeats. Threading: one thread. */
final class SeededIds implements IdGenerator {
    private final SplittableRandom random;

    SeededIds(SplittableRandom random) {
        this.random = random;
    }

    @Override
    public String generateSpanId() {
        return TraceId.spanIdHex(random.nextLong() | 1);
    }

    @Override
    public String generateTraceId() {
        return TraceId.hex(random.nextLong(), random.nextLong() | 1);
    }
}
