package io.spanweir.server;

import io.spanweir.config.ConfigPrinter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code spanweir print-config}. */
@Command(
        name = "print-config",
        header = "Prints a configuration as YAML: merged, references expanded, secrets masked.",
        description = "%nOptions are not checked; \"validate\" does that.%n")
final class PrintConfigCommand implements Callable<Integer> {
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

    PrintConfigCommand(Program program) {
        this.program = program;
    }

    @Override
    public Integer call() {
        CommandLine line = spec.commandLine();
        Sources.require(line, config);
        Configuration loaded = Configuration.load(program, config.sources, config.sets);
        loaded.printProblems(line.getErr());
        if (loaded.problems().hasErrors()) {
            line.getErr().println(loaded.summary());
            return ExitStatus.REFUSED.code();
        }
        line.getOut().print(ConfigPrinter.print(loaded.root()));
        line.getOut().flush();
        return ExitStatus.OK.code();
    }
}
