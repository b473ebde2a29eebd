package io.spanweir.server;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code spanweir} without a command: {@code run} when there are options, else the help. */
@Command(
        name = "spanweir",
        synopsisHeading = "Usage: ",
        description = {
            "%nTakes OpenTelemetry data, keeps the traces that are worth keeping, and passes them on.",
            "Without a command, the options are those of \"run\".%n"
        })
final class RootCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec = CommandSpec.create();

    @Mixin
    RunOptions options = new RunOptions();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    boolean help;

    @Option(
            names = {"-V", "--version"},
            description = "Shows the version.")
    boolean version;

    private final Program program;

    RootCommand(Program program) {
        this.program = program;
    }

    @Override
    public Integer call() {
        if (version) {
            return new VersionCommand().print(spec.commandLine().getOut());
        }
        if (spec.commandLine().getParseResult().matchedOptions().isEmpty()) {
            spec.commandLine().usage(spec.commandLine().getErr());
            return ExitStatus.USAGE.code();
        }
        return new Run(program, spec.commandLine(), options).execute().code();
    }
}
