package io.spanweir.receiver.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetric;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.spanweir.Spanweir;
import io.spanweir.config.ConfigLoader;
import io.spanweir.config.Problems;
import io.spanweir.graph.Topology;
import io.spanweir.lane.LaneMetric;
import io.spanweir.memory.MemoryMetric;
import io.spanweir.wire.Signal;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A whole engine that discards what it receives, with a well-behaved client of each protocol that exports one request after
 * another while a test does its worst.
 */
final class UnderAttack implements AutoCloseable {
    private static final String CONFIG = """
            receivers:
              otlp:
                protocols:
                  grpc: { endpoint: "127.0.0.1:0" }
                  http: { endpoint: "127.0.0.1:0" }
            exporters:
              nop:
            service:
              pipelines:
                traces: { receivers: [otlp], exporters: [nop] }
            engine: { memory: 64MiB, lanes: 1 }
            """;

    private static final byte[] REQUEST = Requests.tracesOfLength(2_000).toByteArray();

    /** What a well-behaved client may wait for an answer on a busy machine, where one I/O thread serves all. */
    private static final long LATENCY_NANOS_MAX = 5_000_000_000L;

    final int grpcPort;
    final int httpPort;
    private final Spanweir spanweir;
    private final long nettyBytesBefore = nettyBytes();
    private final WellBehaved grpc;
    private final WellBehaved http;
    private final CountDownLatch over = new CountDownLatch(1);

    /** @param sets options that differ, as {@code key=value} */
    UnderAttack(String... sets) throws Exception {
        Problems problems = new Problems();
        Topology topology = Topology.decode(
                ConfigLoader.system().load(List.of("yaml:" + CONFIG), List.of(sets), problems), Spanweir.components());
        assertThat(problems.hasErrors()).as("%s", problems).isFalse();
        spanweir = Spanweir.builder(topology).start();
        grpcPort = spanweir.addresses().get("otlp/grpc").getPort();
        httpPort = spanweir.addresses().get("otlp/http").getPort();
        grpc = new WellBehaved("grpc", this::exportByGrpc);
        http = new WellBehaved("http", this::exportByHttp);
        grpc.begun.await();
        http.begun.await();
    }

    int port(boolean ofGrpc) {
        return ofGrpc ? grpcPort : httpPort;
    }

    private interface Exports {
        void run(WellBehaved client) throws Exception;
    }

    /** Exports until the attack is over; any failure is a failure of the test. */
    private static final class WellBehaved extends Thread {
        final CountDownLatch begun = new CountDownLatch(3);
        final AtomicInteger answered = new AtomicInteger();
        private final Exports exports;
        volatile long slowestNanos;
        volatile Throwable problem;

        WellBehaved(String name, Exports exports) {
            super("well-behaved-" + name);
            this.exports = exports;
            setDaemon(true);
            start();
        }

        @Override
        public void run() {
            try {
                exports.run(this);
            } catch (Exception | AssertionError e) {
                problem = e;
            }
            while (begun.getCount() > 0) {
                begun.countDown();
            }
        }

        void answered(long sinceNanos) {
            slowestNanos = Math.max(slowestNanos, System.nanoTime() - sinceNanos);
            answered.incrementAndGet();
            begun.countDown();
        }
    }

    private void exportByGrpc(WellBehaved client) throws Exception {
        try (GrpcClient connection = new GrpcClient(io.grpc.netty.NettyChannelBuilder.forAddress("127.0.0.1", grpcPort)
                .usePlaintext())) {
            while (!over.await(1, TimeUnit.MILLISECONDS)) {
                long begin = System.nanoTime();
                connection.export(Signal.TRACES, REQUEST);
                client.answered(begin);
            }
        }
    }

    private void exportByHttp(WellBehaved client) throws Exception {
        String head = "POST /v1/traces HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-protobuf\r\nContent-Length: "
                + REQUEST.length + "\r\n\r\n";
        try (RawHttp connection = new RawHttp(httpPort)) {
            while (!over.await(1, TimeUnit.MILLISECONDS)) {
                long begin = System.nanoTime();
                connection.send(head);
                connection.send(REQUEST);
                assertThat(connection.reply().status()).isEqualTo(200);
                client.answered(begin);
            }
        }
    }

    /** Bytes that Netty has from the system, on and off the heap, for all in this JVM. */
    static long nettyBytes() {
        ByteBufAllocatorMetric metric = ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric();
        return metric.usedDirectMemory() + metric.usedHeapMemory();
    }

    long nettyBytesMore() {
        return nettyBytes() - nettyBytesBefore;
    }

    long refusedCount() {
        return (long) spanweir.metrics().sum(LaneMetric.REFUSED_REQUESTS);
    }

    /** Waits until both well-behaved clients have been answered some more. */
    void awaitServed() {
        for (WellBehaved client : List.of(grpc, http)) {
            int before = client.answered.get();
            org.awaitility.Awaitility.await(client.getName() + " is served")
                    .atMost(java.time.Duration.ofNanos(2 * LATENCY_NANOS_MAX))
                    .failFast(() -> client.problem != null)
                    .until(() -> client.answered.get() > before + 5);
        }
    }

    /** The clients were served, all of the time; nothing of the attack is left in transit memory. */
    void assertServed() throws Exception {
        over.countDown();
        for (WellBehaved client : List.of(grpc, http)) {
            client.join(2 * LATENCY_NANOS_MAX / 1_000_000);
            assertThat(client.problem).as("problem of " + client.getName()).isNull();
            assertThat(client.slowestNanos)
                    .as("slowest answer to " + client.getName())
                    .isLessThan(LATENCY_NANOS_MAX);
        }
        assertThat(spanweir.metrics().sum(LaneMetric.accepted(Signal.TRACES)))
                .as("accepted requests of one span")
                .isGreaterThanOrEqualTo(grpc.answered.get() + http.answered.get());
        assertThat(spanweir.metrics().sum(MemoryMetric.USED, "transit"))
                .as("transit memory: an open segment of each protocol")
                .isLessThanOrEqualTo(4 << 20);
    }

    @Override
    public void close() throws IOException {
        over.countDown();
        spanweir.close(java.time.Duration.ofSeconds(10));
    }
}
