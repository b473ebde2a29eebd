package io.spanweir.lane;

import io.spanweir.time.Clock;

/** The time of a turn: read once at its begin. Threading: lane. */
final class LaneClock implements Clock {
    private final Clock clock;
    private long nanos;
    private long unixNanos;

    LaneClock(Clock clock) {
        this.clock = clock;
        refresh();
    }

    void refresh() {
        nanos = clock.nanos();
        unixNanos = clock.unixNanos();
    }

    /** How long ago {@link #refresh} was. */
    long nanosSinceRefresh() {
        return clock.nanos() - nanos;
    }

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public long unixNanos() {
        return unixNanos;
    }
}
