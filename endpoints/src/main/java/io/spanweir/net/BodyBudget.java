package io.spanweir.net;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes of bodies that are being received on all connections of a server. Threading: any thread. */
final class BodyBudget {
    private final AtomicLong used = new AtomicLong();
    private final long capacityBytes;

    BodyBudget(long capacityBytes) {
        this.capacityBytes = capacityBytes;
    }

    boolean tryTake(long bytes) {
        if (used.addAndGet(bytes) > capacityBytes) {
            used.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    void give(long bytes) {
        long left = used.addAndGet(-bytes);
        assert left >= 0 : "more bytes of bodies given back than taken: " + left;
    }

    long usedBytes() {
        return used.get();
    }
}
