package io.spanweir.server;

import io.spanweir.StartException;
import io.spanweir.config.Problem;
import io.spanweir.graph.Topology;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/** What {@code run} does: start, wait for a signal, drain. One use. */
final class Run {
    private static final Logger log = LoggerFactory.getLogger(Run.class);

    private final Program program;
    private final CommandLine line;
    private final RunOptions options;

    Run(Program program, CommandLine line, RunOptions options) {
        this.program = program;
        this.line = line;
        this.options = options;
    }

    ExitStatus execute() {
        Sources.require(line, options);
        List<String> sources = options.config.sources;
        if (!options.otlpTo.isEmpty()) {
            String yaml = new QuickConfig(options).yaml();
            if (options.printOnly) {
                line.getOut().print(yaml);
                line.getOut().flush();
                return ExitStatus.OK;
            }
            line.getErr().println("# What --otlp-to stands for; save it, change it, and use it with --config.");
            line.getErr().println(yaml);
            line.getErr().flush();
            sources = List.of("yaml:" + yaml);
        }
        Configuration read = Configuration.read(program, sources, options.config.sets);
        Topology topology = read.topology();
        if (topology == null) {
            read.printProblems(line.getErr());
            line.getErr().println(read.summary());
            return ExitStatus.REFUSED;
        }
        Logging.configure(topology.telemetry(), System.err);
        for (Problem warning : read.problems().warnings()) {
            log.warn("Configuration: {}", warning);
        }
        return run(topology);
    }

    private ExitStatus run(Topology topology) {
        StopSignals signals = StopSignals.install(() -> Runtime.getRuntime().halt(ExitStatus.CUT_SHORT.code()));
        Gateway gateway;
        try {
            gateway = Gateway.start(topology);
        } catch (StartException | IOException e) {
            log.error("Could not start. {}", e.getMessage());
            return ExitStatus.NOT_STARTED;
        }
        log.info("Ready. version={}", VersionCommand.version());
        try {
            String signal = signals.await();
            log.info("Stopping, sending what waits. signal={} shutdown_timeout={}", signal, options.shutdownTimeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        boolean complete = gateway.close(options.shutdownTimeout);
        log.info("Stopped. everything_sent={}", complete);
        return complete ? ExitStatus.OK : ExitStatus.NOT_ALL_SENT;
    }
}
