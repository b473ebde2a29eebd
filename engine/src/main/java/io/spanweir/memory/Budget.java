package io.spanweir.memory;

import java.util.concurrent.atomic.AtomicLong;

/**
 * One part of the engine's memory: a number of bytes that may be in use, and how many are. It counts, it does not allocate.
 *
 * <p>Above the high-water mark the oldest undecided traces are decided early and receivers refuse; that ends when use is
 * back at the low-water mark ({@link Pressure}). What is merely useful (caches) takes at most half of the capacity, so that
 * it can never be the reason why the low-water mark is out of reach. Threading: any thread.
 */
public final class Budget {
    private static final double HIGH_WATER_FRACTION = 0.90;
    private static final double LOW_WATER_FRACTION = 0.75;

    private final String name;
    private final long capacityBytes;
    private final long highWaterBytes;
    private final long lowWaterBytes;
    private final AtomicLong used = new AtomicLong();

    /** With marks at 90 % and 75 % of the capacity. */
    public Budget(String name, long capacityBytes) {
        this(name, capacityBytes, HIGH_WATER_FRACTION, LOW_WATER_FRACTION);
    }

    /** @throws IllegalArgumentException unless 0 &lt; low ≤ high ≤ 1 and the capacity is at least 0 */
    public Budget(String name, long capacityBytes, double highWaterFraction, double lowWaterFraction) {
        if (capacityBytes < 0
                || !(lowWaterFraction > 0 && lowWaterFraction <= highWaterFraction && highWaterFraction <= 1)) {
            throw new IllegalArgumentException("memory part " + name + ": capacity " + capacityBytes + ", high water "
                    + highWaterFraction + ", low water " + lowWaterFraction
                    + "; expected capacity >= 0 and 0 < low <= high <= 1");
        }
        this.name = name;
        this.capacityBytes = capacityBytes;
        this.highWaterBytes = (long) (capacityBytes * highWaterFraction);
        this.lowWaterBytes = (long) (capacityBytes * lowWaterFraction);
    }

    /** The value of the label {@code part}. */
    public String name() {
        return name;
    }

    public long capacityBytes() {
        return capacityBytes;
    }

    public long usedBytes() {
        return used.get();
    }

    /** Takes the bytes, or changes nothing and answers false when they do not fit. */
    public boolean tryTake(long bytes) {
        return tryTakeUpTo(bytes, capacityBytes);
    }

    /** As {@link #tryTake}, for what the engine can do without: fits only while less than half of the capacity is used. */
    public boolean tryTakeOptional(long bytes) {
        return tryTakeUpTo(bytes, capacityBytes / 2);
    }

    private boolean tryTakeUpTo(long bytes, long limitBytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("memory part " + name + ": " + bytes + " bytes asked for");
        }
        while (true) {
            long before = used.get();
            if (bytes > limitBytes - before) {
                return false;
            }
            if (used.compareAndSet(before, before + bytes)) {
                return true;
            }
        }
    }

    /** Gives back what was taken. @throws IllegalStateException when more comes back than was taken */
    public void give(long bytes) {
        long before = used.getAndAdd(-bytes);
        if (bytes < 0 || bytes > before) {
            used.getAndAdd(bytes);
            throw new IllegalStateException(
                    "memory part " + name + ": " + bytes + " bytes given back, " + before + " in use");
        }
    }

    public boolean aboveHighWater() {
        return used.get() > highWaterBytes;
    }

    public boolean aboveLowWater() {
        return used.get() > lowWaterBytes;
    }

    @Override
    public String toString() {
        return name + ": " + usedBytes() + " of " + capacityBytes + " bytes in use";
    }
}
