package io.spanweir.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What happens when memory for waiting data is full: one position P in monotonic time, which means "decide every trace that
 * began before P", and one flag, which means "refuse what arrives".
 *
 * <pre>
 *   part above high water ──► refusing, P moves past the oldest arrival ──► lanes decide what began before P
 *          ▲                                  ▲                                            │
 *          │                                  └── still above low water, nothing before P ◄┤
 *   refusing ends ◄──────────────────────────────── all parts at or below low water ◄──────┘
 * </pre>
 *
 * <ol>
 *   <li>Each component that waits, on each lane, joins, publishes the arrival of its oldest undecided trace, reads P each
 *       turn, and decides, oldest first and a bounded number a turn, what began before it. What it decides so is metered with
 *       {@code trigger=memory}.
 *   <li>At the end of its turn a lane calls {@link #advance}. P moves only when nobody has anything left before it, so it
 *       goes no further than needed: by a sixteenth of the age of the oldest trace, at least a millisecond, never past now.
 *       When the call answers true, P has moved and the caller wakes the lanes that are parked.
 *   <li>Lanes need no room to free room. Deciding frees held records whatever the decision; what is kept goes to export
 *       memory, which is a part of its own, and when that is full too it is dropped there under a reason of its own.
 *       Compaction needs no segment either: it moves records together within one where the pool has none.
 *   <li>A component that finds no room at all before P has helped ({@code FULL}) does not wait: it decides its own oldest trace
 *       and tries again, and when it has none left it drops what it holds in its hands under a reason.
 *   <li>While {@link #refusing}, nothing arrives that would wake a lane: a lane then parks for a few milliseconds at most, so
 *       that somebody sees that memory is free again.
 *   <li>Receivers only look at {@link #refusing} and never wait for a lane.
 * </ol>
 *
 * P never goes back; a trace that begins after P is not touched by it. Threading: any thread, except where a method says
 * more.
 */
public final class Pressure {
    /** Published by who has nothing undecided. */
    public static final long NOTHING_WAITS = Long.MAX_VALUE;

    /** The position before it ever moved. */
    public static final long NEVER = Long.MIN_VALUE;

    private static final long STEP_NANOS_MIN = 1_000_000;
    private static final int STEPS_PER_AGE = 16;

    private final List<Budget> parts;
    /** Replaced, never changed: a lane may look through it while another one joins or leaves. */
    private volatile List<OldestArrival> joined = List.of();

    private final AtomicLong position = new AtomicLong(NEVER);
    private volatile boolean refusing;

    /** What one component of one lane publishes. Threading: one writer, any reader. */
    public final class OldestArrival implements AutoCloseable {
        private final AtomicLong arrivalNanos = new AtomicLong(NOTHING_WAITS);

        private OldestArrival() {}

        /** Arrival of the oldest undecided trace in monotonic nanoseconds, or {@link #NOTHING_WAITS}. Once a turn is enough. */
        public void publish(long nanos) {
            if (arrivalNanos.getPlain() != nanos) {
                arrivalNanos.setRelease(nanos);
            }
        }

        /** Leaves: P waits no longer for this component. */
        @Override
        public void close() {
            leave(this);
        }
    }

    /** @param parts what must not fill: held memory and the tables */
    public Pressure(List<Budget> parts) {
        this.parts = List.copyOf(parts);
    }

    /** For each component that waits, on each lane, before its first turn; it closes what it gets. */
    public OldestArrival join() {
        OldestArrival oldest = new OldestArrival();
        join(oldest);
        return oldest;
    }

    private synchronized void join(OldestArrival oldest) {
        List<OldestArrival> more = new ArrayList<>(joined);
        more.add(oldest);
        joined = List.copyOf(more);
    }

    private synchronized void leave(OldestArrival oldest) {
        List<OldestArrival> fewer = new ArrayList<>(joined);
        fewer.remove(oldest);
        joined = List.copyOf(fewer);
    }

    /** P: traces whose first arrival (monotonic nanoseconds) is less than this are to be decided. */
    public long positionNanos() {
        return position.get();
    }

    /** Whether receivers refuse. */
    public boolean refusing() {
        return refusing;
    }

    /**
     * Compares use with the marks and moves P where needed. Threading: any lane, at the end of its turn, after publishing.
     *
     * @return whether P has moved
     */
    public boolean advance(long nowNanos) {
        if (!refusing) {
            if (!anyAboveHighWater()) {
                return false;
            }
            refusing = true;
        } else if (!anyAboveLowWater()) {
            refusing = false;
            if (!anyAboveHighWater()) {
                return false;
            }
            refusing = true; // filled meanwhile, and another lane's word that it is full was just overwritten
        }
        long before = position.get();
        long oldest = oldestArrival();
        if (oldest == NOTHING_WAITS || oldest < before) {
            return false;
        }
        long step = Math.max(STEP_NANOS_MIN, (nowNanos - oldest) / STEPS_PER_AGE);
        long after = Math.max(oldest + 1, Math.min(oldest + step, nowNanos));
        return after > before && position.compareAndSet(before, after);
    }

    private long oldestArrival() {
        long oldest = NOTHING_WAITS;
        List<OldestArrival> all = joined;
        for (int i = 0; i < all.size(); i++) {
            oldest = Math.min(oldest, all.get(i).arrivalNanos.getAcquire());
        }
        return oldest;
    }

    private boolean anyAboveHighWater() {
        for (int part = 0; part < parts.size(); part++) {
            if (parts.get(part).aboveHighWater()) {
                return true;
            }
        }
        return false;
    }

    private boolean anyAboveLowWater() {
        for (int part = 0; part < parts.size(); part++) {
            if (parts.get(part).aboveLowWater()) {
                return true;
            }
        }
        return false;
    }
}
