package io.spanweir.export;

import io.spanweir.component.ComponentId;
import io.spanweir.component.Exporter;
import io.spanweir.component.RetryConfig;
import io.spanweir.component.Runner;
import io.spanweir.component.SendingQueueConfig;
import io.spanweir.data.BatchPart;
import io.spanweir.data.ClientMetadata;
import io.spanweir.data.ExportRequest;
import io.spanweir.memory.Budget;
import io.spanweir.telemetry.MetricRegistry;
import io.spanweir.time.ManualClock;
import io.spanweir.time.Timers;
import io.spanweir.wire.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;

/** One queue and the sink of one lane, on a runner that runs when told, before a backend that answers when told. */
final class SlowBackend implements Exporter, Runner {
    private static final byte[] MESSAGE = new byte[8];
    private static final ComponentId ID = Objects.requireNonNull(ComponentId.parse("out"));

    final Budget budget = new Budget("export", 8 * 1024);
    final ExportQueue queue;
    final ExportSink sink;
    /** Runner only. */
    final List<Callback> callbacks = new ArrayList<>();

    volatile boolean woken;
    private final ExportMemory memory = new ExportMemory(budget);
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    SlowBackend(int slots) {
        ManualClock clock = new ManualClock();
        queue = new ExportQueue(
                ID,
                this,
                new SendingQueueConfig(true, slots, 4, SendingQueueConfig.Sizer.REQUESTS, false, false, null),
                RetryConfig.OFF,
                this,
                memory,
                clock,
                new SplittableRandom(1),
                new MetricRegistry());
        sink = new ExportSink(queue, Signal.TRACES, memory, clock, new Timers(), () -> woken = true);
    }

    /** Puts an item into the open request of the lane. */
    void gather() {
        BatchPart part = new BatchPart();
        part.clear(Signal.TRACES);
        part.addRun(part.addGroup(MESSAGE, 0, 0, 0, 0, 0, 0, 0, 0), MESSAGE, 0, 8, 1, 1, BatchPart.NO_TRACE_ID);
        part.wholeMessage(MESSAGE, 0, MESSAGE.length);
        sink.accept(part);
    }

    /** Hands a request in, as another lane does. */
    void offer() {
        byte[][] blocks = {Objects.requireNonNull(memory.take())};
        ExportRequest request = new ExportRequest(Signal.TRACES, 1, blocks, new int[] {8}, ClientMetadata.EMPTY);
        queue.offer(new QueuedRequest(request, blocks, 1, new ArrayList<>()));
    }

    /** The runner's thread. */
    void run() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    @Override
    public void send(ExportRequest request, Callback callback) {
        callbacks.add(callback);
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public void schedule(Runnable task, long delayNanos) {
        throw new IllegalStateException("no retries here");
    }
}
