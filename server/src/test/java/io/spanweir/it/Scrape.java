package io.spanweir.it;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Metrics of the program, as a scraper reads them. */
record Scrape(String text) {
    static Scrape of(int port) {
        try (InputStream in =
                URI.create("http://127.0.0.1:" + port + "/metrics").toURL().openStream()) {
            return new Scrape(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new AssertionError("metrics on port " + port, e);
        }
    }

    /** The sum over the series of a name that have all the labels, each as {@code name="value"}. The name must be there. */
    long sum(String name, String... labels) {
        long sum = 0;
        boolean known = text.contains("\n# TYPE " + name + " ") || text.startsWith("# TYPE " + name + " ");
        if (!known) {
            throw new AssertionError("no metric " + name + " in\n" + text);
        }
        for (String line : text.lines().toList()) {
            boolean named = line.startsWith(name + " ") || line.startsWith(name + "{");
            if (named && Arrays.stream(labels).allMatch(line::contains)) {
                sum += (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
            }
        }
        return sum;
    }

    long acceptedSpans() {
        return sum("otelcol_receiver_accepted_spans_total");
    }

    long sentSpans() {
        return sum("otelcol_exporter_sent_spans_total");
    }

    long heldSpans() {
        return sum("spanweir_tail_sampling_held_spans");
    }

    /** Spans that left tail sampling in that way. */
    long finishedSpans(String outcome) {
        return sum("spanweir_tail_sampling_finished_spans_total", "outcome=\"" + outcome + "\"");
    }

    long finishedSpans() {
        return sum("spanweir_tail_sampling_finished_spans_total");
    }

    long retries() {
        return sum("spanweir_exporter_retries_total");
    }

    /** Requests that wait before an exporter or are under way. */
    long unsentRequests() {
        return sum("otelcol_exporter_queue_size") + sum("otelcol_exporter_in_flight_requests");
    }

    /** Spans that were acknowledged and lost, whatever the reason. */
    long lostSpans() {
        return sum("otelcol_exporter_send_failed_spans_total")
                + sum("otelcol_exporter_enqueue_failed_spans_total")
                + sum("spanweir_dropped_items_total");
    }

    /** What is not 0, for the message of a failure. */
    @Override
    public String toString() {
        return text.lines()
                .filter(line -> !line.startsWith("#") && !line.endsWith(" 0") && !line.contains("_bucket{"))
                .collect(Collectors.joining("\n"));
    }
}
