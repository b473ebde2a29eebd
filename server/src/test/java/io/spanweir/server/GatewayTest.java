package io.spanweir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spanweir.Spanweir;
import io.spanweir.StartException;
import io.spanweir.config.ConfigLoader;
import io.spanweir.config.Problems;
import io.spanweir.graph.Topology;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class GatewayTest {
    private static Topology topology(int receiverPort, int scrapePort) {
        Problems problems = new Problems();
        String yaml = """
                receivers: {otlp: {protocols: {grpc: {endpoint: "127.0.0.1:%d"}}}}
                exporters: {nop: }
                service:
                  telemetry: {metrics: {readers: [{pull: {exporter: {prometheus: {host: 127.0.0.1, port: %d}}}}]}}
                  pipelines: {traces: {receivers: [otlp], exporters: [nop]}}
                engine: {memory: 32MiB}
                """.formatted(receiverPort, scrapePort);
        Topology topology =
                Topology.decode(ConfigLoader.system().loadText("test", yaml, problems), Spanweir.components());
        assertThat(problems.list()).isEmpty();
        return topology;
    }

    @Test
    void busyPortOfTheMetricsNamesTheOptionToChange() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatThrownBy(() -> Gateway.start(topology(0, taken.getLocalPort())))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(
                            "metrics of the program itself: cannot listen on 127.0.0.1:" + taken.getLocalPort() + " (")
                    .hasMessageEndingWith("; set service.telemetry.metrics.readers[0].pull.exporter.prometheus.port"
                            + " to a free port, or service.telemetry.metrics.level to none");
        }
    }

    @Test
    void whenTheEngineCannotStartTheMetricsPortIsFreeAgain() throws Exception {
        int scrapePort;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            scrapePort = free.getLocalPort();
        }
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatThrownBy(() -> Gateway.start(topology(taken.getLocalPort(), scrapePort)))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("receiver otlp did not start");
        }
        Gateway gateway = Gateway.start(topology(0, scrapePort));
        assertThat(gateway.scrapeAddresses()).containsExactly(new InetSocketAddress("127.0.0.1", scrapePort));
        assertThat(gateway.close(Duration.ofSeconds(5))).isTrue();
    }
}
