package io.spanweir.perf.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.spanweir.Spanweir;
import io.spanweir.config.ConfigLoader;
import io.spanweir.config.Problems;
import io.spanweir.graph.Topology;
import io.spanweir.testkit.Golden;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WorkConfigTest {
    private final WorkConfig config = new WorkConfig(4317, 5317, 1, "512MiB");

    @ParameterizedTest
    @EnumSource
    void spanweirTakesItsConfigurationWithoutAWord(Work work) {
        Problems problems = new Problems();
        Topology.decode(
                ConfigLoader.system().loadText("compare", config.yaml(Engine.SPANWEIR, work), problems),
                Spanweir.components());
        assertThat(problems.toString()).isEqualTo(new Problems().toString());
    }

    @ParameterizedTest
    @EnumSource
    void theCollectorGetsTheSameTextWithoutTheEngineSection(Work work) {
        String ours = config.yaml(Engine.SPANWEIR, work);
        assertThat(ours.substring(ours.indexOf("receivers:"))).isEqualTo(config.yaml(Engine.COLLECTOR, work));
    }

    @Test
    void allConfigurationsAreAsReviewed() {
        StringBuilder all = new StringBuilder();
        for (Work work : Work.values()) {
            for (Engine engine : Engine.values()) {
                if (work.possible(engine)) {
                    all.append("--- ")
                            .append(work)
                            .append(", ")
                            .append(engine.id())
                            .append('\n');
                    all.append(config.yaml(engine, work));
                }
            }
        }
        Golden.verify("compare/configurations.txt", all.toString());
    }
}
