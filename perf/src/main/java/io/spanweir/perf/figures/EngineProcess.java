package io.spanweir.perf.figures;

import static java.util.Objects.requireNonNull;

import io.spanweir.Spanweir;
import io.spanweir.config.ConfigLoader;
import io.spanweir.config.Problems;
import io.spanweir.graph.Topology;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The engine as a process: prints the port of its receiver, then {@code ok} for every line it reads; ends with its input. */
public final class EngineProcess {
    private static final Logger ROOT = Logger.getLogger("");

    private EngineProcess() {}

    /** {@code EngineProcess CASE SINK-PORT}. */
    public static void main(String[] args) throws Exception {
        ROOT.setLevel(Level.WARNING);
        String yaml = Case.valueOf(args[0]).yaml(Integer.parseInt(args[1]));
        Problems problems = new Problems();
        Topology topology =
                Topology.decode(ConfigLoader.system().loadText("figures", yaml, problems), Spanweir.components());
        if (problems.hasErrors()) {
            throw new IllegalStateException(problems.toString());
        }
        Spanweir engine = Spanweir.builder(topology).seed(7).start();
        System.out.println(requireNonNull(engine.addresses().get("otlp/grpc")).getPort());
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        while (input.readLine() != null) {
            System.out.println("ok");
        }
        System.exit(0);
    }
}
