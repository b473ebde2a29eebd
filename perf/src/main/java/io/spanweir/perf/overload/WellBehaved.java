package io.spanweir.perf.overload;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.spanweir.perf.load.ExportMethod;
import io.spanweir.perf.load.Requests;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One client of each protocol that exports ten spans, fifty times a second, and comes again when it is refused; before that a
 * thousand times a second, until the program is warm. Threading: each client has a thread, phases are changed by another.
 */
final class WellBehaved {
    private static final long INTERVAL_NANOS = 20_000_000;
    private static final long WARM_UP_INTERVAL_NANOS = 1_000_000;
    private static final int SPANS = 10;
    private static final int SAMPLES_MAX = 100_000;
    private static final long DEADLINE_SECONDS = 20;

    private final Counts counts;
    private final long[] samples = new long[SAMPLES_MAX];
    private int sampleCount;
    private volatile long intervalNanos = WARM_UP_INTERVAL_NANOS;
    private volatile boolean over;
    private final Thread[] clients;

    WellBehaved(int grpcPort, int httpPort, Counts counts) {
        this.counts = counts;
        clients = new Thread[] {
            Threads.start("well-behaved-grpc", () -> exportByGrpc(grpcPort)),
            Threads.start("well-behaved-http", () -> exportByHttp(httpPort))
        };
    }

    /** From now on fifty requests a second. */
    void endWarmUp() {
        intervalNanos = INTERVAL_NANOS;
    }

    /** Latencies since the last call in milliseconds: median, 99th percentile and number. */
    synchronized double[] phase() {
        long[] sorted = Arrays.copyOf(samples, sampleCount);
        Arrays.sort(sorted);
        sampleCount = 0;
        if (sorted.length == 0) {
            return new double[] {Double.NaN, Double.NaN, 0};
        }
        return new double[] {sorted[sorted.length / 2] / 1e6, sorted[(int) (sorted.length * 0.99)] / 1e6, sorted.length
        };
    }

    private synchronized void sample(long nanos) {
        if (sampleCount < SAMPLES_MAX) {
            samples[sampleCount++] = nanos;
        }
    }

    private interface Export {
        /** Whether it was accepted. */
        boolean accepted(byte[] request) throws IOException;
    }

    private void run(Export export) throws IOException {
        Requests requests = new Requests(SPANS, Thread.currentThread().getId());
        for (long due = System.nanoTime(); !over; due = Math.max(due + intervalNanos, System.nanoTime() - 1)) {
            LockSupport.parkNanos(due - System.nanoTime());
            long begin = System.nanoTime();
            if (export.accepted(requests.next())) {
                sample(System.nanoTime() - begin);
            }
        }
    }

    private void exportByHttp(int port) throws IOException {
        while (!over) {
            try (HttpExports connection = new HttpExports(port)) {
                run(request -> {
                    int status = connection.export(request);
                    counts.answered(status, connection.hasRetryTime(), SPANS);
                    return status == 200;
                });
            } catch (IOException broken) {
                counts.refusedForNow.incrementAndGet();
            }
        }
    }

    private void exportByGrpc(int port) throws IOException {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .directExecutor()
                .build();
        var export = ExportMethod.of(ExportMethod.BYTES_OUT);
        try {
            run(request -> {
                try {
                    ClientCalls.blockingUnaryCall(
                            channel,
                            export,
                            CallOptions.DEFAULT.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS),
                            request.clone());
                    counts.answered(200, false, SPANS);
                    return true;
                } catch (StatusRuntimeException e) {
                    boolean retryable = e.getStatus().getCode() == io.grpc.Status.Code.UNAVAILABLE;
                    counts.answered(503, retryable, SPANS);
                    return false;
                }
            });
        } finally {
            channel.shutdownNow();
        }
    }

    /** Returns when both have ended. */
    void end() throws InterruptedException {
        over = true;
        for (Thread client : clients) {
            client.join(TimeUnit.SECONDS.toMillis(DEADLINE_SECONDS));
        }
    }
}
