package io.spanweir.server;

import io.netty.channel.EventLoopGroup;
import io.spanweir.graph.TelemetryConfig.Scrape;
import io.spanweir.net.EventLoops;
import io.spanweir.net.HttpCall;
import io.spanweir.net.HttpHandler;
import io.spanweir.net.HttpReply;
import io.spanweir.net.HttpServer;
import io.spanweir.net.HttpServerConfig;
import io.spanweir.telemetry.MetricRegistry;
import io.spanweir.telemetry.PrometheusText;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the engine's metrics under {@code /metrics}, at each endpoint of {@code service.telemetry.metrics}. Threading: any thread. */
final class ScrapeServer {
    static final String PATH = "/metrics";

    private static final Logger log = LoggerFactory.getLogger(ScrapeServer.class);
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int STARTING = 503;
    private static final long STOP_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final EventLoopGroup loops = EventLoops.create("scrape");
    private final List<HttpServer> servers = new ArrayList<>();
    private final List<InetSocketAddress> addresses = new ArrayList<>();
    private volatile @Nullable MetricRegistry registry;

    private ScrapeServer() {}

    /**
     * Listens everywhere; answers with 503 until there is something to serve.
     *
     * @throws IOException when an address is taken; the message names the option
     */
    static ScrapeServer listen(List<Scrape> scrapes) throws IOException {
        ScrapeServer all = new ScrapeServer();
        for (Scrape scrape : scrapes) {
            HttpServer server = new HttpServer(
                    HttpServerConfig.of(scrape.endpoint()),
                    all.loops,
                    all.new Handler(new PrometheusText(scrape.unitSuffix(), scrape.typeSuffix())));
            try {
                InetSocketAddress address = server.start();
                all.addresses.add(address);
                log.info("Serving metrics. address={}:{} path={}", address.getHostString(), address.getPort(), PATH);
            } catch (IOException e) {
                all.close();
                throw new IOException(
                        "metrics of the program itself: " + e.getMessage()
                                + "; set service.telemetry.metrics.readers[0].pull.exporter.prometheus.port"
                                + " to a free port, or service.telemetry.metrics.level to none",
                        e);
            }
            all.servers.add(server);
        }
        return all;
    }

    void serve(MetricRegistry metrics) {
        registry = metrics;
    }

    List<InetSocketAddress> addresses() {
        return List.copyOf(addresses);
    }

    void close() {
        for (HttpServer server : servers) {
            server.stop(System.nanoTime() + STOP_NANOS);
        }
        loops.shutdownGracefully(0, STOP_NANOS, TimeUnit.NANOSECONDS).awaitUninterruptibly();
        servers.forEach(HttpServer::close);
    }

    private final class Handler implements HttpHandler {
        private final PrometheusText text;

        Handler(PrometheusText text) {
            this.text = text;
        }

        @Override
        public @Nullable HttpReply refuse(HttpCall call) {
            if (!call.path().equals(PATH)) {
                return HttpReply.text(NOT_FOUND, "nothing here; metrics are at " + PATH + "\n");
            }
            boolean reading = call.method().equals("GET") || call.method().equals("HEAD");
            return reading ? null : HttpReply.text(METHOD_NOT_ALLOWED, "only GET\n");
        }

        @Override
        public void handle(HttpCall call) {
            MetricRegistry metrics = registry;
            call.answer(
                    metrics == null
                            ? HttpReply.text(STARTING, "starting\n")
                            : HttpReply.of(
                                    OK,
                                    PrometheusText.CONTENT_TYPE,
                                    text.write(metrics).getBytes(StandardCharsets.UTF_8)));
        }
    }
}
