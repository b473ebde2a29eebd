package io.spanweir.telemetry;

import java.util.concurrent.atomic.AtomicLong;

/** The largest value since the last scrape. Threading: one writer, any reader. */
public final class MaxGauge {
    private final AtomicLong max = new AtomicLong();

    MaxGauge() {}

    public void accumulate(long value) {
        if (value > max.getOpaque()) {
            max.setRelease(value);
        }
    }

    /** Reads and starts anew. A value written in the same instant may be missed. */
    public long takeMax() {
        return max.getAndSet(0);
    }
}
