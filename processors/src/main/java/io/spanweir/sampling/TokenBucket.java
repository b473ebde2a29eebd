package io.spanweir.sampling;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A token bucket: full at first, {@code rate} tokens a second, at most {@code capacity} of them. It grants a number of tokens
 * or none, has no debts and waits for nobody; what exceeds the capacity is never granted. Over any time t at most
 * capacity + rate * t tokens are granted. The lanes of an engine share one. Threading: any thread.
 */
public final class TokenBucket {
    /*
     * The state is one instant: when the bucket was last empty, had nothing been granted since. At time t it holds
     * min(capacity, (t - emptyNanos) * rate) tokens, and granting n moves the instant n / rate ahead. One compare-and-set
     * keeps it exact for all lanes, and nothing drifts. Costs are rounded up to whole nanoseconds, so that the rate is
     * never exceeded. Without a rate the "instant" is the number of tokens spent.
     */
    private static final long COST_NANOS_MAX = 1L << 61;

    private final long ratePerSecond;
    private final long capacity;
    private final long capacityNanos;
    private final AtomicLong emptyNanos;

    /**
     * @param ratePerSecond at least 0; with 0 the first {@code capacity} tokens are all there are
     * @param capacity at least 0
     */
    public TokenBucket(long ratePerSecond, long capacity, long nowNanos) {
        this.ratePerSecond = ratePerSecond;
        this.capacity = capacity;
        this.capacityNanos = costNanos(capacity);
        this.emptyNanos = new AtomicLong(ratePerSecond == 0 ? 0 : nowNanos - capacityNanos);
    }

    /**
     * Takes {@code count} tokens, or none.
     *
     * @param nowNanos of the monotonic clock; an earlier time than before counts as no time passed
     */
    public boolean take(long count, long nowNanos) {
        if (count > capacity) {
            return false;
        }
        return ratePerSecond == 0 ? takeFinite(count) : takeRefilled(count, nowNanos);
    }

    private boolean takeRefilled(long count, long nowNanos) {
        long cost = costNanos(count);
        while (true) {
            long before = emptyNanos.get();
            long oldest = nowNanos - capacityNanos;
            long empty = before - oldest > 0 ? before : oldest;
            if (nowNanos - empty < cost) {
                return false;
            }
            if (emptyNanos.compareAndSet(before, empty + cost)) {
                return true;
            }
        }
    }

    private boolean takeFinite(long count) {
        while (true) {
            long spent = emptyNanos.get();
            if (spent + count > capacity) {
                return false;
            }
            if (emptyNanos.compareAndSet(spent, spent + count)) {
                return true;
            }
        }
    }

    private long costNanos(long count) {
        if (ratePerSecond == 0) {
            return 0;
        }
        if (count > COST_NANOS_MAX / 1_000_000_000L) {
            double cost = Math.ceil(count * 1e9 / ratePerSecond);
            return (long) Math.min(cost, COST_NANOS_MAX);
        }
        return (count * 1_000_000_000L + ratePerSecond - 1) / ratePerSecond;
    }
}
