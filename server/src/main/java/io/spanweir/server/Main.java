package io.spanweir.server;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program {@code spanweir}. */
public final class Main {
    private static final int WIDTH = 100;

    private Main() {}

    /** Runs a command and ends the process with its {@link ExitStatus}. */
    public static void main(String[] args) {
        System.exit(commandLine(Program.system()).execute(args));
    }

    /** All commands; where they print to can be changed before they are executed. */
    static CommandLine commandLine(Program program) {
        CommandLine root = new CommandLine(new RootCommand(program))
                .addSubcommand(new RunCommand(program))
                .addSubcommand(new ValidateCommand(program))
                .addSubcommand(new ComponentsCommand(program))
                .addSubcommand(new PrintConfigCommand(program))
                .addSubcommand(new DemoCommand(program))
                .addSubcommand(new VersionCommand());
        root.setExecutionExceptionHandler(Main::failed);
        root.setParameterExceptionHandler(Main::misused);
        describe(root);
        root.getSubcommands().values().forEach(Main::describe);
        return root;
    }

    private static void describe(CommandLine line) {
        Map<String, String> codes = new LinkedHashMap<>();
        for (ExitStatus status : ExitStatus.values()) {
            codes.put(" " + status.code(), status.meaning());
        }
        line.setUsageHelpWidth(WIDTH);
        line.setAbbreviatedOptionsAllowed(false);
        line.getCommandSpec()
                .exitCodeOnInvalidInput(ExitStatus.USAGE.code())
                .exitCodeOnExecutionException(ExitStatus.NOT_STARTED.code());
        line.getCommandSpec()
                .usageMessage()
                .sortOptions(false)
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(codes);
    }

    private static int misused(ParameterException e, String[] arguments) {
        CommandLine line = e.getCommandLine();
        PrintWriter err = line.getErr();
        err.println("spanweir: " + e.getMessage());
        UnmatchedArgumentException.printSuggestions(e, err);
        err.println("Try \"" + line.getCommandSpec().qualifiedName() + " --help\".");
        err.flush();
        return ExitStatus.USAGE.code();
    }

    private static int failed(Exception e, CommandLine line, ParseResult parsed) {
        PrintWriter err = line.getErr();
        err.println("spanweir: stopped by a fault of its own; please report the following lines");
        e.printStackTrace(err);
        err.flush();
        return ExitStatus.NOT_STARTED.code();
    }
}
