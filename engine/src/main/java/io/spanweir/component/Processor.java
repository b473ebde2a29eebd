package io.spanweir.component;

import io.spanweir.data.PartConsumer;

/**
 * One step of a pipeline on one lane: single-threaded, plain calls to {@link ProcessorContext#next()}. Must not block, keep a
 * view after the call returns, start a thread, open a socket, or read the system clock. Threading: lane.
 */
public interface Processor extends PartConsumer {
    /** The lane is about to turn for the first time. */
    default void start() {}

    /**
     * At the end of a turn: bounded work that waits for no timer, such as freeing memory when {@code memory().pressure()} asks.
     * Returns how much was done, 0 to let the lane sleep.
     */
    default int turn() {
        return 0;
    }

    /**
     * Shutting down: lets go of what waits, in bounded steps, and of the memory it has. Called again until it answers true,
     * then no more; nothing is handed to it afterwards.
     */
    default boolean drain() {
        return true;
    }

    /**
     * The deadline of the shutdown has passed before {@link #drain} was done: drops what is left, counted under a reason, and
     * lets go of its memory. Called at most once, and then nothing more.
     */
    default void abandon() {}
}
