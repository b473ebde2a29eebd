package io.spanweir.telemetry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** A number that only grows, written by one thread. Threading: one writer, any reader. */
public final class Counter {
    private static final VarHandle VALUE;

    static {
        try {
            VALUE = MethodHandles.lookup().findVarHandle(Counter.class, "value", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("UnusedVariable") // through VALUE
    private long value;

    Counter() {}

    public void increment() {
        add(1);
    }

    public void add(long amount) {
        VALUE.setRelease(this, (long) VALUE.getOpaque(this) + amount);
    }

    public long value() {
        return (long) VALUE.getAcquire(this);
    }
}
