package io.spanweir.testengine;

import io.spanweir.ManualSpanweir;
import io.spanweir.StartException;
import io.spanweir.config.ConfigNode;
import io.spanweir.config.Problems;
import io.spanweir.graph.Components;
import io.spanweir.graph.Topology;
import io.spanweir.testkit.Seeds;

/** Builds manual engines of a YAML text and test components. */
public final class TestEngine {
    public static final long MEMORY_BYTES = 64L << 20;

    private TestEngine() {}

    public static Topology topology(String yaml, Components components) {
        Problems problems = new Problems();
        Topology topology = Topology.decode(ConfigNode.parse("test.yaml", yaml, problems), components);
        if (problems.hasErrors()) {
            throw new IllegalArgumentException(problems.toString());
        }
        return topology;
    }

    public static ManualSpanweir start(String yaml, Components components, int lanes) {
        return start(yaml, components, lanes, MEMORY_BYTES);
    }

    public static ManualSpanweir start(String yaml, Components components, int lanes, long memoryBytes) {
        try {
            return new ManualSpanweir(topology(yaml, components), lanes, memoryBytes, Seeds.seed());
        } catch (StartException e) {
            throw new IllegalStateException(e);
        }
    }
}
