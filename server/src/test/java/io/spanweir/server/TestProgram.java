package io.spanweir.server;

import io.spanweir.Spanweir;
import io.spanweir.config.ConfigLoader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;

/** The commands as a user runs them, in this process. */
final class TestProgram {
    private final Path directory;
    private final Map<String, String> environment = new LinkedHashMap<>();

    record Result(int code, String out, String err) {}

    TestProgram(Path directory) {
        this.directory = directory;
    }

    TestProgram with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    Result run(String... arguments) {
        Program program = new Program(ConfigLoader.of(environment::get, directory), Spanweir.components());
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine(program);
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        int code = line.execute(arguments);
        return new Result(code, out.toString(), err.toString());
    }
}
