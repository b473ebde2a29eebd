package io.spanweir.perf.figures;

import io.spanweir.perf.load.Cpu;
import io.spanweir.perf.load.GrpcLoad;
import io.spanweir.perf.load.NettyUnaryServer;
import io.spanweir.perf.load.Requests;
import io.spanweir.perf.load.ServerProcess;
import io.spanweir.perf.load.Taker;
import io.spanweir.perf.load.ThreadCpu;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * CPU per accepted span of the engine's process, case by case; load and sink are this process. The engine is on a core of its
 * own where {@code taskset} is there. {@code FirstFigures [SECONDS]}, 20 by default.
 */
public final class FirstFigures {
    private static final List<String> JVM = List.of("-Xms256m", "-Xmx1g", "-XX:+UseSerialGC");
    private static final int SPANS_PER_REQUEST = 200;
    private static final int CONNECTIONS = 2;
    private static final int CALLS_PER_CONNECTION = 4;
    private static final long WARM_NANOS = 20_000_000_000L;
    private static final long PACED_WARM_NANOS = 12_000_000_000L;

    private FirstFigures() {}

    public static void main(String[] args) throws Exception {
        long seconds = args.length > 0 ? Long.parseLong(args[0]) : 20;
        System.out.printf(
                Locale.ROOT,
                "%d spans a request, %d connections x %d calls, %d s a case after %d s at full speed, engine %s, JVM %s %s%n",
                SPANS_PER_REQUEST,
                CONNECTIONS,
                CALLS_PER_CONNECTION,
                seconds,
                WARM_NANOS / 1_000_000_000L,
                ServerProcess.pins() ? "pinned to core 0" : "not pinned",
                System.getProperty("java.version"),
                String.join(" ", JVM));
        System.out.printf(
                Locale.ROOT,
                "%-30s %14s %12s %9s %9s %10s %12s%n",
                "case",
                "CPU-us/span",
                "spans/s",
                "core",
                "RSS MiB",
                "refused",
                "spans out");
        for (Case one : Case.values()) {
            measure(one, seconds);
        }
        System.exit(0);
    }

    private static void measure(Case one, long seconds) throws Exception {
        Taker sunk = new Taker();
        Requests requests = new Requests(SPANS_PER_REQUEST, 7);
        try (NettyUnaryServer sink = new NettyUnaryServer(sunk);
                ServerProcess engine =
                        new ServerProcess(JVM, EngineProcess.class, one.name(), Integer.toString(sink.port()));
                GrpcLoad load =
                        new GrpcLoad(Integer.parseInt(engine.line()), requests, CONNECTIONS, CALLS_PER_CONNECTION)) {
            load.runFor(WARM_NANOS, 0);
            if (one.spansPerSecondMax() > 0) {
                load.runFor(PACED_WARM_NANOS, one.spansPerSecondMax());
            }
            long acceptedBefore = load.acceptedCount();
            long refusedBefore = load.refusedCount();
            long sunkBefore = sunk.spanCount();
            long startNanos = System.nanoTime();
            long pid = engine.process().pid();
            Map<String, Long> threadsBefore = ThreadCpu.nanosByName(pid);
            long cpuBefore = Cpu.ofProcessNanos(engine.process());
            load.runFor(seconds * 1_000_000_000L, one.spansPerSecondMax());
            double cpuNanos = Cpu.ofProcessNanos(engine.process()) - cpuBefore;
            double wallNanos = System.nanoTime() - startNanos;
            double spans = (double) (load.acceptedCount() - acceptedBefore) * SPANS_PER_REQUEST;
            System.out.printf(
                    Locale.ROOT,
                    "%-30s %14.3f %12.0f %9.2f %9.0f %10d %12d%n",
                    one.title(),
                    cpuNanos / spans / 1e3,
                    spans / wallNanos * 1e9,
                    cpuNanos / wallNanos,
                    Cpu.residentBytes(pid) / (double) (1 << 20),
                    load.refusedCount() - refusedBefore,
                    sunk.spanCount() - sunkBefore);
            StringBuilder threads = new StringBuilder();
            ThreadCpu.since(threadsBefore, pid)
                    .forEach((name, nanos) ->
                            threads.append(String.format(Locale.ROOT, "  %s %.3f", name, nanos / spans / 1e3)));
            System.out.println("    us/span by thread:" + threads);
            if (load.refusedCount() > refusedBefore) {
                System.out.println("    last refusal: " + load.lastRefusal());
            }
        }
    }
}
