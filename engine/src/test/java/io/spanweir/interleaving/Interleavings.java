package io.spanweir.interleaving;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.jetbrains.lincheck.Lincheck;

/**
 * Runs a few threads through many interleavings of their accesses to shared memory: a model checker decides who runs next, so
 * a failure repeats and is printed as the steps that lead to it. It assumes sequential consistency: what only a weaker
 * processor reorders (a missing fence, a plain store) is for the races of {@code perf/stress}.
 *
 * <p>{@code -Dinterleavings=N} explores N of each test; without it a number that takes a few seconds.
 */
public final class Interleavings {
    private static final int DEFAULT_COUNT = 100;
    private static final int LONG_BLOCK_COUNT = 40;

    private Interleavings() {}

    /** Throws what the block throws in some interleaving of the threads that it starts. Nothing is logged meanwhile. */
    public static void explore(Runnable block) {
        explore(DEFAULT_COUNT, block);
    }

    /** The same for a block of so many steps that each interleaving takes tens of milliseconds: fewer of them. */
    public static void exploreLong(Runnable block) {
        explore(LONG_BLOCK_COUNT, block);
    }

    private static void explore(int defaultCount, Runnable block) {
        Logger root = Logger.getLogger("");
        Level before = root.getLevel();
        root.setLevel(Level.OFF); // a line would be thousands of steps, and initialises classes that the checker cannot
        // follow
        try {
            Lincheck.runConcurrentTest(Integer.getInteger("interleavings", defaultCount), block);
        } finally {
            root.setLevel(before);
        }
    }

    /** Runs the steps at once, the last on the caller's thread, and returns when all are done. */
    public static void atOnce(Runnable... steps) {
        Thread[] threads = new Thread[steps.length - 1];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new Thread(steps[i]);
            threads[i].start();
        }
        steps[threads.length].run();
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** As an assertion that costs no steps of the model checker. */
    public static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
