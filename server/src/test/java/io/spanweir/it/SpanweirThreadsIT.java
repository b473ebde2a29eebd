package io.spanweir.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.spanweir.Spanweir;
import io.spanweir.config.ConfigLoader;
import io.spanweir.config.Problems;
import io.spanweir.export.ExportMetric;
import io.spanweir.graph.Topology;
import io.spanweir.lane.LaneMetric;
import io.spanweir.testsink.OtlpSink;
import io.spanweir.testsink.SinkAnswer;
import io.spanweir.wire.Signal;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An engine with its real threads, in this process, between several gRPC connections and a backend. */
class SpanweirThreadsIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration IDLE = Duration.ofSeconds(2);
    private static final Duration IDLE_CPU_MAX = Duration.ofMillis(20);
    private static final int LANES = 2;
    private static final String CONFIG = """
            receivers:
              otlp: { protocols: { grpc: { endpoint: 127.0.0.1:0 } } }
            processors:
              tail_sampling:
                decision_wait: 10m
                policies: [{ name: all, type: always_sample }]
            exporters:
              otlp_grpc: { endpoint: "%s", tls: { insecure: true } }
            service:
              pipelines:
                traces: { receivers: [otlp], exporters: [otlp_grpc] }
            engine: { lanes: %d, memory: 128MiB }
            """;

    private final Closing closing = new Closing();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    @AfterEach
    void stopAll() throws Exception {
        closing.close();
    }

    @Test
    void whatSeveralConnectionsWereAcknowledgedArrivesOnceAndLanesSleepAfterwards() throws Exception {
        OtlpSink backend = closing.add(OtlpSink.start());
        Spanweir spanweir = closing.add(start(backend, List.of()));
        OtlpLoad load = OtlpLoad.send(port(spanweir), Duration.ofSeconds(5));

        assertThat(load.refusedCount()).as("refused requests").isZero();
        await("everything acknowledged arrives")
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(backend.spanCount()).isEqualTo(load.acknowledgedSpanCount()));
        assertArrived(backend, spanweir, load);
        assertLanesSleep();
    }

    static Stream<Arguments> shortages() {
        Duration slow = Duration.ofMillis(20);
        String queue = "exporters.otlp_grpc.sending_queue=";
        String shortQueue = "num_consumers: 1, queue_size: 2, batch: { min_size: 1, max_size: 20, sizer: items }";
        return Stream.of(
                argumentSet(
                        "the backend is slow and the queue short",
                        slow,
                        true,
                        List.of(queue + "{ " + shortQueue + " }")),
                argumentSet(
                        "a full queue delays answers",
                        slow,
                        false,
                        List.of(queue + "{ " + shortQueue + ", block_on_overflow: true }")),
                argumentSet(
                        "answers wait for the backend's", slow, false, List.of(queue + "{ wait_for_result: true }")),
                argumentSet(
                        "waiting traces fill the memory",
                        Duration.ZERO,
                        true,
                        List.of("service.pipelines.traces.processors=[tail_sampling]", "engine.memory=8MiB")));
    }

    @ParameterizedTest
    @MethodSource("shortages")
    void whatWasAcknowledgedArrivesOnceWhenRoomIsShort(Duration answerDelay, boolean refuses, List<String> sets)
            throws Exception {
        OtlpSink backend = closing.add(OtlpSink.start());
        backend.answer(SinkAnswer.ok().withDelay(answerDelay));
        Spanweir spanweir = closing.add(start(backend, sets));
        OtlpLoad load = OtlpLoad.send(port(spanweir), Duration.ofSeconds(2));

        assertThat(load.acknowledged()).isNotEmpty();
        assertThat(load.refusedCount() > 0)
                .as("%d requests refused", load.refusedCount())
                .isEqualTo(refuses);
        assertThat(spanweir.close(LIMIT)).as("everything sent").isTrue();
        assertArrived(backend, spanweir, load);
    }

    private Spanweir start(OtlpSink backend, List<String> sets) throws Exception {
        Problems problems = new Problems();
        String yaml = CONFIG.formatted(backend.grpcEndpoint(), LANES);
        Topology topology = Topology.decode(
                ConfigLoader.system().load(List.of("yaml:" + yaml), sets, problems), Spanweir.components());
        assertThat(problems.hasErrors()).as("%s", problems).isFalse();
        return Spanweir.builder(topology).threads(this::thread).start();
    }

    private Thread thread(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        threads.add(thread);
        return thread;
    }

    private static int port(Spanweir spanweir) {
        return spanweir.addresses().get("otlp/grpc").getPort();
    }

    private static void assertArrived(OtlpSink backend, Spanweir spanweir, OtlpLoad load) {
        ReceivedTraces received = ReceivedTraces.of(backend);
        assertThat(received.byTraceId().keySet()).isEqualTo(load.acknowledged());
        assertThat(received.byTraceId().values()).allMatch(spans -> spans.size() == OtlpLoad.SPANS_PER_REQUEST);
        assertThat(received.repeatedSpans()).isZero();
        assertThat(spanweir.metrics().sum(LaneMetric.accepted(Signal.TRACES))).isEqualTo(load.acknowledgedSpanCount());
        assertThat(spanweir.metrics().sum(LaneMetric.REFUSED_REQUESTS)).isEqualTo(load.refusedCount());
        await("answers of the backend are counted")
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(spanweir.metrics().sum(ExportMetric.sent(Signal.TRACES)))
                        .isEqualTo(load.acknowledgedSpanCount()));
    }

    /** A lane that wakes by a tick, or spins, uses far more processor time than this. */
    private void assertLanesSleep() {
        List<Thread> lanes = threads.stream()
                .filter(thread -> thread.getName().startsWith("spanweir-lane-"))
                .toList();
        assertThat(lanes).hasSize(LANES);
        ThreadMXBean times = ManagementFactory.getThreadMXBean();
        long before = cpuNanos(times, lanes);
        await("idle lanes")
                .pollDelay(IDLE)
                .atMost(IDLE.plus(LIMIT))
                .until(() -> lanes.stream()
                        .allMatch(lane -> lane.getState() == Thread.State.WAITING
                                || lane.getState() == Thread.State.TIMED_WAITING));
        assertThat(Duration.ofNanos(cpuNanos(times, lanes) - before))
                .as("processor time of the lanes in %s without traffic", IDLE)
                .isLessThan(IDLE_CPU_MAX);
    }

    private static long cpuNanos(ThreadMXBean times, List<Thread> lanes) {
        return lanes.stream()
                .mapToLong(lane -> times.getThreadCpuTime(lane.getId()))
                .sum();
    }
}
