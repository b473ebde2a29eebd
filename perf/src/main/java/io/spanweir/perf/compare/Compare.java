package io.spanweir.perf.compare;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code perf/compare}: measures Spanweir, and peers whose binaries are named, on the same work with the same load, and prints
 * what it found. Exit codes: 0 done, 1 an engine gave no figures or lost spans, 2 the command line is wrong.
 */
public final class Compare {
    private final CompareOptions options;
    private final EngineCommand command;
    private final PrintStream out;
    private final int loadCore = Runner.loadCore();

    private Compare(CompareOptions options, EngineCommand command, PrintStream out) {
        this.options = options;
        this.command = command;
        this.out = out;
    }

    public static void main(String[] arguments) throws Exception {
        List<String> list = List.of(arguments);
        if (list.contains("--help") || list.contains("-h")) {
            System.out.print(CompareOptions.USAGE);
            return;
        }
        CompareOptions options;
        try {
            options = CompareOptions.parse(list, System.getenv());
        } catch (CompareOptions.UsageException e) {
            System.err.println("perf/compare: " + e.getMessage());
            System.exit(2);
            return;
        }
        Compare compare = new Compare(options, new EngineCommand(options, System.getenv()), System.out);
        System.exit(compare.run() ? 0 : 1);
    }

    private boolean run() throws IOException {
        Map<String, String> setting = setting();
        setting.forEach((name, value) -> out.println(name + ": " + value));
        out.printf(
                Locale.ROOT,
                "%d runs, about %d minutes%n%n",
                options.runCount(),
                (options.estimateSeconds() + 59) / 60);
        List<Measurement> measurements = measureAll();
        Report report = new Report(setting, measurements);
        out.println();
        out.print(new TableReport(report).text());
        Path json = options.json();
        if (json != null) {
            Files.writeString(json, JsonReport.text(report));
        }
        Path svg = options.svg();
        if (svg != null) {
            Files.writeString(svg, new SvgChart(report, chartedSpans()).text());
        }
        return measurements.stream().allMatch(one -> one.problem().isEmpty() && !one.lossy());
    }

    private int chartedSpans() {
        return options.spans().contains(200) ? 200 : options.spans().get(0);
    }

    private List<Measurement> measureAll() throws IOException {
        Runner runner = new Runner(options, command, loadCore);
        List<Measurement> measurements = new ArrayList<>();
        for (int spans : options.spans()) {
            for (CompareCase what : options.cases()) {
                for (int round = 1; round <= options.rounds(); round++) {
                    for (Engine engine : options.engines()) {
                        if (what.work().possible(engine)) {
                            Measurement one = runner.run(what, engine, spans, round);
                            measurements.add(one);
                            out.println(TableReport.line(one));
                        }
                    }
                }
            }
        }
        return measurements;
    }

    private Map<String, String> setting() throws IOException {
        Map<String, String> setting = new java.util.LinkedHashMap<>();
        setting.put("date", Instant.now().toString().substring(0, 16));
        setting.put("commit", commit());
        setting.put("machine", machine());
        setting.put(
                "cores",
                EngineCommand.pins()
                        ? "engine on " + command.engineCore() + ", load and sink "
                                + (loadCore < 0 ? "not pinned" : "on " + loadCore)
                        : "not pinned: taskset is not installed");
        setting.put(
                "load",
                String.format(
                        Locale.ROOT,
                        "gRPC %d connections x %d calls, HTTP/1.1 %d connections; paced: %d a connection",
                        options.connections(),
                        options.calls() > 0 ? options.calls() : 4,
                        options.connections() * (options.calls() > 0 ? options.calls() : 4),
                        options.calls() > 0 ? options.calls() : 32));
        setting.put(
                "times",
                String.format(
                        Locale.ROOT,
                        "fresh %d s at full speed or %d s at a rate; measured %d s; %d rounds, medians",
                        options.warmUpSeconds(),
                        options.firstMinuteSeconds(),
                        options.seconds(),
                        options.rounds()));
        setting.put("gzip level", options.gzipLevel() + " (the Rust engine sends at 6, which cannot be changed)");
        setting.put(
                "spanweir",
                "Java " + command.javaVersion() + "; " + room(CompareCase.DISCARD) + "; tail sampling "
                        + room(CompareCase.TAIL) + ", at a rate " + room(CompareCase.TAIL_20K));
        if (options.engines().contains(Engine.COLLECTOR)) {
            setting.put("otelcol", "GOMAXPROCS=1, telemetry of its own off");
        }
        return setting;
    }

    private String room(CompareCase what) {
        return command.jvmOptions(what) + ", engine.memory " + command.memory(what);
    }

    private static String commit() throws IOException {
        Process git = new ProcessBuilder("git", "rev-parse", "--short", "HEAD")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String commit = new String(git.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
        return commit.isEmpty() ? "unknown" : commit;
    }

    private static String machine() throws IOException {
        String model = "unknown processor";
        Path info = Path.of("/proc/cpuinfo");
        if (Files.isReadable(info)) {
            model = Files.readAllLines(info).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(model);
        }
        return model + ", " + Runtime.version() + " for the load";
    }
}
