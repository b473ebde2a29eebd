package io.spanweir.perf.overload;

import io.spanweir.perf.load.Cpu;
import io.spanweir.perf.load.ProcessCpu;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Prints what clients that behave notice of overload and attacks, and what the program needs meanwhile. {@code Overload
 * --program LAUNCHER [--seconds N] [--scenario NAME]}; ends by itself.
 */
public final class Overload {
    private static final String FOUR_TIMES = "FOUR_TIMES";
    private static final long SECOND = 1_000_000_000L;
    private static final double MIB = 1 << 20;
    /** After this long an address is no offender any more, and a bit. */
    private static final long FORGOTTEN_SECONDS = 11;
    /** What the slow backend takes: some hundred requests of 200 spans. */
    private static final long SINK_BYTES_PER_SECOND = 32 << 20;

    private final String launcher;
    private final long seconds;
    private final long warmUpSeconds;
    private final String from;
    private final boolean threads;
    private final Lateness lateness = new Lateness();
    private final int loadCore = Integer.parseInt(System.getenv().getOrDefault("LOAD_CORE", "0"));

    private Overload(String launcher, long seconds, long warmUpSeconds, String from, boolean threads) {
        this.launcher = launcher;
        this.seconds = seconds;
        this.warmUpSeconds = warmUpSeconds;
        this.from = from;
        this.threads = threads;
    }

    public static void main(String[] args) throws Exception {
        String launcher = "./spanweir";
        String scenario = "";
        String from = "127.0.0.1";
        boolean threads = false;
        long seconds = 0;
        long warmUpSeconds = 30;
        for (int i = 0; i + 1 < args.length; i += 2) {
            switch (args[i]) {
                case "--program" -> launcher = args[i + 1];
                case "--seconds" -> seconds = Long.parseLong(args[i + 1]);
                case "--scenario" ->
                    scenario = args[i + 1].toUpperCase(Locale.ROOT).replace('-', '_');
                case "--warm-up" -> warmUpSeconds = Long.parseLong(args[i + 1]);
                case "--from" -> from = args[i + 1];
                case "--threads" -> threads = Boolean.parseBoolean(args[i + 1]);
                default -> {
                    System.err.println("unknown option " + args[i]
                            + "; known: --seconds N, --warm-up N, --scenario NAME, --from ADDRESS, --threads true");
                    System.exit(2);
                }
            }
        }
        if (scenario.isEmpty() || scenario.equals(FOUR_TIMES)) {
            new Overload(launcher, seconds == 0 ? 60 : seconds, warmUpSeconds, from, threads).fourTimes();
        }
        if (!scenario.equals(FOUR_TIMES)) {
            new Overload(launcher, seconds == 0 ? 20 : seconds, warmUpSeconds, from, threads)
                    .attacks(scenario.isEmpty() ? null : scenario);
        }
        System.exit(0);
    }

    private void fourTimes() throws Exception {
        try (SlowSink sink = new SlowSink(SINK_BYTES_PER_SECOND);
                Program program = new Program(launcher, sink.port())) {
            Counts warm = new Counts();
            FourTimes.run(program.httpPort, 0, Math.max(5, seconds / 4) * SECOND, warm);
            double capacity = FourTimes.run(program.httpPort, 0, Math.max(5, seconds / 4) * SECOND, warm);
            Counts counts = new Counts();
            Peak peak = new Peak(program);
            double accepted = FourTimes.run(program.httpPort, 4 * capacity, seconds * SECOND, counts);
            long during = peak.end();
            long begin = System.nanoTime();
            double fullSpeedAfter = secondsToFullSpeed(program, capacity, begin, warm);
            sink.bytesPerSecond(0);
            long lost = awaitAllCounted(program);
            long sent = program.metric("otelcol_exporter_sent_spans_total");
            long acknowledged = warm.acceptedSpans.get() + counts.acceptedSpans.get();
            System.out.printf(
                    Locale.ROOT,
                    """
                    4 times the capacity for %d s
                      capacity, closed loop          %8.1f requests/s of %d spans
                      offered                        %8.1f requests/s
                      accepted                       %8.1f requests/s
                      refused, with a retry time     %8d
                      refused otherwise              %8d
                      RSS before, peak, after        %8.0f %.0f %.0f MiB, bound %.0f MiB
                      full speed again after         %8.1f s
                      spans acknowledged             %8d
                      spans sent, lost and counted   %8d %d  %s
                      spans that the backend has     %8d%n""",
                    seconds,
                    capacity,
                    FourTimes.SPANS,
                    4 * capacity,
                    accepted,
                    counts.refusedForNow.get(),
                    counts.refusedForGood.get(),
                    peak.before / MIB,
                    during / MIB,
                    program.residentBytes() / MIB,
                    Program.BOUND_BYTES / MIB,
                    fullSpeedAfter,
                    acknowledged,
                    sent,
                    lost,
                    verdict(acknowledged == sent + lost && sink.spanCount() >= sent),
                    sink.spanCount());
        }
    }

    private static double secondsToFullSpeed(Program program, double capacity, long begin, Counts counts)
            throws InterruptedException {
        for (int tries = 0; tries < 20; tries++) {
            if (FourTimes.run(program.httpPort, 0, SECOND / 2, counts) >= 0.9 * capacity) {
                break;
            }
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    /** Waits until nothing waits before the exporter; returns what was given up. */
    private static long awaitAllCounted(Program program) throws IOException {
        long end = System.nanoTime() + 30 * SECOND;
        while (System.nanoTime() < end) {
            long accepted = program.metric("otelcol_receiver_accepted_spans_total");
            long gone = program.metric("otelcol_exporter_sent_spans_total") + lost(program);
            if (accepted == gone) {
                break;
            }
            LockSupport.parkNanos(SECOND / 10);
        }
        return lost(program);
    }

    private static long lost(Program program) throws IOException {
        return program.metric(
                "otelcol_exporter_send_failed_spans_total",
                "otelcol_exporter_enqueue_failed_spans_total",
                "spanweir_dropped_items_total");
    }

    private static String verdict(boolean right) {
        return right ? "ok" : "WRONG";
    }

    private void attacks(@Nullable String only) throws Exception {
        System.out.printf(
                Locale.ROOT,
                "%-46s %9s %9s %6s %9s %6s %7s %7s %7s %7s %7s %7s %7s %8s %6s  %-6s %s%n",
                "attack, twice " + seconds + " s",
                "calm p99",
                "1st p99",
                "ratio",
                "2nd p99",
                "ratio",
                "late",
                "load %",
                "1st CPU",
                "2nd CPU",
                "served",
                "RSS MiB",
                "peak",
                "retryable",
                "other",
                "spans",
                "attacker");
        for (Attack attack : Attack.values()) {
            if (only == null || List.of(only.split(",", -1)).contains(attack.name())) {
                attack(attack);
            }
        }
        System.out.printf(Locale.ROOT, "RSS is to stay below %.0f MiB.%n", Program.BOUND_BYTES / MIB);
    }

    /** Attacks twice: what an attack runs is cold the first time, and compiled meanwhile. */
    private void attack(Attack attack) throws Exception {
        try (SlowSink sink = new SlowSink(0);
                Program program = new Program(launcher, sink.port())) {
            Counts counts = new Counts();
            WellBehaved clients = new WellBehaved(program.grpcPort, program.httpPort, counts);
            LockSupport.parkNanos(warmUpSeconds * SECOND);
            clients.endWarmUp();
            LockSupport.parkNanos(Math.max(3, seconds) * SECOND);
            clients.phase();
            LockSupport.parkNanos(seconds * SECOND);
            double[] calm = clients.phase();
            Peak peak = new Peak(program);
            Attacked first = attacked(attack, program, clients);
            LockSupport.parkNanos(FORGOTTEN_SECONDS * SECOND);
            Attacked again = attacked(attack, program, clients);
            long during = peak.end();
            clients.end();
            boolean alive = program.isAlive();
            long lost = alive ? awaitAllCounted(program) : 0;
            long sent = alive ? program.metric("otelcol_exporter_sent_spans_total") : 0;
            System.out.printf(
                    Locale.ROOT,
                    "%-46s %9.1f %9.1f %6.1f %9.1f %6.1f %7.1f %7.0f %7.0f %7.0f %7.0f %7.0f %7.0f %8d %6d  %-6s %s%n",
                    attack.title(),
                    calm[1],
                    first.p99Millis,
                    first.p99Millis / calm[1],
                    again.p99Millis,
                    again.p99Millis / calm[1],
                    Math.max(first.lateMillis, again.lateMillis),
                    Math.max(first.loadPercent, again.loadPercent),
                    first.cpuPercent,
                    again.cpuPercent,
                    first.served + again.served,
                    peak.before / MIB,
                    during / MIB,
                    counts.refusedForNow.get(),
                    counts.refusedForGood.get(),
                    verdict(alive && counts.acceptedSpans.get() <= sent + lost),
                    again.summary);
        }
    }

    /**
     * What one attack did.
     *
     * @param lateMillis the 99th percentile of how late threads of this process woke up
     * @param loadPercent how busy the core of clients and attacker was, {@code cpuPercent} the program
     */
    private record Attacked(
            double p99Millis,
            double served,
            double lateMillis,
            double loadPercent,
            double cpuPercent,
            String summary) {}

    private Attacked attacked(Attack attack, Program program, WellBehaved clients) throws Exception {
        try (AttackerProcess attacker = new AttackerProcess(attack, program, seconds, from)) {
            clients.phase(); // without the start of the attacker
            lateness.phase();
            long busyTicks = Cpu.busyTicksOfCore(loadCore);
            ProcessCpu cpu = ProcessCpu.now(program.pid());
            String summary = attacker.attack();
            double[] latencies = clients.phase();
            double late = lateness.phase();
            busyTicks = Cpu.busyTicksOfCore(loadCore) - busyTicks;
            if (threads) {
                printThreads(cpu);
            }
            return new Attacked(
                    latencies[1],
                    latencies[2],
                    late,
                    busyTicks / (double) seconds,
                    cpu.usedSinceNanos() / 1e7 / seconds,
                    summary);
        }
    }

    private static void printThreads(ProcessCpu since) {
        since.usedSinceNanosByThread().entrySet().stream()
                .sorted((one, other) -> Long.compare(other.getValue(), one.getValue()))
                .limit(8)
                .forEach(thread -> System.out.printf(
                        Locale.ROOT, "    %-16s %6d ms%n", thread.getKey(), thread.getValue() / 1_000_000));
    }

    /** The largest resident memory of a time, sampled. */
    private static final class Peak {
        final long before;
        private final Thread sampler;
        private volatile boolean over;
        private volatile long bytes;

        Peak(Program program) {
            before = program.residentBytes();
            sampler = Threads.start("memory", () -> {
                while (!over) {
                    bytes = Math.max(bytes, program.residentBytes());
                    LockSupport.parkNanos(SECOND / 10);
                }
            });
        }

        long end() throws InterruptedException {
            over = true;
            sampler.join();
            return bytes;
        }
    }
}
