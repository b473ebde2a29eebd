package io.spanweir.perf;

import static java.util.Objects.requireNonNull;

import io.spanweir.Spanweir;
import io.spanweir.config.ConfigLoader;
import io.spanweir.config.Problems;
import io.spanweir.graph.Topology;
import io.spanweir.perf.load.GrpcLoad;
import io.spanweir.perf.load.NettyUnaryServer;
import io.spanweir.perf.load.RawHttpClient;
import io.spanweir.perf.load.RawHttpSink;
import io.spanweir.perf.load.Requests;
import io.spanweir.perf.load.Taker;
import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The framing of gRPC and HTTP by the real receiver and exporters, over the loopback interface: an engine with its own threads
 * in the process of the benchmark takes requests of 200 spans, uncompressed. An operation is a request. What counts are the
 * figures of the engine's threads, by {@link EngineThreadsProfiler}; the operation itself waits for the network.
 */
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class TransportBenchmark {
    private static final int REQUESTS = 32;
    private static final long REFUSED_PAUSE_MILLIS = 20;
    private static final int CALLS_AT_ONCE = 4;
    private static final int SPANS_PER_REQUEST = 200;

    /** Where requests come in, where they leave. */
    public enum Way {
        GRPC_TO_NOP("{nop: }", "nop"),
        HTTP_TO_NOP("{nop: }", "nop"),
        GRPC_TO_GRPC("{otlp_grpc: {endpoint: '127.0.0.1:%d', tls: {insecure: true}, compression: none}}", "otlp_grpc"),
        GRPC_TO_HTTP("{otlp_http: {endpoint: 'http://127.0.0.1:%d', compression: none}}", "otlp_http");

        private final String exporters;
        private final String exporter;

        Way(String exporters, String exporter) {
            this.exporters = exporters;
            this.exporter = exporter;
        }

        String yaml(int sinkPort) {
            return """
                    engine: {memory: 256MiB, lanes: 1}
                    receivers:
                      otlp:
                        protocols:
                          grpc: {endpoint: "127.0.0.1:0"}
                          http: {endpoint: "127.0.0.1:0"}
                    exporters: %s
                    service:
                      telemetry: {metrics: {level: none}, logs: {level: warn}}
                      pipelines:
                        traces: {receivers: [otlp], exporters: [%s]}
                    """.formatted(exporters.formatted(sinkPort), exporter);
        }
    }

    @Param
    Way way;

    private final Requests requests = new Requests(SPANS_PER_REQUEST, 7);
    private final Taker sunk = new Taker();
    private NettyUnaryServer grpcSink;
    private RawHttpSink httpSink;
    private Spanweir engine;
    private GrpcLoad grpc;
    private RawHttpClient http;
    private long sentRequests;

    @Setup
    public void start() throws Exception {
        grpcSink = new NettyUnaryServer(sunk);
        httpSink = new RawHttpSink();
        String yaml = way.yaml(way == Way.GRPC_TO_HTTP ? httpSink.port() : grpcSink.port());
        Problems problems = new Problems();
        Topology topology =
                Topology.decode(ConfigLoader.system().loadText("transport", yaml, problems), Spanweir.components());
        if (problems.hasErrors()) {
            throw new IllegalStateException(problems.toString());
        }
        engine = Spanweir.builder(topology).seed(7).start();
        if (way == Way.HTTP_TO_NOP) {
            http = new RawHttpClient(port("otlp/http"));
        } else {
            grpc = new GrpcLoad(port("otlp/grpc"), requests, 1, CALLS_AT_ONCE);
            sentRequests = 1; // the load's own first call
        }
    }

    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public long requests() throws IOException, InterruptedException {
        if (way == Way.HTTP_TO_NOP) {
            for (int i = 0; i < REQUESTS; i++) {
                while (!http.post(requests.next())) {
                    Thread.sleep(REFUSED_PAUSE_MILLIS);
                }
            }
        } else {
            grpc.runRequests(REQUESTS);
        }
        sentRequests += REQUESTS;
        awaitSink();
        return sentRequests;
    }

    /** The engine stays until the process ends: profilers read its threads after this. */
    @TearDown
    public void stop() throws IOException {
        if (http != null) {
            http.close();
        }
        if (grpc != null) {
            grpc.close();
        }
        grpcSink.close();
        httpSink.close();
    }

    private int port(String address) {
        return requireNonNull(engine.addresses().get(address)).getPort();
    }

    private void awaitSink() throws InterruptedException {
        long spans = sentRequests * SPANS_PER_REQUEST;
        while (way == Way.GRPC_TO_GRPC && sunk.spanCount() < spans) {
            Thread.sleep(0, 50_000);
        }
        // Requests have nearly one length; what is missing of a whole one is still under way.
        while (way == Way.GRPC_TO_HTTP
                && httpSink.bodyBytes() < (spans - SPANS_PER_REQUEST) * requests.bytesPerSpan()) {
            Thread.sleep(0, 50_000);
        }
    }
}
