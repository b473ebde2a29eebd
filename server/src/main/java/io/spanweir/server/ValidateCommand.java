package io.spanweir.server;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code spanweir validate}. */
@Command(
        name = "validate",
        header = "Checks a configuration and says everything that is wrong with it.",
        description = "%nProblems go to standard error, one a line with its place; nothing is started.%n")
final class ValidateCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec = CommandSpec.create();

    @Mixin
    ConfigOptions config = new ConfigOptions();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    boolean help;

    private final Program program;

    ValidateCommand(Program program) {
        this.program = program;
    }

    @Override
    public Integer call() {
        CommandLine line = spec.commandLine();
        Sources.require(line, config);
        Configuration read = Configuration.read(program, config.sources, config.sets);
        read.printProblems(line.getErr());
        if (read.topology() == null) {
            line.getErr().println(read.summary());
            return ExitStatus.REFUSED.code();
        }
        line.getOut().println(read.summary());
        return ExitStatus.OK.code();
    }
}
