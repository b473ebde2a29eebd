package io.spanweir.lane;

import com.lmax.disruptor.InsufficientCapacityException;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.WaitStrategy;
import io.spanweir.memory.Pressure;
import io.spanweir.telemetry.MetricRegistry;
import io.spanweir.time.Clock;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * The one ring of an engine and its lanes. Publishing wakes the lanes that have a part of the entry; others pass it when they
 * are awake, and are woken four times a round so that the slowest sleeper does not hold up the ring. Threading: any thread.
 */
public final class Ring {
    /** What {@link #tryNext()} answers when the ring is full. */
    static final long FULL = -1;

    private final RingBuffer<RingEntry> buffer;
    private final List<Lane> lanes = new ArrayList<>();
    private final LaneMap map;
    private final long wakeMask;

    public Ring(int size, int laneCount, long seed, Clock clock, Pressure pressure, MetricRegistry metrics) {
        buffer = RingBuffer.createMultiProducer(RingEntry::new, size, new LanesWaitThemselves());
        map = new LaneMap(laneCount, seed);
        wakeMask = Math.max(1, size / 4) - 1L;
        Sequence[] gates = new Sequence[laneCount];
        for (int number = 0; number < laneCount; number++) {
            Lane lane = new Lane(number, this, clock, pressure, metrics);
            gates[number] = lane.sequence();
            lanes.add(lane);
        }
        buffer.addGatingSequences(gates);
        metrics.gauge(LaneMetric.RING_USED, () -> size - buffer.remainingCapacity());
        metrics.gauge(LaneMetric.RING_CAPACITY, () -> size);
    }

    public List<Lane> lanes() {
        return lanes;
    }

    public int laneCount() {
        return map.laneCount();
    }

    LaneMap map() {
        return map;
    }

    long cursor() {
        return buffer.getCursor();
    }

    boolean isAvailable(long sequence) {
        return buffer.isAvailable(sequence);
    }

    RingEntry entry(long sequence) {
        return buffer.get(sequence);
    }

    /** Claims an entry, or answers {@link #FULL}. A claimed entry must be published. */
    long tryNext() {
        try {
            return buffer.tryNext();
        } catch (InsufficientCapacityException full) {
            wakeAll();
            return FULL;
        }
    }

    void publish(long sequence, long laneMask) {
        wake(publishQuietly(sequence, laneMask));
    }

    /** Publishes without waking anyone, and answers which lanes are to be woken for it. */
    long publishQuietly(long sequence, long laneMask) {
        buffer.publish(sequence);
        return (sequence & wakeMask) == 0 ? -1 : laneMask;
    }

    /** Wakes those of the lanes that sleep. */
    void wake(long laneMask) {
        VarHandle.fullFence(); // publish, then look who sleeps; a lane says that it sleeps, then looks for entries
        for (int i = 0; i < lanes.size(); i++) {
            if ((laneMask & 1L << i) != 0) {
                lanes.get(i).unpark();
            }
        }
    }

    /** Sends a command to all lanes; false when the ring is full. */
    public boolean command(LaneCommand command) {
        long sequence = tryNext();
        if (sequence == FULL) {
            return false;
        }
        long all = laneCount() == Long.SIZE ? -1 : (1L << laneCount()) - 1;
        entry(sequence).command(command, all);
        publish(sequence, all);
        return true;
    }

    public void wakeAll() {
        for (int i = 0; i < lanes.size(); i++) {
            lanes.get(i).wake();
        }
    }

    /** Nobody waits at the Disruptor's barrier: a lane polls, and sleeps in a way of its own. */
    private static final class LanesWaitThemselves implements WaitStrategy {
        @Override
        public long waitFor(
                long sequence,
                Sequence cursor,
                Sequence dependentSequence,
                com.lmax.disruptor.SequenceBarrier barrier) {
            throw new IllegalStateException("lanes do not wait at the barrier");
        }

        @Override
        public void signalAllWhenBlocking() {}
    }
}
