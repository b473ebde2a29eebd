package io.spanweir.telemetry;

import java.util.concurrent.atomic.LongAdder;

/** A number that only grows, written by several threads. Threading: any thread. */
public final class SharedCounter {
    private final LongAdder value = new LongAdder();

    SharedCounter() {}

    public void increment() {
        value.increment();
    }

    public void add(long amount) {
        value.add(amount);
    }

    public long value() {
        return value.sum();
    }
}
