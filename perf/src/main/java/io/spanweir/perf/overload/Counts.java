package io.spanweir.perf.overload;

import java.util.concurrent.atomic.AtomicLong;

/** What clients were answered. Threading: any thread. */
final class Counts {
    final AtomicLong acceptedSpans = new AtomicLong();
    final AtomicLong accepted = new AtomicLong();
    final AtomicLong refusedForNow = new AtomicLong();
    final AtomicLong refusedForGood = new AtomicLong();

    /** An answer of HTTP. */
    void answered(int status, boolean retryTime, int spans) {
        if (status == 200) {
            accepted.incrementAndGet();
            acceptedSpans.addAndGet(spans);
        } else if (status == 503 && retryTime) {
            refusedForNow.incrementAndGet();
        } else {
            refusedForGood.incrementAndGet();
        }
    }
}
