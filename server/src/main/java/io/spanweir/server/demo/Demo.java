package io.spanweir.server.demo;

import io.spanweir.Spanweir;
import io.spanweir.StartException;
import io.spanweir.config.ConfigLoader;
import io.spanweir.config.Problems;
import io.spanweir.graph.Components;
import io.spanweir.graph.Topology;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The demo from start to verdict. One use. Threading: one thread. */
public final class Demo {
    private static final long TICK_MILLIS = 20;
    private static final long TERMINAL_SHOW_MILLIS = 250;
    private static final long PLAIN_SHOW_MILLIS = 2_000;
    private static final long SHARE_STANDS_FOR = 100;
    private static final Duration DRAIN = Duration.ofSeconds(20);

    private final DemoOptions options;
    private final Components components;
    private final Screen screen;

    public Demo(DemoOptions options, Components components, PrintWriter out) {
        this.options = options;
        this.components = components;
        this.screen = new Screen(out, options.terminal(), options.color());
    }

    /**
     * Runs and prints.
     *
     * @return whether the figures add up
     */
    public boolean run() throws StartException, IOException, InterruptedException {
        try (DemoBackend backend = DemoBackend.start()) {
            String yaml = DemoConfig.yaml(backend.endpoint());
            Spanweir gateway =
                    Spanweir.builder(topology(yaml)).seed(options.seed()).start();
            String grpc = address(gateway, "otlp/grpc");
            String http = address(gateway, "otlp/http");
            screen.println("Gateway: OTLP/gRPC on " + grpc + ", OTLP/HTTP on " + http + ". Backend: "
                    + backend.endpoint() + ".");
            screen.println(String.format(
                    Locale.ROOT,
                    "An order service sends %,d traces a second for %d s; 2 %% have an error, 1 %% take longer than %d ms.",
                    options.tracesPerSecond(),
                    Math.max(1, options.duration().toSeconds()),
                    DemoConfig.SLOW_MILLIS));
            screen.println("");
            OrderService service = new OrderService("http://" + grpc, options.seed());
            boolean drained;
            try {
                drive(service, gateway, backend);
            } finally {
                service.close();
                drained = gateway.close(DRAIN);
            }
            Figures figures = Figures.of(gateway.metrics());
            Verdict verdict = new Verdict(
                    service.spanCount(),
                    service.acknowledgedSpans(),
                    figures,
                    backend.spanCount(),
                    whole(service.failedTraces(), backend),
                    whole(service.slowTraces(), backend),
                    drained);
            summarize(service, figures, backend, verdict);
            explain(yaml);
            return verdict.differences().isEmpty();
        }
    }

    private Topology topology(String yaml) {
        Problems problems = new Problems();
        Topology topology = Topology.decode(ConfigLoader.system().loadText("demo", yaml, problems), components);
        if (problems.hasErrors()) {
            throw new IllegalStateException("the demo's own configuration is refused:\n" + problems);
        }
        return topology;
    }

    private static String address(Spanweir gateway, String name) {
        @Nullable InetSocketAddress address = gateway.addresses().get(name);
        if (address == null) {
            throw new IllegalStateException("nothing listens as " + name);
        }
        return "127.0.0.1:" + address.getPort();
    }

    private void drive(OrderService service, Spanweir gateway, DemoBackend backend) throws InterruptedException {
        long start = System.nanoTime();
        long end = options.duration().toMillis();
        long showEvery = screen.terminal() ? TERMINAL_SHOW_MILLIS : PLAIN_SHOW_MILLIS;
        long nextShow = showEvery;
        long millis = 0;
        while (millis < end) {
            TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
            millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            long due = Math.min(millis, end) * options.tracesPerSecond() / 1000;
            while (service.traceCount() < due) {
                service.request();
            }
            if (millis >= nextShow) {
                screen.show(millis, Figures.of(gateway.metrics()), backend.spanCount());
                nextShow += showEvery;
            }
        }
    }

    private static Verdict.Whole whole(Map<String, Integer> sent, DemoBackend backend) {
        int whole = 0;
        for (Map.Entry<String, Integer> trace : sent.entrySet()) {
            if (backend.spanCount(trace.getKey()) == trace.getValue()) {
                whole++;
            }
        }
        return new Verdict.Whole(sent.size(), whole);
    }

    private void summarize(OrderService service, Figures figures, DemoBackend backend, Verdict verdict) {
        screen.println("");
        screen.println(screen.bold("                               traces       spans"));
        screen.println(row("sent by the SDK", service.traceCount(), service.acknowledgedSpans()));
        screen.println(row("received by the gateway", figures.receivedTraces(), figures.receivedSpans()));
        screen.println(row("kept, at the backend", backend.traceCount(), backend.spanCount()));
        figures.keptTracesByPolicy()
                .forEach((policy, count) ->
                        screen.println(String.format(Locale.ROOT, "  by %-24s %,8d", policy, count)));
        screen.println(row("dropped by policy", figures.droppedTraces(), figures.droppedSpans()));
        screen.println(String.format(Locale.ROOT, "%-24s %24s", "still held", figures.heldSpans()));
        screen.println("");
        List<String> differences = verdict.differences();
        if (differences.isEmpty()) {
            screen.println(screen.good(String.format(
                    Locale.ROOT,
                    "It adds up: sent %,d = received %,d = kept %,d + dropped by policy %,d + held 0.",
                    verdict.acknowledged(),
                    figures.receivedSpans(),
                    figures.keptSpans(),
                    figures.droppedSpans())));
            screen.println(screen.good(String.format(
                    Locale.ROOT,
                    "Kept whole: all %,d traces with an error, all %,d slow ones.",
                    verdict.errorTraces().whole(),
                    verdict.slowTraces().whole())));
        } else {
            screen.println(screen.bad("It does not add up:"));
            differences.forEach(difference -> screen.println("  " + difference));
        }
        long share = figures.keptTracesByPolicy().getOrDefault(DemoConfig.SHARE_POLICY, 0L);
        screen.println(String.format(
                Locale.ROOT,
                "The %,d traces kept by chance stand for about %,d; there were %,d.",
                share,
                share * SHARE_STANDS_FOR,
                service.traceCount()));
    }

    private static String row(String name, long traces, long spans) {
        return String.format(Locale.ROOT, "%-24s %,12d %,11d", name, traces, spans);
    }

    private void explain(String yaml) {
        screen.println("");
        screen.println(screen.bold("The configuration:"));
        screen.println("");
        screen.println(yaml.indent(2).stripTrailing());
        screen.println("");
        screen.println(screen.bold("With your own data:"));
        screen.println("");
        screen.println("""
                  ./spanweir run --config config-examples/tail-sampling/config.yaml
                  ./spanweir run --otlp-to http://tempo:4318 --keep errors,slow=800ms,1%

                  OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4317 your-service

                  curl -i http://localhost:4318/v1/traces -H 'Content-Type: application/json' -d '{"resourceSpans":[{
                    "resource":{"attributes":[{"key":"service.name","value":{"stringValue":"curl"}}]},
                    "scopeSpans":[{"spans":[{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174",
                      "name":"hello","kind":2,"status":{"code":2},
                      "startTimeUnixNano":"1790000000000000000","endTimeUnixNano":"1790000001000000000"}]}]}]}'
                """.stripTrailing());
    }
}
