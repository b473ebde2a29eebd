package io.spanweir.server;

import io.spanweir.component.ComponentFactory;
import io.spanweir.component.ComponentKind;
import io.spanweir.wire.Signal;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code spanweir components}. */
@Command(
        name = "components",
        header = "Lists the components that configurations can use.",
        description = "%nA jar on the class path adds its own.%n")
final class ComponentsCommand implements Callable<Integer> {
    private static final List<String> HEADER = List.of("KIND", "TYPE", "ALIASES", "STABILITY", "SIGNALS");

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Option(names = "--json", description = "As JSON, one object a component.")
    boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    boolean help;

    private final Program program;

    ComponentsCommand(Program program) {
        this.program = program;
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            printJson(out);
        } else {
            printTable(out);
        }
        out.flush();
        return ExitStatus.OK.code();
    }

    private void printTable(PrintWriter out) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADER);
        for (ComponentKind kind : ComponentKind.values()) {
            for (ComponentFactory factory : program.components().list(kind)) {
                rows.add(List.of(
                        kind.word(),
                        factory.type(),
                        String.join(", ", factory.aliases()),
                        stability(factory),
                        String.join(", ", signals(factory))));
            }
        }
        int[] widths = new int[HEADER.size()];
        for (List<String> row : rows) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < widths.length; column++) {
                line.append(row.get(column))
                        .append(" ".repeat(widths[column] - row.get(column).length() + 2));
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private void printJson(PrintWriter out) {
        List<String> objects = new ArrayList<>();
        for (ComponentKind kind : ComponentKind.values()) {
            for (ComponentFactory factory : program.components().list(kind)) {
                objects.add("{\"kind\":" + Json.text(kind.word()) + ",\"type\":" + Json.text(factory.type())
                        + ",\"aliases\":" + Json.texts(factory.aliases()) + ",\"stability\":"
                        + Json.text(stability(factory)) + ",\"signals\":" + Json.texts(signals(factory)) + "}");
            }
        }
        out.println(objects.stream().collect(Collectors.joining(",\n ", "[", "]")));
    }

    private static String stability(ComponentFactory factory) {
        return factory.stability().name().toLowerCase(Locale.ROOT);
    }

    private static List<String> signals(ComponentFactory factory) {
        List<String> names = new ArrayList<>();
        for (Signal signal : Signal.values()) {
            if (factory.signals().contains(signal)) {
                names.add(signal.pipelineName());
            }
        }
        return names;
    }
}
