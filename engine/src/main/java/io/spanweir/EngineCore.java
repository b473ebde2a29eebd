package io.spanweir;

import io.spanweir.component.ComponentId;
import io.spanweir.component.ComponentKind;
import io.spanweir.component.EngineStatus;
import io.spanweir.component.Exporter;
import io.spanweir.component.Extension;
import io.spanweir.component.ExtensionContext;
import io.spanweir.component.Intake;
import io.spanweir.component.Receiver;
import io.spanweir.component.ReceiverContext;
import io.spanweir.component.Runner;
import io.spanweir.export.ExportQueue;
import io.spanweir.graph.EngineParts;
import io.spanweir.graph.Graph;
import io.spanweir.graph.Topology;
import io.spanweir.lane.Entrance;
import io.spanweir.lane.Lane;
import io.spanweir.lane.RingIntake;
import io.spanweir.memory.MemoryPlan;
import io.spanweir.storage.Disk;
import io.spanweir.telemetry.MetricRegistry;
import io.spanweir.time.Clock;
import io.spanweir.wire.OtlpLimits;
import io.spanweir.wire.Signal;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What {@link Spanweir} and {@link ManualSpanweir} have in common: the parts, the graph, the order of start and stop. Who turns
 * the lanes is theirs. Threading: one thread starts and stops; status from any thread.
 */
final class EngineCore implements EngineStatus {
    private static final Logger log = LoggerFactory.getLogger(EngineCore.class);
    private static final long STUCK_NANOS = 10_000_000_000L;

    private final Topology topology;
    private final EngineParts parts;
    private final MemoryPlan plan;
    private final Graph graph;
    private final Map<String, InetSocketAddress> addresses = new LinkedHashMap<>();
    private final Deque<Stop> stops = new ArrayDeque<>();
    private final Deque<Receiver> receivers = new ArrayDeque<>();
    private volatile State state = State.STARTING;
    private volatile long upSinceUnixNanos;

    /** Undoes one step of the start. */
    private record Stop(String what, Runnable action) {}

    /** @throws StartException when the memory is not enough for its least parts */
    EngineCore(Topology topology, Clock clock, Disk disk, long seed, int laneCount, long memoryBytes, Runner runner)
            throws StartException {
        this.topology = topology;
        try {
            this.plan = MemoryPlan.of(memoryBytes, laneCount, topology.engine().segmentBytes());
        } catch (IllegalArgumentException e) {
            throw new StartException(sentence(e), e);
        }
        this.parts = EngineParts.create(
                plan, topology.engine().ringSize(), clock, disk, new MetricRegistry(), seed, OtlpLimits.DEFAULTS);
        this.graph = new Graph(topology, parts, runner);
    }

    EngineParts parts() {
        return parts;
    }

    Graph graph() {
        return graph;
    }

    /** Extensions, exporters, processors (that is, lanes), receivers. When a step fails, those before it are undone. */
    void start(Runnable startLanes, Runnable stopLanes) throws StartException {
        boolean started = false;
        try {
            startAll(startLanes, stopLanes);
            started = true;
        } finally {
            if (!started) {
                finish();
                state = State.FAILED;
            }
        }
        upSinceUnixNanos = parts.clock().unixNanos();
        state = State.RUNNING;
    }

    private void startAll(Runnable startLanes, Runnable stopLanes) throws StartException {
        log.info(
                "Starting. {} lanes={} ring_entries={}",
                plan.describe(),
                plan.lanes(),
                topology.engine().ringSize());
        for (ComponentId id : topology.activeExtensions()) {
            startExtension(id);
        }
        for (Map.Entry<ComponentId, Exporter> entry : graph.exporters().entrySet()) {
            step(ComponentKind.EXPORTER, entry.getKey(), entry.getValue()::start, entry.getValue()::stop);
        }
        stops.push(new Stop("lanes", stopLanes));
        startLanes.run();
        for (ComponentId id : topology.receivers().keySet()) {
            if (!topologyUses(id)) {
                continue;
            }
            Receiver receiver = buildReceiver(id);
            step(ComponentKind.RECEIVER, id, receiver::start, () -> {});
            receivers.push(receiver);
        }
    }

    /** From here on receivers refuse; they answer what is under way and close. */
    void stopReceiving() {
        if (state == State.STOPPED) {
            return;
        }
        state = State.STOPPING;
        while (!receivers.isEmpty()) {
            guarded("receiver", receivers.pop()::stop);
        }
    }

    /** Makes all lanes let go of what waits. False when the ring has no room for the command yet. */
    boolean drain() {
        return parts.ring().command(Lane::drain);
    }

    /** Makes all lanes drop what is left. False when the ring has no room for the command yet. */
    boolean abandon() {
        return parts.ring().command(Lane::abandon);
    }

    /** Whether nothing waits any more: not on a lane, not in a queue. */
    boolean drained() {
        return lanesDrained() && queuesIdle();
    }

    boolean lanesDrained() {
        for (Lane lane : parts.ring().lanes()) {
            if (!lane.drained()) {
                return false;
            }
        }
        return true;
    }

    private boolean queuesIdle() {
        for (ExportQueue queue : graph.queues().values()) {
            if (!queue.idle()) {
                return false;
            }
        }
        return true;
    }

    /** The rest of the stop, in reverse order of the start. */
    void finish() {
        stopReceiving();
        while (!stops.isEmpty()) {
            Stop stop = stops.pop();
            guarded(stop.what(), stop.action());
        }
        state = State.STOPPED;
    }

    MetricRegistry metrics() {
        return parts.metrics();
    }

    /** Where things listen, by {@code otlp/grpc} and the like. */
    Map<String, InetSocketAddress> addresses() {
        synchronized (addresses) {
            return new LinkedHashMap<>(addresses);
        }
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    public boolean healthy() {
        return state == State.RUNNING && reason().isEmpty();
    }

    @Override
    public String reason() {
        if (state != State.RUNNING) {
            return "the engine is " + state.name().toLowerCase(java.util.Locale.ROOT);
        }
        for (Lane lane : parts.ring().lanes()) {
            if (lane.stuck(parts.clock().nanos(), STUCK_NANOS)) {
                return "lane " + lane.number() + " has made no progress for 10 s while work waits";
            }
        }
        return "";
    }

    @Override
    public long upSinceUnixNanos() {
        return upSinceUnixNanos;
    }

    private boolean topologyUses(ComponentId receiver) {
        for (Signal signal : Signal.values()) {
            if (graph.entrance(receiver, signal) != null) {
                return true;
            }
        }
        return false;
    }

    private Receiver buildReceiver(ComponentId id) {
        var config = topology.receivers().get(id);
        if (config == null) {
            throw new IllegalStateException("no receiver " + id);
        }
        return config.build(new OfReceiver(id, this));
    }

    private void startExtension(ComponentId id) throws StartException {
        var config = topology.extensions().get(id);
        if (config == null) {
            throw new IllegalStateException("no extension " + id);
        }
        Extension extension = config.build(new OfExtension(id, this));
        step(ComponentKind.EXTENSION, id, extension::start, extension::stop);
    }

    private interface Action {
        void run() throws Exception;
    }

    private void step(ComponentKind kind, ComponentId id, Action start, Runnable stop) throws StartException {
        try {
            start.run();
        } catch (Exception e) {
            throw new StartException(kind.word() + " " + id + " did not start: " + sentence(e), e);
        }
        stops.push(new Stop(kind.word() + " " + id, stop));
    }

    private static String sentence(Exception e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }

    private static void guarded(String what, Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            log.error("Did not stop cleanly. component={}", what, e);
        }
    }

    private void listening(ComponentId id, String what, InetSocketAddress address) {
        synchronized (addresses) {
            addresses.put(id + "/" + what, address);
        }
        log.info(
                "Listening. component={} protocol={} address={}:{}",
                id,
                what,
                address.getHostString(),
                address.getPort());
    }

    private record OfReceiver(ComponentId id, EngineCore core) implements ReceiverContext {
        @Override
        public boolean receives(Signal signal) {
            return core.graph.entrance(id, signal) != null;
        }

        @Override
        public Intake intake(Signal signal, String transport) {
            Entrance entrance = core.graph.entrance(id, signal);
            if (entrance == null) {
                throw new IllegalArgumentException("no pipeline of " + signal.pipelineName() + " lists " + id);
            }
            return new RingIntake(
                    core.parts.ring(),
                    entrance,
                    transport,
                    core.parts.transit(),
                    core.parts.exportMemory(),
                    core.parts.pressure(),
                    core.parts.held(),
                    core.parts.limits(),
                    () -> core.state == State.STOPPING || core.state == State.STOPPED,
                    core.parts.metrics());
        }

        @Override
        public OtlpLimits limits() {
            return core.parts.limits();
        }

        @Override
        public Clock clock() {
            return core.parts.clock();
        }

        @Override
        public MetricRegistry metrics() {
            return core.parts.metrics();
        }

        @Override
        public void listening(String what, InetSocketAddress address) {
            core.listening(id, what, address);
        }
    }

    private record OfExtension(ComponentId id, EngineCore core) implements ExtensionContext {
        @Override
        public Clock clock() {
            return core.parts.clock();
        }

        @Override
        public MetricRegistry metrics() {
            return core.parts.metrics();
        }

        @Override
        public EngineStatus status() {
            return core;
        }

        @Override
        public void listening(String what, InetSocketAddress address) {
            core.listening(id, what, address);
        }
    }
}
