package io.spanweir.server;

import io.spanweir.Spanweir;
import io.spanweir.StartException;
import io.spanweir.graph.Topology;
import io.spanweir.telemetry.MetricRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A running engine and the endpoints on which it is scraped. Threading: any thread. */
final class Gateway {
    private final Spanweir spanweir;
    private final ScrapeServer scrapes;

    private Gateway(Spanweir spanweir, ScrapeServer scrapes) {
        this.spanweir = spanweir;
        this.scrapes = scrapes;
    }

    /**
     * Starts both; nothing is left running when either cannot start.
     *
     * @throws StartException when the engine could not be started
     * @throws IOException when a scrape endpoint could not listen
     */
    static Gateway start(Topology topology) throws StartException, IOException {
        // The scrape endpoint first: a taken port must not be found after data has been acknowledged.
        ScrapeServer scrapes = ScrapeServer.listen(topology.telemetry().scrapes());
        try {
            Spanweir spanweir = Spanweir.builder(topology).start();
            new ProcessMetrics().register(spanweir.metrics());
            scrapes.serve(spanweir.metrics());
            return new Gateway(spanweir, scrapes);
        } catch (StartException | RuntimeException e) {
            scrapes.close();
            throw e;
        }
    }

    Map<String, InetSocketAddress> addresses() {
        return spanweir.addresses();
    }

    /** Where metrics are served, in the order of the configuration. */
    List<InetSocketAddress> scrapeAddresses() {
        return scrapes.addresses();
    }

    MetricRegistry metrics() {
        return spanweir.metrics();
    }

    /** Drains; the last to go is the scrape. Returns whether everything was sent before the deadline. */
    boolean close(Duration deadline) {
        boolean complete = spanweir.close(deadline);
        scrapes.close();
        return complete;
    }
}
