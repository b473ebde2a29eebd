package io.spanweir.graph;

import io.spanweir.component.Runner;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** The runner of exporters that bring none: one thread, started on first use. Threading: any thread may hand in. */
public final class ExportThread implements Runner, AutoCloseable {
    private final ScheduledThreadPoolExecutor executor;

    public ExportThread(ThreadFactory threads) {
        executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = threads.newThread(task);
            thread.setName("spanweir-export");
            return thread;
        });
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        executor.setRemoveOnCancelPolicy(true);
    }

    @Override
    public void execute(Runnable task) {
        if (!executor.isShutdown()) {
            executor.execute(task);
        }
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // there is no way to take a task back; what it throws, it logs itself
    public void schedule(Runnable task, long delayNanos) {
        if (!executor.isShutdown()) {
            executor.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
