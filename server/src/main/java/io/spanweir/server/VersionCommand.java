package io.spanweir.server;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code spanweir version}. */
@Command(name = "version", header = "Shows the version of the program and of the Java that runs it.")
final class VersionCommand implements Callable<Integer> {
    private static final String UNPACKAGED = "development";

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    boolean help;

    @Override
    public Integer call() {
        return print(spec.commandLine().getOut());
    }

    int print(PrintWriter out) {
        out.println("spanweir " + version() + " (Java " + Runtime.version().feature() + ", "
                + System.getProperty("java.vm.name") + " " + Runtime.version() + ")");
        out.flush();
        return ExitStatus.OK.code();
    }

    /** From the manifest of the jar. */
    static String version() {
        @Nullable String version = VersionCommand.class.getPackage().getImplementationVersion();
        return version == null ? UNPACKAGED : version;
    }
}
