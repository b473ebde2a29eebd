package io.spanweir.perf.compare;

import io.spanweir.perf.load.Cpu;
import io.spanweir.perf.load.LoadProtocol;
import io.spanweir.perf.load.LoadResult;
import io.spanweir.perf.load.ProcessCpu;
import io.spanweir.perf.load.RequestImages;
import io.spanweir.perf.load.WireLoad;
import io.spanweir.perf.load.WireSink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Runs one engine on one case, from start to end. Threading: one thread. */
final class Runner {
    private static final long SECOND_NANOS = 1_000_000_000;
    private static final double TICKS_PER_SECOND = 100;
    private static final int CALLS = 4;
    private static final int CALLS_PACED = 32;
    private static final int DRAIN_POLLS_WITHOUT_PROGRESS = 20;
    private static final long DRAIN_POLL_NANOS = 100_000_000;
    private static final long SEED = 7;

    private final CompareOptions options;
    private final EngineCommand command;
    private final int loadCore;

    /** @param loadCore the only core of this process; -1 when it may use more than one */
    Runner(CompareOptions options, EngineCommand command, int loadCore) {
        this.options = options;
        this.command = command;
        this.loadCore = loadCore;
    }

    /** The only core of this process; -1 when it may use more. */
    static int loadCore() {
        List<Integer> cores = Cpu.allowedCores();
        return cores.size() == 1 ? cores.get(0) : -1;
    }

    Measurement run(CompareCase what, Engine engine, int spansPerRequest, int round) throws IOException {
        LoadProtocol protocol = what.work().protocol();
        int port = EngineProcess.freePort();
        RequestImages images =
                new RequestImages(protocol, spansPerRequest, "127.0.0.1:" + port, options.gzipLevel(), SEED + round);
        int calls = options.calls() > 0 ? options.calls() : what.paced() ? CALLS_PACED : CALLS;
        try (WireSink sink = new WireSink(protocol)) {
            WorkConfig config = new WorkConfig(port, sink.port(), options.gzipLevel(), command.memory(what));
            try (EngineProcess process =
                    new EngineProcess(command, engine, what, config.yaml(engine, what.work()), port)) {
                WireLoad load = process.connect(protocol, images, options.connections(), calls);
                if (load == null) {
                    return Measurement.failed(
                            what, engine, spansPerRequest, round, "did not start: " + process.lastWords());
                }
                try (load) {
                    return measure(new Run(what, engine, round, process, load, sink, images));
                }
            }
        }
    }

    private record Run(
            CompareCase what,
            Engine engine,
            int round,
            EngineProcess process,
            WireLoad load,
            WireSink sink,
            RequestImages images) {}

    private Measurement measure(Run run) throws IOException {
        CompareCase what = run.what();
        double startMillis = (System.nanoTime() - run.process().startNanos()) / 1e6;
        LockSupport.parkNanos(SECOND_NANOS);
        double idleBytes = Cpu.residentBytes(run.process().pid());
        StringBuilder refusal = new StringBuilder();
        Phase first;
        if (what.paced()) {
            first = phase(run, options.firstMinuteSeconds(), what.spansPerSecond(), refusal);
            run.load().run(options.warmUpSeconds() * SECOND_NANOS);
            run.load().run(options.settleSeconds() * SECOND_NANOS, what.spansPerSecond());
        } else {
            first = phase(run, options.warmUpSeconds(), 0, refusal);
        }
        Phase warm = phase(run, options.seconds(), what.spansPerSecond(), refusal);
        if (what.work().deliversAll()) {
            drain(run);
        }
        return new Measurement(
                what,
                run.engine(),
                run.images().spanCount(),
                run.round(),
                problem(run),
                startMillis,
                idleBytes,
                first,
                warm,
                run.load().acceptedSpansTotal(),
                run.sink().spanCount(),
                run.sink().byteCount(),
                run.images().bytesPerSpan(),
                refusal.toString());
    }

    private static String problem(Run run) throws IOException {
        if (!run.process().alive()) {
            return "ended by itself: " + run.process().lastWords();
        }
        if (run.what().work() == Work.RENAME) {
            String sample = new String(run.sink().sample(), StandardCharsets.ISO_8859_1);
            if (sample.contains(WorkConfig.RENAMED_FROM) || !sample.contains(WorkConfig.RENAMED_TO)) {
                return "did not rename " + WorkConfig.RENAMED_FROM + " to " + WorkConfig.RENAMED_TO;
            }
        }
        return run.sink().problem();
    }

    private Phase phase(Run run, long seconds, long spansPerSecond, StringBuilder refusal) throws IOException {
        long busyBefore = loadCore < 0 ? 0 : Cpu.busyTicksOfCore(loadCore);
        long ownBefore = Cpu.ofThisProcessNanos();
        long sinkBefore = run.sink().cpuNanos();
        ProcessCpu cpu = ProcessCpu.now(run.process().pid());
        LoadResult result = run.load().run(seconds * SECOND_NANOS, spansPerSecond);
        double cpuNanos = cpu.usedSinceNanos();
        Map<String, Double> threads = new HashMap<>();
        double wallNanos = result.wallNanos();
        double busy = loadCore < 0
                ? (Cpu.ofThisProcessNanos() - ownBefore) / wallNanos
                : (Cpu.busyTicksOfCore(loadCore) - busyBefore) / TICKS_PER_SECOND / (wallNanos / SECOND_NANOS);
        double spans = Math.max(1, result.acceptedSpans());
        cpu.usedSinceNanosByThread().forEach((name, nanos) -> {
            if (nanos * 100 > cpuNanos) {
                threads.put(name, nanos / spans);
            }
        });
        if (!result.lastProblem().isEmpty()) {
            refusal.setLength(0);
            refusal.append(result.lastProblem());
        }
        return new Phase(
                wallNanos / SECOND_NANOS,
                cpuNanos / spans,
                cpuNanos / wallNanos,
                result.acceptedSpans() / wallNanos * SECOND_NANOS,
                result.latency().quantileNanos(0.5),
                result.latency().quantileNanos(0.99),
                result.latency().quantileNanos(0.999),
                result.latency().maxNanos(),
                result.refusedRequests(),
                result.unsentRequests(),
                Cpu.residentBytes(run.process().pid()),
                Cpu.residentBytesMax(run.process().pid()),
                result.cpuNanos() / spans,
                (run.sink().cpuNanos() - sinkBefore) / spans,
                Math.min(1, busy),
                threads);
    }

    /** Waits until all has arrived, or nothing comes any more. */
    private static void drain(Run run) {
        long accepted = run.load().acceptedSpansTotal();
        long seen = -1;
        int idle = 0;
        while (run.sink().spanCount() < accepted && idle < DRAIN_POLLS_WITHOUT_PROGRESS) {
            long now = run.sink().spanCount();
            idle = now == seen ? idle + 1 : 0;
            seen = now;
            LockSupport.parkNanos(DRAIN_POLL_NANOS);
        }
    }
}
