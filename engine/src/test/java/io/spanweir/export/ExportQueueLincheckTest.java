package io.spanweir.export;

import static io.spanweir.interleaving.Interleavings.atOnce;
import static io.spanweir.interleaving.Interleavings.check;

import io.spanweir.component.ComponentId;
import io.spanweir.component.Exporter;
import io.spanweir.component.RetryConfig;
import io.spanweir.component.Runner;
import io.spanweir.component.SendOutcome;
import io.spanweir.component.SendingQueueConfig;
import io.spanweir.data.BatchPart;
import io.spanweir.data.ExportRequest;
import io.spanweir.data.Settlement;
import io.spanweir.interleaving.Interleavings;
import io.spanweir.memory.Budget;
import io.spanweir.telemetry.MetricRegistry;
import io.spanweir.time.ManualClock;
import io.spanweir.time.Timers;
import io.spanweir.wire.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Lanes hand requests in, the runner sends them, backends answer: nothing is lost, nobody waits for what was said already. */
class ExportQueueLincheckTest {
    /** Fails when {@link ExportSink#endOfTurn} does not look for a slot again after it said that it waits for one. */
    @Test
    void aLaneThatGathersIsWokenByTheSlotThatBecomesFree() {
        Interleavings.exploreLong(() -> {
            Sending sending = new Sending(1);
            sending.gather();
            sending.sink.endOfTurn();
            sending.run();
            sending.gather();
            atOnce(() -> sending.answer(0), () -> sending.sink.endOfTurn());
            check(sending.sink.idle() || sending.woken, "gathers beside a free slot");
        });
    }

    /**
     * A request passes from waiting to under way while a lane ends its turn. Fails when the two are counted apart: in between
     * it would take two slots, and the lane would gather until the next answer beside a free one.
     */
    @Test
    void aLaneDoesNotGatherWhileASlotIsFree() {
        Interleavings.exploreLong(() -> {
            Sending sending = new Sending(2);
            sending.gather();
            sending.sink.endOfTurn();
            sending.gather();
            atOnce(sending::run, () -> sending.sink.endOfTurn());
            check(sending.sink.idle(), "gathers beside a free slot");
        });
    }

    /**
     * The same with nothing but the one step and the one look, so that few interleavings pass between them: the runner's task is
     * taken beforehand.
     */
    @Test
    void aRequestThatGoesUnderWayTakesOneSlotAllTheTime() {
        Interleavings.explore(() -> {
            Sending sending = new Sending(2);
            sending.offer("one");
            Runnable drain = sending.tasks.remove();
            boolean[] free = new boolean[1];
            atOnce(drain, () -> free[0] = sending.queue.hasFreeSlot());
            check(free[0], "a slot is free, and looks taken");
        });
    }

    /** Fails when {@link ExportQueue} forgets after it has looked, not before, that it is to look for requests. */
    @Test
    void whatALaneHandsInWhileTheRunnerLooksIsSentWithoutAFurtherPush() {
        Interleavings.exploreLong(() -> {
            Sending sending = new Sending(4);
            sending.offer("before");
            atOnce(() -> sending.offer("meanwhile"), sending::run);
            sending.run();
            check(sending.callbacks.size() == 2, "a request stayed behind");
            sending.answer(0);
            sending.answer(1);
            sending.ended(2);
        });
    }

    /** Fails when giving up frees the bytes of a request whose answer still comes, or when that answer ends it once more. */
    @Test
    void givingUpEndsEveryRequestOnceWhetherOrNotItsAnswerComes() {
        Interleavings.exploreLong(() -> {
            Sending sending = new Sending(1);
            sending.offer("under way");
            sending.run();
            sending.offer("waits");
            atOnce(() -> sending.callbacks.get(0).done(SendOutcome.sent()), () -> {
                sending.queue.giveUp("test");
                sending.run();
            });
            sending.run();
            for (int i = 1; i < sending.callbacks.size(); i++) {
                sending.answer(i);
            }
            sending.ended(2);
        });
    }

    /** One queue on a runner that the test turns, before a backend that answers when told. */
    private static final class Sending implements Exporter, Runner {
        private static final byte[] MESSAGE = new byte[8];

        final Budget budget = new Budget("export", 64 * 1024);
        final ExportMemory memory = new ExportMemory(budget);
        final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
        final List<Callback> callbacks = new ArrayList<>();
        final ExportQueue queue;
        final ExportSink sink;
        volatile boolean woken;
        int settled;

        Sending(int slots) {
            ManualClock clock = new ManualClock();
            queue = new ExportQueue(
                    java.util.Objects.requireNonNull(ComponentId.parse("out")),
                    this,
                    new SendingQueueConfig(true, slots, 4, SendingQueueConfig.Sizer.REQUESTS, false, true, null),
                    RetryConfig.OFF,
                    this,
                    memory,
                    clock,
                    new SplittableRandom(1),
                    new MetricRegistry());
            sink = new ExportSink(queue, Signal.TRACES, memory, clock, new Timers(), () -> woken = true);
        }

        void gather() {
            BatchPart part = new BatchPart();
            part.clear(Signal.TRACES);
            part.addRun(part.addGroup(MESSAGE, 0, 0, 0, 0, 0, 0, 0, 0), MESSAGE, 0, 8, 1, 1, BatchPart.NO_TRACE_ID);
            part.wholeMessage(MESSAGE, 0, MESSAGE.length);
            sink.accept(part);
        }

        void offer(String name) {
            byte[] block = memory.take();
            if (block == null) {
                throw new AssertionError("no room for " + name);
            }
            byte[][] blocks = {block};
            ExportRequest request =
                    new ExportRequest(Signal.TRACES, 1, blocks, new int[] {8}, io.spanweir.data.ClientMetadata.EMPTY);
            List<Settlement> attached = new ArrayList<>();
            attached.add(new Settlement((failure, retryable) -> settled++));
            queue.offer(new QueuedRequest(request, blocks, 1, attached));
        }

        void answer(int request) {
            callbacks.get(request).done(SendOutcome.sent());
            run();
        }

        /** What the runner's thread does: one at a time. */
        void run() {
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
            }
        }

        void ended(int requests) {
            check(settled == requests, "not every request was settled once");
            check(budget.usedBytes() == 0, "bytes were not given back");
            check(queue.idle(), "not idle");
            check(!queue.full(), "counts what has left");
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
            throw new AssertionError("no retries here");
        }
    }
}
