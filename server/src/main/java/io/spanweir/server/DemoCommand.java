package io.spanweir.server;

import io.spanweir.StartException;
import io.spanweir.graph.TelemetryConfig.LogEncoding;
import io.spanweir.graph.TelemetryConfig.LogLevel;
import io.spanweir.server.demo.Demo;
import io.spanweir.server.demo.DemoOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code spanweir demo}. */
@Command(
        name = "demo",
        header = "Shows tail sampling at work: real traffic, a real backend, nothing to install.",
        description = {
            "%nStarts a gateway and a backend on free ports of 127.0.0.1, sends it the traffic of an order service through the"
                    + " OpenTelemetry SDK, shows what is kept and why, and checks at the end that the figures add up.%n"
        })
final class DemoCommand implements Callable<Integer> {
    private static final String TERMINAL = "spanweir.tty";
    private static final int RATE_MAX = 2_000;
    private static final Duration DURATION_MAX = Duration.ofMinutes(10);

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--duration",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long to send. Default: 20s.")
    Duration duration = Duration.ofSeconds(20);

    @Option(names = "--rate", paramLabel = "TRACES", description = "Traces a second. Default: 200.")
    int rate = 200;

    @Option(names = "--seed", paramLabel = "NUMBER", description = "The same seed makes the same traces. Default: 1.")
    long seed = 1;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    boolean help;

    private final Program program;

    DemoCommand(Program program) {
        this.program = program;
    }

    @Override
    public Integer call() throws InterruptedException {
        CommandLine line = spec.commandLine();
        if (rate < 1 || rate > RATE_MAX) {
            throw new ParameterException(line, "'--rate " + rate + "' is not in 1 to " + RATE_MAX);
        }
        if (duration.toMillis() < 1 || duration.compareTo(DURATION_MAX) > 0) {
            throw new ParameterException(line, "'--duration' must be above 0s and at most 10m");
        }
        Logging.configure(LogLevel.WARN, LogEncoding.CONSOLE, System.err);
        boolean terminal = Boolean.getBoolean(TERMINAL) && !"dumb".equals(System.getenv("TERM"));
        String noColor = System.getenv("NO_COLOR");
        DemoOptions options =
                new DemoOptions(duration, rate, seed, terminal, terminal && (noColor == null || noColor.isEmpty()));
        try {
            boolean addsUp = new Demo(options, program.components(), line.getOut()).run();
            return (addsUp ? ExitStatus.OK : ExitStatus.REFUSED).code();
        } catch (StartException | IOException e) {
            line.getErr().println("spanweir demo: could not start: " + e.getMessage());
            return ExitStatus.NOT_STARTED.code();
        }
    }
}
