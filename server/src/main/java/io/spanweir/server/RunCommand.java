package io.spanweir.server;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code spanweir run}. */
@Command(
        name = "run",
        header = "Runs until SIGTERM or SIGINT, then sends what waits and ends.",
        description = {
            "%nWith --config: what the configuration says.",
            "With --otlp-to: without a file, traces from OTLP receivers on 4317 (gRPC) and 4318 (HTTP) to one or more backends;"
                    + " what that stands for is printed as YAML.",
            "A second signal ends it at once.%n"
        })
final class RunCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec = CommandSpec.create();

    @Mixin
    RunOptions options = new RunOptions();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    boolean help;

    private final Program program;

    RunCommand(Program program) {
        this.program = program;
    }

    @Override
    public Integer call() {
        return new Run(program, spec.commandLine(), options).execute().code();
    }
}
