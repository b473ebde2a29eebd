package io.spanweir.net;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes of bodies that are being received on all connections of a server.
 *
 * <p>Who sends half of a body and waits would keep its room from all others. So, when there is no room, those that have been on
 * their way longest are given up, once they are older than a tenth of a second: an honest one is there by then, or is tried
 * again. What is asked for counts as there when as much is about to be given back, so who is quick is not refused for who is slow.
 * Threading: any thread.
 */
public final class BodyBudget {
    private static final long BYTES_MIN = 16L << 20;
    private static final long GRACE_NANOS = 100_000_000L;

    private final AtomicLong used = new AtomicLong();
    private final long capacityBytes;
    /** Those that are not complete, the oldest first. Guarded by itself. */
    private final Set<Body> incomplete = new LinkedHashSet<>();

    public BodyBudget(long capacityBytes) {
        this.capacityBytes = capacityBytes;
    }

    /** An eighth of the heap, at least 16 MiB and two bodies. */
    public static long capacityBytes(int bodyBytesMax) {
        return Math.max(Math.max(BYTES_MIN, Runtime.getRuntime().maxMemory() / 8), 2L * bodyBytesMax);
    }

    /** One body and what it has taken. Threading: one thread; {@link #giveUp} is called from any other. */
    public abstract static class Body {
        private final BodyBudget budget;
        private volatile long takenBytes;
        private boolean listed;
        private long begunNanos;

        protected Body(BodyBudget budget) {
            this.budget = budget;
        }

        /** Takes more if there is room. */
        @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
        public final boolean tryTake(long moreBytes) {
            if (take(moreBytes)) {
                return true;
            }
            budget.used.addAndGet(-moreBytes);
            takenBytes -= moreBytes;
            return false;
        }

        /** Takes more, which is there already; false when that is more than all may have. */
        @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
        public final boolean take(long moreBytes) {
            takenBytes += moreBytes;
            return budget.used.addAndGet(moreBytes) <= budget.capacityBytes || budget.makeRoom(moreBytes, this);
        }

        /** More of it will come: from now on it may be given up. */
        public final void incomplete() {
            if (!listed) {
                listed = true;
                begunNanos = System.nanoTime();
                synchronized (budget.incomplete) {
                    budget.incomplete.add(this);
                }
            }
        }

        /** It is complete, or will never be, and its memory free. */
        public final void end() {
            if (listed) {
                listed = false;
                synchronized (budget.incomplete) {
                    budget.incomplete.remove(this);
                }
            }
            long left = budget.used.addAndGet(-takenBytes);
            assert left >= 0 : "more bytes of bodies given back than taken: " + left;
            takenBytes = 0;
        }

        /** Others need the room. Must end the body, now or soon; may come when it has just ended. Threading: any thread. */
        protected abstract void giveUp();
    }

    /** Whether as much is about to be given back. */
    private boolean makeRoom(long wantedBytes, Body asking) {
        long nowNanos = System.nanoTime();
        List<Body> oldest = new ArrayList<>();
        long found = 0;
        synchronized (incomplete) {
            for (Iterator<Body> all = incomplete.iterator(); all.hasNext() && found < wantedBytes; ) {
                Body body = all.next();
                if (nowNanos - body.begunNanos < GRACE_NANOS) {
                    break;
                }
                if (body != asking) {
                    all.remove();
                    oldest.add(body);
                    found += body.takenBytes;
                }
            }
        }
        oldest.forEach(Body::giveUp);
        return found >= wantedBytes;
    }

    /** For tests and summaries. */
    public long usedBytes() {
        return used.get();
    }
}
