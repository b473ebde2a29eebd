package io.spanweir.perf.overload;

import io.spanweir.perf.load.Requests;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Senders that ask for more than the pipeline behind the receiver can do: requests of 200 spans, due at fixed moments on
 * several connections, whatever the answers are. Threading: each connection has a thread.
 */
final class FourTimes {
    static final int SPANS = 200;
    private static final int CONNECTIONS = 16;

    private FourTimes() {}

    /**
     * Sends for so long and returns the requests accepted in a second.
     *
     * @param requestsPerSecond over all connections; 0: the next when one is answered, and after a pause when it is refused
     */
    static double run(int port, double requestsPerSecond, long nanos, Counts counts) throws InterruptedException {
        long begin = System.nanoTime();
        long acceptedBefore = counts.accepted.get();
        AtomicLong next = new AtomicLong();
        List<Thread> senders = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            int seed = i;
            senders.add(Threads.start("sender-" + i, () -> {
                Requests requests = new Requests(SPANS, seed);
                while (System.nanoTime() - begin < nanos) {
                    try (HttpExports connection = new HttpExports(port)) {
                        send(connection, requests, next, requestsPerSecond, begin, nanos, counts);
                    } catch (IOException broken) {
                        counts.refusedForNow.incrementAndGet(); // unanswered: the sender tries again
                    }
                }
            }));
        }
        for (Thread sender : senders) {
            sender.join();
        }
        return (counts.accepted.get() - acceptedBefore) / ((System.nanoTime() - begin) / 1e9);
    }

    private static void send(
            HttpExports connection,
            Requests requests,
            AtomicLong next,
            double requestsPerSecond,
            long begin,
            long nanos,
            Counts counts)
            throws IOException {
        while (System.nanoTime() - begin < nanos) {
            if (requestsPerSecond > 0) {
                long due = begin + (long) (next.getAndIncrement() * 1e9 / requestsPerSecond);
                if (due - begin >= nanos) {
                    return;
                }
                LockSupport.parkNanos(due - System.nanoTime());
            }
            int status = connection.export(requests.next());
            counts.answered(status, connection.hasRetryTime(), SPANS);
            if (requestsPerSecond == 0 && status != 200) {
                LockSupport.parkNanos(20_000_000);
            }
        }
    }
}
