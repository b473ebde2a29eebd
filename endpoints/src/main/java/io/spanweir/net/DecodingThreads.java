package io.spanweir.net;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Decompresses bodies that would keep an I/O thread, and all connections it serves, for long: some hundred KiB that become 20 MiB
 * are 50 ms. Few threads, which end after ten seconds without work, each with one buffer of the largest size, so that bombs do not
 * make garbage; what waits for them is bounded by number here and in bytes by {@link BodyBudget}. Threading: any thread.
 */
final class DecodingThreads {
    /** So many bytes are tried on the I/O thread, which takes a millisecond or two. */
    static final int APART_BYTES_MIN = 1 << 20;

    static final int WAITING_MAX = 16;

    /** Compressed bodies from this length on are hardly ever shorter than the above when they are decompressed. */
    private static final int APART_COMPRESSED_BYTES_MIN = 256 << 10;

    private static final long IDLE_SECONDS = 10;

    private final AtomicInteger number = new AtomicInteger();
    private final ThreadPoolExecutor threads;

    DecodingThreads(int count) {
        threads = new ThreadPoolExecutor(
                count, count, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING_MAX), this::thread);
        threads.allowCoreThreadTimeOut(true);
    }

    private Thread thread(Runnable work) {
        return new DecodingThread(work, "spanweir-decode-" + number.getAndIncrement());
    }

    private static final class DecodingThread extends Thread {
        final ContentDecoders decoders = new ContentDecoders(Integer.MAX_VALUE);

        DecodingThread(Runnable work, String name) {
            super(work, name);
            setDaemon(true);
        }

        @Override
        public void run() {
            try (decoders) {
                super.run();
            }
        }
    }

    /** Whether a body is not to be tried on the I/O thread. */
    static boolean apartAtOnce(int compressedBytes) {
        return compressedBytes >= APART_COMPRESSED_BYTES_MIN;
    }

    interface Work {
        /** Threading: the thread of decoding. */
        ContentDecoders.Result decode(ContentDecoders decoders);

        /** Threading: the executor that was given; the decoders are not used by others meanwhile. */
        void decoded(ContentDecoders.Result result, ContentDecoders decoders);

        /** In place of {@link #decoded} when the executor takes nothing any more. Threading: the thread of decoding. */
        void abandoned();
    }

    /** Decodes, then lets the executor go on with it; false when there is too much to do already. */
    boolean tryDecode(Work work, Executor executor) {
        try {
            threads.execute(() -> run(work, executor));
            return true;
        } catch (RejectedExecutionException full) {
            return false;
        }
    }

    private void run(Work work, Executor executor) {
        ContentDecoders own = ((DecodingThread) Thread.currentThread()).decoders;
        ContentDecoders.Result result = work.decode(own);
        CountDownLatch used = new CountDownLatch(1);
        try {
            executor.execute(() -> {
                try {
                    work.decoded(result, own);
                } finally {
                    used.countDown();
                }
            });
        } catch (RejectedExecutionException ended) {
            work.abandoned();
            return;
        }
        try {
            used.await();
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    /** To be called when the executors have ended. */
    void close() {
        threads.shutdownNow();
    }
}
