package io.spanweir.server;

import io.spanweir.config.ConfigNode;
import io.spanweir.config.Problem;
import io.spanweir.config.Problems;
import io.spanweir.graph.Topology;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A configuration as commands see it: loaded, and read as far as it can be.
 *
 * @param name the sources, for people
 * @param topology null when there are errors
 */
record Configuration(String name, ConfigNode root, @Nullable Topology topology, Problems problems) {

    /** Loads and reads everything; what is wrong is among the problems. */
    static Configuration read(Program program, List<String> sources, List<String> sets) {
        Problems problems = new Problems();
        ConfigNode root = program.loader().load(sources, sets, problems);
        String name = sources.stream().map(Configuration::shortName).collect(Collectors.joining(", "));
        // Of a source that could not be read nothing is known: that it lacks this and that would be noise.
        boolean nothing = problems.hasErrors() && !root.has("service") && !root.has("receivers");
        Topology topology = nothing ? null : Topology.decode(root, program.components());
        return new Configuration(name, root, problems.hasErrors() ? null : topology, problems);
    }

    /** Only loads: merged and expanded, options not looked at. */
    static Configuration load(Program program, List<String> sources, List<String> sets) {
        Problems problems = new Problems();
        ConfigNode root = program.loader().load(sources, sets, problems);
        String name = sources.stream().map(Configuration::shortName).collect(Collectors.joining(", "));
        return new Configuration(name, root, null, problems);
    }

    private static String shortName(String source) {
        if (source.startsWith("file:")) {
            return source.substring("file:".length());
        }
        return source.startsWith("yaml:") ? "yaml" : source;
    }

    /** As the problem has it; a warning says that it is one. */
    private static String line(Problem problem) {
        String text = problem.toString();
        if (problem.severity() == Problem.Severity.ERROR) {
            return text;
        }
        int place = problem.position().toString().length();
        return text.substring(0, place) + ": warning" + text.substring(place);
    }

    /** Each problem in a line of its own. */
    void printProblems(PrintWriter out) {
        for (Problem problem : problems.list()) {
            out.println(line(problem));
        }
        out.flush();
    }

    /** {@code config.yaml: 2 errors, 1 warning}, {@code config.yaml: valid}. */
    String summary() {
        int errors = problems.errors().size();
        int warnings = problems.warnings().size();
        String warned = warnings == 0 ? "" : ", " + count(warnings, "warning");
        return name + ": " + (errors == 0 ? "valid" : count(errors, "error")) + warned;
    }

    private static String count(int count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }
}
