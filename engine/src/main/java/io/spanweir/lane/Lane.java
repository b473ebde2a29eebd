package io.spanweir.lane;

import com.lmax.disruptor.Sequence;
import io.spanweir.component.Processor;
import io.spanweir.data.BatchPart;
import io.spanweir.data.PartConsumer;
import io.spanweir.data.Settlement;
import io.spanweir.export.ExportSink;
import io.spanweir.memory.Pressure;
import io.spanweir.memory.TransitRegion;
import io.spanweir.telemetry.Counter;
import io.spanweir.telemetry.MaxGauge;
import io.spanweir.telemetry.MetricRegistry;
import io.spanweir.time.Clock;
import io.spanweir.time.LogInterval;
import io.spanweir.time.Timers;
import io.spanweir.wire.Signal;
import java.lang.invoke.VarHandle;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event processor of the ring, a loop over {@link #turn()}: entries, timers, what processors have to do, what is to be sent;
 * all bounded, with one reading of the clock. Owns its instances of every processor. Nothing a component throws ends it.
 * Threading: lane, except where a method says otherwise.
 */
public final class Lane {
    private static final Logger log = LoggerFactory.getLogger(Lane.class);
    private static final int ENTRIES_PER_TURN = 64;
    private static final int TIMERS_PER_TURN = 64;
    private static final int DRAIN_STEPS_PER_TURN = 64;
    /** How long a lane may sleep while receivers refuse: somebody has to see that memory is free again. */
    private static final long REFUSING_PARK_NANOS = 5_000_000;

    private final int number;
    private final Ring ring;
    private final Sequence sequence = new Sequence();
    private final LaneClock clock;
    private final Timers timers = new Timers();
    private final Pressure pressure;
    private final BatchPart part = new BatchPart();
    private final MaxGauge turnNanosMax;
    private final LogInterval defects;
    private final Map<Signal, Counter> internalErrors = new EnumMap<>(Signal.class);

    private final Step expireTimers = this::expireTimers;
    private final Step drainStep = this::drainStep;
    private final Step startProcessors = this::startProcessors;
    private PartConsumer[] entrances = {};
    private List<Processor> processors = List.of();
    private List<ExportSink> sinks = List.of();
    private boolean draining;
    private int drainedProcessors;
    private boolean started;

    private volatile boolean drained;
    private volatile boolean parked;
    private volatile boolean woken;
    /** Ends the sleep of whoever turns the lane. */
    private volatile @Nullable Runnable unpark;
    /** When the turn that runs began, or {@link #NOT_IN_TURN}. */
    private volatile long turnStartedNanos = NOT_IN_TURN;

    private volatile long turnEndedNanos;

    private static final long NOT_IN_TURN = Long.MIN_VALUE;

    Lane(int number, Ring ring, Clock clock, Pressure pressure, MetricRegistry metrics) {
        this.number = number;
        this.ring = ring;
        this.clock = new LaneClock(clock);
        this.defects = new LogInterval(this.clock::nanos);
        this.pressure = pressure;
        String label = Integer.toString(number);
        this.turnNanosMax = metrics.maxGauge(LaneMetric.TURN_MAX, 1e-9, label);
        metrics.gauge(LaneMetric.LANE_LAG, this::lag, label);
        for (Signal signal : Signal.values()) {
            internalErrors.put(signal, metrics.counter(LaneMetric.DROPPED, signal.pipelineName(), "internal_error"));
        }
    }

    public int number() {
        return number;
    }

    /** The time of the turn. */
    public Clock clock() {
        return clock;
    }

    public Timers timers() {
        return timers;
    }

    /** Gives the lane its instances. Before the first turn, or by a command in the ring. */
    public void install(PartConsumer[] entrances, List<Processor> processors, List<ExportSink> sinks) {
        this.entrances = entrances.clone();
        this.processors = List.copyOf(processors);
        this.sinks = List.copyOf(sinks);
    }

    /** One bounded turn. Returns how much was done; 0 lets the caller wait. */
    public int turn() {
        if (woken) {
            woken = false;
        }
        clock.refresh();
        turnStartedNanos = clock.nanos();
        if (!started) {
            started = true;
            guarded(startProcessors);
        }
        int done = pollEntries();
        done += guarded(expireTimers);
        for (int i = drainedProcessors; i < processors.size(); i++) {
            done += turnProcessor(processors.get(i));
        }
        if (draining && done == 0) {
            done += guarded(drainStep);
        }
        for (int i = 0; i < sinks.size(); i++) {
            done += endTurn(sinks.get(i));
        }
        if (pressure.advance(clock.nanos())) {
            ring.wakeAll();
        }
        turnNanosMax.accumulate(clock.nanosSinceRefresh());
        turnEndedNanos = clock.nanos();
        turnStartedNanos = NOT_IN_TURN;
        return done;
    }

    /** How long the caller may sleep when a turn had nothing to do; {@link Timers#NONE} for ever. */
    public long sleepNanos() {
        long deadline = timers.nextDeadlineNanos();
        long sleep = deadline == Timers.NONE ? Timers.NONE : Math.max(0, deadline - clock.nanos());
        return pressure.refusing() ? Math.min(sleep, REFUSING_PARK_NANOS) : sleep;
    }

    /** Whether a lane that slept since its last turn would turn now; for who turns lanes by hand. */
    public boolean awake(long nowNanos) {
        return woken
                || !started
                || hasEntries()
                || timers.nextDeadlineNanos() <= nowNanos
                || (pressure.refusing() && nowNanos - turnEndedNanos >= REFUSING_PARK_NANOS);
    }

    /** Ring entries it has not passed. Threading: any thread. */
    public long lag() {
        return Math.max(0, ring.cursor() - sequence.get());
    }

    /** Whether a turn runs, or work waits without one, for longer than the limit. Threading: any thread. */
    public boolean stuck(long nowNanos, long limitNanos) {
        long started = turnStartedNanos;
        if (started != NOT_IN_TURN) {
            return nowNanos - started > limitNanos;
        }
        return !parked && lag() > 0 && nowNanos - turnEndedNanos > limitNanos; // asleep it has no part of what it lags
    }

    /** Lets go of all that waits, from the next turn on; {@link #drained()} tells when it is done. */
    public void drain() {
        draining = true;
    }

    /** The deadline has passed: what processors still keep is dropped, counted by them. */
    public void abandon() {
        for (; drainedProcessors < processors.size(); drainedProcessors++) {
            try {
                processors.get(drainedProcessors).abandon();
            } catch (RuntimeException | Error e) {
                failed(e, null, null);
            }
        }
        draining = true;
    }

    /** Threading: any thread. */
    public boolean drained() {
        boolean passedAll =
                lag() == 0; // looked at first: an entry is passed after it has said that the lane is not drained
        return passedAll && drained;
    }

    Sequence sequence() {
        return sequence;
    }

    /** Makes the lane turn once more for something that is not in the ring. Threading: any thread. */
    public void wake() {
        woken = true; // a lane that is about to sleep says so first and looks at this then
        unpark();
    }

    /** Wakes the lane when it sleeps: it looks for entries after it said that it will. Threading: any thread. */
    void unpark() {
        if (parked) {
            Runnable end = unpark;
            if (end != null) {
                end.run();
            }
        }
    }

    /** Says how the sleep of the thread that turns the lane is ended. Before the first {@link #park}. */
    void onUnpark(Runnable unpark) {
        this.unpark = unpark;
    }

    /** Sleeps until woken or until the next deadline. Threading: the lane's thread. */
    void park(int spins) {
        for (int i = 0; i < spins; i++) {
            if (hasEntries()) {
                return;
            }
            Thread.onSpinWait();
        }
        try {
            if (!maySleep()) {
                return;
            }
            long nanos = sleepNanos();
            if (nanos == Timers.NONE) {
                LockSupport.park(this);
            } else if (nanos > 0) {
                LockSupport.parkNanos(this, nanos);
            }
        } finally {
            parked = false;
        }
    }

    /**
     * Says that the lane sleeps, then looks once more for what it would miss: whoever comes with work later sees that it sleeps
     * and wakes it. Threading: the lane's thread.
     */
    boolean maySleep() {
        parked = true;
        VarHandle.fullFence(); // the look is an acquire load, which alone may overtake the store
        return !woken && !hasEntries();
    }

    private boolean hasEntries() {
        return ring.isAvailable(sequence.get() + 1);
    }

    private int pollEntries() {
        long next = sequence.get() + 1;
        int done = 0;
        int seen = 0;
        long mine = 1L << number;
        while (seen < ENTRIES_PER_TURN * 8 && done < ENTRIES_PER_TURN && ring.isAvailable(next)) {
            RingEntry entry = ring.entry(next);
            try {
                if ((entry.laneMask & mine) != 0) {
                    done++;
                    process(entry);
                }
            } finally {
                sequence.set(next); // whatever happened: an entry is never processed twice
            }
            next++;
            seen++;
        }
        return seen;
    }

    private void process(RingEntry entry) {
        LaneCommand command = entry.command;
        Settlement settlement = entry.settlement;
        try {
            if (command != null) {
                command.run(this);
                return;
            }
            processBatch(entry);
        } catch (RuntimeException | Error e) {
            failed(e, entry, settlement);
            return;
        }
        if (settlement != null) {
            settlement.settle();
        }
    }

    private void processBatch(RingEntry entry) {
        drained = false; // before the entry is passed, also when it fails
        TransitRegion message = entry.message;
        TransitRegion index = entry.index;
        if (message == null || index == null) {
            throw new IllegalStateException("a ring entry without a message");
        }
        try {
            part.clear(entry.signal);
            boolean all =
                    PackedIndex.read(index.bytes(), index.offset(), number, ring.laneCount(), message.bytes(), part);
            if (all) {
                part.wholeMessage(message.bytes(), entry.messageOffset, entry.messageLength);
            }
            part.settlement(entry.settlement);
            part.metadata(entry.metadata);
            entrances[entry.entrance].accept(part);
        } finally {
            message.release();
            index.release();
            entry.passed();
        }
    }

    private void failed(Throwable error, @Nullable RingEntry entry, @Nullable Settlement settlement) {
        if (entry != null && entry.command == null) {
            Counter counter = internalErrors.get(entry.signal);
            if (counter != null) {
                counter.add(part.itemCount());
            }
            if (settlement != null) {
                settlement.fail("internal error", false);
            }
        }
        long leftOut = defects.leftOut();
        if (leftOut != LogInterval.NOT_YET) {
            log.error(
                    "A component failed; what it had in its hands is dropped, the lane goes on. lane={} left_out={}",
                    number,
                    leftOut,
                    error);
        }
    }

    private int startProcessors() {
        processors.forEach(Processor::start);
        return 0;
    }

    private int expireTimers() {
        return timers.expire(clock.nanos(), TIMERS_PER_TURN);
    }

    private int endTurn(ExportSink sink) {
        try {
            return sink.endOfTurn();
        } catch (RuntimeException | Error e) {
            failed(e, null, null);
            return 0;
        }
    }

    private int turnProcessor(Processor processor) {
        try {
            return processor.turn();
        } catch (RuntimeException | Error e) {
            failed(e, null, null);
            return 0;
        }
    }

    /** In the order of the pipelines, so that what one lets go can be let go by the next. */
    private int drainStep() {
        for (int step = 0; drainedProcessors < processors.size(); step++) {
            if (processors.get(drainedProcessors).drain()) {
                drainedProcessors++;
            } else if (step == DRAIN_STEPS_PER_TURN) {
                return 0; // it may wait for a backend: whoever drains the lane wakes it
            }
        }
        boolean idle = true;
        for (ExportSink sink : sinks) {
            sink.flush();
            idle &= sink.idle();
        }
        drained = idle;
        return 0;
    }

    private interface Step {
        int run();
    }

    private int guarded(Step step) {
        try {
            return step.run();
        } catch (RuntimeException | Error e) {
            failed(e, null, null);
            return 0;
        }
    }
}
