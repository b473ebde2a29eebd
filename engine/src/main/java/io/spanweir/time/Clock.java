package io.spanweir.time;

/** The two times of an engine. Threading: any thread. */
public interface Clock {
    /** Monotonic nanoseconds with an arbitrary origin: for waits, deadlines and buckets. Never goes back. */
    long nanos();

    /** Nanoseconds since 1970 UTC: for what is written or persisted. */
    long unixNanos();
}
