package io.spanweir.perf.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spanweir.Spanweir;
import io.spanweir.config.ConfigLoader;
import io.spanweir.config.Problems;
import io.spanweir.graph.Topology;
import io.spanweir.perf.load.LoadProtocol;
import io.spanweir.perf.load.LoadResult;
import io.spanweir.perf.load.RequestImages;
import io.spanweir.perf.load.WireLoad;
import io.spanweir.perf.load.WireSink;
import io.spanweir.testkit.Seeds;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Generator, the real engine, and sink. */
class EngineBehindLoadIT {
    @ParameterizedTest(name = "{0}, {1} spans/s")
    @CsvSource({"PASS_GRPC, 0", "PASS_GRPC, 20000", "PASS_HTTP, 0", "PASS_HTTP_GZIP, 0"})
    void everyAcceptedSpanArrives(Work work, long spansPerSecond) throws Exception {
        LoadProtocol protocol = work.protocol();
        try (WireSink sink = new WireSink(protocol);
                Spanweir engine = start(work, sink.port())) {
            InetSocketAddress address =
                    engine.addresses().values().stream().findFirst().orElseThrow();
            RequestImages images = new RequestImages(protocol, 200, "localhost", 1, Seeds.seed());
            try (WireLoad load = new WireLoad(protocol, address, images, 2, 4)) {
                assertThat(load.awaitAccepted(10_000_000_000L)).isTrue();
                LoadResult result = load.run(2_000_000_000L, spansPerSecond);
                assertThat(result.acceptedRequests()).isPositive();
                await().atMost(Duration.ofSeconds(20))
                        .untilAsserted(() -> assertThat(sink.spanCount()).isEqualTo(load.acceptedSpansTotal()));
                assertThat(sink.problem()).isEmpty();
            }
        }
    }

    private static Spanweir start(Work work, int sinkPort) throws Exception {
        Problems problems = new Problems();
        String yaml = new WorkConfig(0, sinkPort, 1, "128MiB").yaml(Engine.SPANWEIR, work);
        Topology topology =
                Topology.decode(ConfigLoader.system().loadText("compare", yaml, problems), Spanweir.components());
        assertThat(problems.hasErrors()).as(problems.toString()).isFalse();
        return Spanweir.builder(topology).seed(Seeds.seed()).start();
    }
}
