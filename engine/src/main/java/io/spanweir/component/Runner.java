package io.spanweir.component;

/** A serial executor with timers: tasks run one after the other, in order. Threading: any thread may hand in. */
public interface Runner {
    void execute(Runnable task);

    /** Runs the task after the delay; there is no way to take it back. */
    void schedule(Runnable task, long delayNanos);
}
