package io.spanweir.export;

import io.spanweir.component.ComponentId;
import io.spanweir.component.Exporter;
import io.spanweir.component.RetryConfig;
import io.spanweir.component.Runner;
import io.spanweir.component.SendOutcome;
import io.spanweir.component.SendingQueueConfig;
import io.spanweir.telemetry.MetricRegistry;
import io.spanweir.telemetry.SharedCounter;
import io.spanweir.time.Clock;
import io.spanweir.time.LogInterval;
import io.spanweir.wire.Signal;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sending queue of one exporter, with its limit of requests under way and its retries.
 *
 * <pre>
 *   lanes ──offer──► incoming ──► waiting ──► under way (at most num_consumers) ──► settled
 *          any thread            └──────────── on the runner ───────────┘ ▲
 *                                                       └── back-off ─────┘
 * </pre>
 *
 * Everything right of {@code incoming} happens on one {@link Runner}, so nothing here is locked. The limit is one for admission:
 * {@link #full()} makes receivers refuse, but what was acknowledged before still finds its way in, bounded by the memory for
 * export. A request that waits for its retry counts as under way, as in the collector.
 */
public final class ExportQueue {
    private static final Logger log = LoggerFactory.getLogger(ExportQueue.class);

    private final ComponentId id;
    private final Exporter exporter;
    private final SendingQueueConfig config;
    private final RetryConfig retry;
    private final Runner runner;
    private final ExportMemory memory;
    private final Clock clock;
    private final SplittableRandom random;

    private final Queue<QueuedRequest> incoming = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final AtomicLong queuedSize = new AtomicLong();
    /**
     * Requests that wait or are under way: one number, since between two that change one after the other a request would be seen
     * twice, and a lane that gathers while a slot is free would be told of it only at the next answer.
     */
    private final AtomicInteger unfinished = new AtomicInteger();
    /** Sent or waiting for a retry; written on the runner. */
    private final AtomicInteger inFlight = new AtomicInteger();

    private final List<Runnable> roomListeners = new CopyOnWriteArrayList<>();
    private volatile boolean stopping;

    /** Runner only. */
    private final ArrayDeque<QueuedRequest> waiting = new ArrayDeque<>();

    private final ArrayDeque<QueuedRequest> backingOff = new ArrayDeque<>();
    private volatile boolean backsOff;
    /** Sent or waiting for a retry. */
    private final Set<QueuedRequest> underWay = new LinkedHashSet<>();

    private final LogInterval warnings;
    private final LogInterval defects;

    private final Map<Signal, SharedCounter> sent = new EnumMap<>(Signal.class);
    private final Map<Signal, SharedCounter> failed = new EnumMap<>(Signal.class);
    private final Map<Signal, SharedCounter> refused = new EnumMap<>(Signal.class);
    private final Map<Signal, SharedCounter> rejected = new EnumMap<>(Signal.class);
    private final SharedCounter retries;
    private final Runnable drain = this::drain;

    public ExportQueue(
            ComponentId id,
            Exporter exporter,
            SendingQueueConfig config,
            RetryConfig retry,
            Runner runner,
            ExportMemory memory,
            Clock clock,
            SplittableRandom random,
            MetricRegistry metrics) {
        this.id = id;
        this.exporter = exporter;
        this.config = config;
        this.retry = retry;
        this.runner = runner;
        this.memory = memory;
        this.clock = clock;
        this.warnings = new LogInterval(clock::nanos);
        this.defects = new LogInterval(clock::nanos);
        this.random = random;
        String label = id.toString();
        for (Signal signal : Signal.values()) {
            sent.put(signal, metrics.sharedCounter(ExportMetric.sent(signal), label));
            failed.put(signal, metrics.sharedCounter(ExportMetric.sendFailed(signal), label));
            refused.put(signal, metrics.sharedCounter(ExportMetric.enqueueFailed(signal), label));
            rejected.put(signal, metrics.sharedCounter(ExportMetric.REJECTED, label, signal.pipelineName()));
        }
        retries = metrics.sharedCounter(ExportMetric.RETRIES, label);
        metrics.gauge(ExportMetric.QUEUE_SIZE, queuedSize::get, label);
        metrics.gauge(ExportMetric.QUEUE_CAPACITY, config::queueSize, label);
        metrics.gauge(ExportMetric.IN_FLIGHT, inFlight::get, label);
    }

    public ComponentId id() {
        return id;
    }

    public SendingQueueConfig config() {
        return config;
    }

    /** Whether receivers should refuse what would end here. Threading: any thread. */
    public boolean full() {
        return queuedSize.get() >= config.queueSize();
    }

    /** Whether a request waits for its next try, or is under way again without an answer so far. Threading: any thread. */
    public boolean backsOff() {
        return backsOff;
    }

    /** Whether a request handed in now would be sent at once. Threading: any thread. */
    boolean hasFreeSlot() {
        return unfinished.get() < config.numConsumers();
    }

    /** Whether nothing waits or is under way. Threading: any thread. */
    public boolean idle() {
        return unfinished.get() == 0;
    }

    /** Told, on the runner, when a slot became free: lanes use it to send what they gathered meanwhile. */
    void onRoom(Runnable listener) {
        roomListeners.add(listener);
    }

    void offer(QueuedRequest request) {
        queuedSize.addAndGet(request.size);
        unfinished.incrementAndGet();
        incoming.add(request);
        schedule();
    }

    /** Counts items that found no memory. */
    void countRefused(Signal signal, int items) {
        counter(refused, signal).add(items);
    }

    /** Retries come at once now, and the last answer counts: the engine is going down. Threading: any thread. */
    public void hurry() {
        stopping = true;
        runner.execute(() -> {
            backingOff.forEach(request -> runner.execute(() -> resume(request)));
        });
    }

    /** Gives up all that waits or is under way, counted as failed; an answer that still comes changes nothing. */
    public void giveUp(String why) {
        runner.execute(() -> {
            stopping = true;
            takeIncoming();
            while (!waiting.isEmpty()) {
                QueuedRequest request = waiting.poll();
                leaveQueue(request);
                lose(request, why, true);
                unfinished.decrementAndGet();
            }
            while (!backingOff.isEmpty()) {
                QueuedRequest request = backingOff.poll();
                underWay.remove(request);
                lose(request, why, true);
                freeSlot();
            }
            for (QueuedRequest request : underWay) {
                request.givenUp = true; // an answer may still come; its bytes are not reused before that
                count(request, why, true);
                freeSlot();
            }
            underWay.clear();
        });
    }

    private void schedule() {
        if (scheduled.compareAndSet(false, true)) {
            runner.execute(drain);
        }
    }

    private void drain() {
        scheduled.set(false);
        takeIncoming();
        while (inFlight.get() < config.numConsumers() && !waiting.isEmpty()) {
            QueuedRequest request = waiting.poll();
            inFlight.incrementAndGet();
            underWay.add(request);
            leaveQueue(request);
            if (!config.waitForResult()) {
                request.settle();
            }
            request.firstAttemptNanos = clock.nanos();
            attempt(request);
        }
    }

    private void takeIncoming() {
        for (QueuedRequest request = incoming.poll(); request != null; request = incoming.poll()) {
            waiting.add(request);
        }
    }

    private void leaveQueue(QueuedRequest request) {
        queuedSize.addAndGet(-request.size);
    }

    /** The last step of a request, when it is counted and settled: whoever finds the queue idle finds everything done. */
    private void freeSlot() {
        inFlight.decrementAndGet();
        unfinished.decrementAndGet();
    }

    private void attempt(QueuedRequest request) {
        request.attempts++;
        if (request.attempts > 1) {
            retries.increment();
        }
        Answer answer = new Answer(request);
        try {
            exporter.send(request.request, answer);
        } catch (RuntimeException | Error e) {
            long leftOut = defects.leftOut();
            if (leftOut != LogInterval.NOT_YET) {
                log.error("Exporter failed, its request is given up. exporter={} left_out={}", id, leftOut, e);
            }
            answer.done(SendOutcome.permanent("internal error: " + e));
        }
    }

    /** Passes the first answer of one attempt to the runner and ignores others. */
    private final class Answer extends AtomicBoolean implements Exporter.Callback {
        private final transient QueuedRequest request;

        Answer(QueuedRequest request) {
            this.request = request;
        }

        @Override
        public void done(SendOutcome outcome) {
            if (compareAndSet(false, true)) {
                runner.execute(() -> finish(request, outcome));
            }
        }
    }

    private void finish(QueuedRequest request, SendOutcome outcome) {
        if (request.givenUp) {
            request.release(memory);
            return;
        }
        if (outcome.kind() != SendOutcome.Kind.RETRYABLE) {
            underWay.remove(request);
            backsOff = !backingOff.isEmpty();
        }
        switch (outcome.kind()) {
            case SENT -> {
                succeed(request, outcome);
                freeSlot();
                continueDrain();
            }
            case PERMANENT -> {
                lose(request, outcome.message(), false);
                freeSlot();
                continueDrain();
            }
            case RETRYABLE -> retryLater(request, outcome);
        }
    }

    private void continueDrain() {
        drain();
        if (hasFreeSlot()) {
            for (Runnable listener : roomListeners) {
                listener.run();
            }
        }
    }

    private void succeed(QueuedRequest request, SendOutcome outcome) {
        Signal signal = request.request.signal();
        long lost = Math.min(outcome.rejectedItems(), request.request.itemCount());
        counter(sent, signal).add(request.request.itemCount() - lost);
        if (lost > 0) {
            counter(rejected, signal).add(lost);
            counter(failed, signal).add(lost);
        }
        if (!outcome.message().isEmpty()) {
            warn("Backend took a request in part. exporter={} rejected={} message={}", id, lost, outcome.message());
        }
        request.release(memory);
        request.settle();
    }

    private void lose(QueuedRequest request, String why, boolean retryable) {
        request.release(memory);
        count(request, why, retryable);
    }

    private void count(QueuedRequest request, String why, boolean retryable) {
        counter(failed, request.request.signal()).add(request.request.itemCount());
        warn(
                "Request given up. exporter={} items={} attempts={} reason={}",
                id,
                request.request.itemCount(),
                request.attempts,
                why);
        request.fail(why, retryable);
    }

    private void retryLater(QueuedRequest request, SendOutcome outcome) {
        long delayNanos = Math.max(nextBackoffNanos(request), outcome.retryDelayNanos());
        long elapsedNanos = clock.nanos() - request.firstAttemptNanos;
        long limitNanos = retry.maxElapsedTime().toNanos();
        if (!retry.enabled() || (limitNanos > 0 && elapsedNanos + delayNanos > limitNanos)) {
            underWay.remove(request);
            lose(request, outcome.message(), true);
            freeSlot();
            continueDrain();
            return;
        }
        if (stopping) {
            delayNanos = Math.min(delayNanos, HURRIED_RETRY_NANOS);
        }
        warn(
                "Backend refuses data, retrying. exporter={} items={} attempt={} retry_in={} reason={}",
                id,
                request.request.itemCount(),
                request.attempts,
                millis(delayNanos),
                outcome.message());
        backingOff.add(request);
        backsOff = true;
        runner.schedule(() -> resume(request), delayNanos);
    }

    private void resume(QueuedRequest request) {
        if (backingOff.remove(request)) {
            attempt(request);
        }
    }

    /** Doubles, or what the multiplier says, from the initial interval to the maximum; each with its jitter. */
    private long nextBackoffNanos(QueuedRequest request) {
        long interval = request.backoffNanos == 0 ? retry.initialInterval().toNanos() : request.backoffNanos;
        request.backoffNanos =
                (long) Math.min((double) retry.maxInterval().toNanos(), (double) interval * retry.multiplier());
        double spread = retry.randomizationFactor() * (2 * random.nextDouble() - 1);
        return (long) (interval * (1 + spread));
    }

    private void warn(String sentence, Object... facts) {
        long leftOut = warnings.leftOut();
        if (leftOut != LogInterval.NOT_YET) {
            log.warn(leftOut == 0 ? sentence : sentence + " left_out=" + leftOut, facts);
        }
    }

    private static String millis(long nanos) {
        return nanos / 1_000_000 + "ms";
    }

    private static SharedCounter counter(Map<Signal, SharedCounter> counters, Signal signal) {
        SharedCounter counter = counters.get(signal);
        if (counter == null) {
            throw new IllegalStateException("no counter for " + signal);
        }
        return counter;
    }

    private static final long HURRIED_RETRY_NANOS = 200_000_000L;
}
