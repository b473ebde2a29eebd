package io.spanweir;

import io.spanweir.component.EngineStatus;
import io.spanweir.component.Runner;
import io.spanweir.export.ExportQueue;
import io.spanweir.graph.Topology;
import io.spanweir.lane.Lane;
import io.spanweir.storage.Disk;
import io.spanweir.storage.SystemDisk;
import io.spanweir.telemetry.MetricRegistry;
import io.spanweir.time.ManualClock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;

/**
 * The same engine without threads: lanes turn and exporters run when told, time moves when told. For tests and simulation; the
 * receivers and exporters given to it must bring no threads either. Threading: one thread.
 */
public final class ManualSpanweir implements AutoCloseable {
    private final ManualClock clock;
    private final ManualRunner runner;
    private final EngineCore core;

    /** Builds and starts with a seed for all chance. */
    public ManualSpanweir(Topology topology, int laneCount, long memoryBytes, long seed) throws StartException {
        this(topology, laneCount, memoryBytes, seed, new ManualClock(), new SystemDisk());
    }

    public ManualSpanweir(Topology topology, int laneCount, long memoryBytes, long seed, ManualClock clock, Disk disk)
            throws StartException {
        this.clock = clock;
        this.runner = new ManualRunner(clock);
        this.core = new EngineCore(topology, clock, disk, seed, laneCount, memoryBytes, runner);
        core.start(() -> {}, () -> {});
    }

    public ManualClock clock() {
        return clock;
    }

    public int laneCount() {
        return core.parts().ring().laneCount();
    }

    /** One turn of one lane. Returns how much was done. */
    public int turn(int lane) {
        return core.parts().ring().lanes().get(lane).turn();
    }

    /** Whether a lane that has nothing left to do would turn now: it was woken, has entries, or a deadline has come. */
    public boolean awake(int lane) {
        return core.parts().ring().lanes().get(lane).awake(clock.nanos());
    }

    /** One task of the exporters' runner, if one is due. Returns whether there was. */
    public boolean runExport() {
        return runner.runOne();
    }

    /** Turns lanes and runs exporters until nothing is left to do at this instant. */
    public void settle() {
        boolean busy = true;
        while (busy) {
            busy = false;
            for (Lane lane : core.parts().ring().lanes()) {
                busy |= lane.turn() > 0;
            }
            while (runner.runOne()) {
                busy = true;
            }
        }
    }

    /** Moves time in steps, settling after each. */
    public void advance(Duration duration, Duration step) {
        long left = duration.toNanos();
        while (left > 0) {
            long nanos = Math.min(left, step.toNanos());
            clock.advanceNanos(nanos);
            settle();
            left -= nanos;
        }
    }

    public MetricRegistry metrics() {
        return core.metrics();
    }

    public EngineStatus status() {
        return core;
    }

    /** Bytes in use of a part of the memory: {@code transit}, {@code held}, {@code tables}, {@code export}. */
    public long usedBytes(String part) {
        return switch (part) {
            case "transit" -> core.parts().transit().budget().usedBytes();
            case "held" -> core.parts().held().budget().usedBytes();
            case "tables" -> core.parts().tables().usedBytes();
            case "export" ->
                core.parts().exportMemory().capacityBytes()
                        - core.parts().exportMemory().freeBytes();
            default -> throw new IllegalArgumentException("no part of the memory is called " + part);
        };
    }

    /** First step of a shutdown: receivers refuse and close, lanes are told to let go. */
    public void beginDrain() {
        core.stopReceiving();
        if (!core.drain()) {
            throw new IllegalStateException("the ring has no room for the command; turn the lanes first");
        }
        core.graph().queues().values().forEach(ExportQueue::hurry);
    }

    public boolean drained() {
        return core.drained();
    }

    /** Gives up what is left, as at the deadline of a shutdown. */
    public void giveUp() {
        if (!core.abandon()) {
            throw new IllegalStateException("the ring has no room for the command; turn the lanes first");
        }
        settle();
        core.graph().queues().values().forEach(queue -> queue.giveUp("the engine was shut down"));
        settle();
    }

    @Override
    public void close() {
        core.finish();
    }

    /** Tasks in order, delayed ones when their time has come. */
    private static final class ManualRunner implements Runner {
        private record Delayed(long atNanos, long order, Runnable task) {}

        private final ManualClock clock;
        private final Deque<Runnable> tasks = new ArrayDeque<>();
        private final PriorityQueue<Delayed> delayed =
                new PriorityQueue<>(Comparator.comparingLong(Delayed::atNanos).thenComparingLong(Delayed::order));
        private long order;

        ManualRunner(ManualClock clock) {
            this.clock = clock;
        }

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        @Override
        public void schedule(Runnable task, long delayNanos) {
            delayed.add(new Delayed(clock.nanos() + delayNanos, order++, task));
        }

        boolean runOne() {
            Delayed first = delayed.peek();
            if (first != null && first.atNanos() <= clock.nanos()) {
                delayed.poll();
                tasks.add(first.task());
            }
            Runnable task = tasks.poll();
            if (task == null) {
                return false;
            }
            task.run();
            return true;
        }
    }
}
