package io.spanweir;

import io.spanweir.component.EngineStatus;
import io.spanweir.export.ExportQueue;
import io.spanweir.graph.Components;
import io.spanweir.graph.EngineConfig.WaitStrategy;
import io.spanweir.graph.ExportThread;
import io.spanweir.graph.Topology;
import io.spanweir.lane.Lane;
import io.spanweir.lane.LaneThread;
import io.spanweir.storage.Disk;
import io.spanweir.storage.SystemDisk;
import io.spanweir.telemetry.MetricRegistry;
import io.spanweir.time.Clock;
import io.spanweir.time.SystemClock;
import io.spanweir.wire.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running engine. Several may run in one process; there is no static state, no shutdown hook and no exit.
 *
 * <pre>
 * Problems problems = new Problems();
 * Topology topology = Topology.decode(ConfigLoader.system().load(List.of("config.yaml"), List.of(), problems), components);
 * if (problems.hasErrors()) { … }
 * try (Spanweir spanweir = Spanweir.builder(topology).start()) { … }
 * </pre>
 *
 * Threading: any thread.
 */
public final class Spanweir implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Spanweir.class);
    private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(30);
    private static final long POLL_NANOS = 2_000_000;
    private static final long LANE_STOP_MILLIS = 5_000;
    private static final long DRAIN_NANOS_MIN = 1_000_000_000L;
    private static final long GIVE_UP_NANOS = 1_000_000_000L;
    private static final int SPINS = 200;

    private final EngineCore core;
    private final ExportThread exportThread;
    private final List<LaneThread> laneThreads = new ArrayList<>();
    private boolean closed;

    private Spanweir(Builder builder) throws StartException {
        int cores = Runtime.getRuntime().availableProcessors();
        int laneCount = builder.topology.laneCount(cores);
        exportThread = new ExportThread(builder.threads);
        core = new EngineCore(
                builder.topology,
                builder.clock,
                builder.disk,
                builder.seed,
                laneCount,
                EngineMemory.bytes(builder.topology),
                exportThread);
        boolean spinning = builder.topology.engine().waitStrategy() == WaitStrategy.SPINNING;
        for (Lane lane : core.parts().ring().lanes()) {
            laneThreads.add(new LaneThread(lane, spinning ? -1 : cores > 2 ? SPINS : 0, builder.threads));
        }
        boolean started = false;
        try {
            core.start(() -> laneThreads.forEach(LaneThread::start), this::stopLanes);
            started = true;
        } finally {
            if (!started) {
                exportThread.close();
            }
        }
    }

    public static Builder builder(Topology topology) {
        return new Builder(topology);
    }

    /** The components that the class path of this engine offers. */
    public static Components components() {
        return Components.load(Spanweir.class.getClassLoader());
    }

    public EngineStatus status() {
        return core;
    }

    public MetricRegistry metrics() {
        return core.metrics();
    }

    /** Where receivers and extensions really listen, by {@code otlp/grpc}, {@code health_check/http}. */
    public Map<String, InetSocketAddress> addresses() {
        return core.addresses();
    }

    /** As {@link #close(Duration)} with 30 s. */
    @Override
    public void close() {
        close(CLOSE_DEADLINE);
    }

    /**
     * Stops receiving, lets go of all that waits, and sends it; what the backends have not taken at the deadline is given up and
     * counted. Returns whether everything was sent.
     */
    public synchronized boolean close(Duration deadline) {
        if (closed) {
            return true;
        }
        closed = true;
        long end = System.nanoTime() + deadline.toNanos();
        core.stopReceiving();
        end = Math.max(end, System.nanoTime() + DRAIN_NANOS_MIN); // receivers may have taken all the time
        core.graph().queues().values().forEach(ExportQueue::hurry);
        boolean asked = core.drain();
        while (!core.drained() && System.nanoTime() - end < 0) {
            asked = asked || core.drain();
            core.parts().ring().wakeAll();
            LockSupport.parkNanos(POLL_NANOS);
        }
        boolean complete = core.drained();
        if (!complete) {
            log.error("Not everything could be sent before the deadline; the rest is given up. deadline={}", deadline);
            giveUp();
        }
        core.finish();
        exportThread.close();
        return complete;
    }

    /** Drops what lanes keep, then what queues keep; each counts it. A lane that hangs does not hold this up. */
    private void giveUp() {
        boolean asked = core.abandon();
        long end = System.nanoTime() + GIVE_UP_NANOS;
        while (!core.lanesDrained() && System.nanoTime() - end < 0) {
            asked = asked || core.abandon();
            core.parts().ring().wakeAll();
            LockSupport.parkNanos(POLL_NANOS);
        }
        core.graph().queues().values().forEach(queue -> queue.giveUp("the engine was shut down"));
        end = System.nanoTime() + GIVE_UP_NANOS;
        while (!core.drained() && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private void stopLanes() {
        try {
            for (LaneThread lane : laneThreads) {
                lane.stop(LANE_STOP_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** How an engine is to run. Threading: one thread. */
    public static final class Builder {
        private final Topology topology;
        private Clock clock = new SystemClock();
        private Disk disk = new SystemDisk();
        private long seed = unpredictable();
        private ThreadFactory threads = Builder::daemon;

        private Builder(Topology topology) {
            this.topology = topology;
        }

        /** The engine's only source of chance. */
        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        public Builder clock(Clock clock) {
            this.clock = clock;
            return this;
        }

        /** For all files that components write. */
        public Builder disk(Disk disk) {
            this.disk = disk;
            return this;
        }

        /** Senders choose ids: who knew the seed could choose those that meet on one lane, or in one place of a table. */
        private static long unpredictable() {
            // SecureRandom loads its providers, which takes longer than all the rest of the start.
            try (InputStream chance = Files.newInputStream(Path.of("/dev/urandom"))) {
                byte[] bytes = chance.readNBytes(Long.BYTES);
                if (bytes.length == Long.BYTES) {
                    return Bytes.longAt(bytes, 0);
                }
            } catch (IOException notHere) {
                log.debug("No /dev/urandom on this system.");
            }
            return new SecureRandom().nextLong();
        }

        /** For all threads of the engine itself; they are named {@code spanweir-…}. */
        public Builder threads(ThreadFactory threads) {
            this.threads = threads;
            return this;
        }

        /** Builds and starts; returns when receivers listen. */
        public Spanweir start() throws StartException {
            return new Spanweir(this);
        }

        private static Thread daemon(Runnable task) {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        }
    }
}
