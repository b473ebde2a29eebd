package io.spanweir.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.spanweir.testkit.Seeds;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many seeds of {@link Simulation}; {@code -Dseed=N} repeats one, {@code -Dsimulations=N} says how many. */
class SimulationTest {
    private static final int SIMULATIONS = 2500;
    /** What has to happen in some run, or the simulation looks at less than it should. */
    private static final String[] RARE = {
        "spanweir_refused_requests[in, sim, transit_full]",
        "spanweir_refused_requests[in, sim, ring_full]",
        "spanweir_refused_requests[in, sim, memory_full]",
        "spanweir_refused_requests[in, sim, queue_full]",
        "spanweir_refused_requests[in, sim, export_full]",
        "spanweir_refused_requests[in, sim, stopping]",
        "spanweir_malformed_requests[]",
        "spanweir_tail_sampling_decisions[timeout, sampled]",
        "spanweir_tail_sampling_decisions[count, sampled]",
        "spanweir_tail_sampling_decisions[memory, sampled]",
        "spanweir_tail_sampling_decisions[shutdown, sampled]",
        "spanweir_tail_sampling_finished_spans[shutdown]",
        "otelcol_processor_tail_sampling_early_releases_from_cache_decision[true]",
        "spanweir_exporter_retries[]",
        "spanweir_exporter_rejected_items[]",
        "otelcol_exporter_send_failed_spans[]",
        "otelcol_exporter_send_failed_log_records[]",
        "otelcol_exporter_send_failed_metric_points[]",
        "files put away"
    };

    private static final Logger ENGINE_LOG = Logger.getLogger("io.spanweir");

    @BeforeEach
    void quiet() {
        ENGINE_LOG.setLevel(Level.OFF); // backends break on purpose
    }

    @AfterEach
    void loud() {
        ENGINE_LOG.setLevel(null);
    }

    @Test
    void theBooksBalanceUnderEveryInterleaving() {
        long first = Seeds.seed();
        int count = System.getProperty("seed", "").isEmpty() ? Integer.getInteger("simulations", SIMULATIONS) : 1;
        Map<String, Long> reached = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            long seed = first + i;
            @Nullable Violation violation = Simulation.violationOf(seed, step -> {}, reached);
            if (violation != null) {
                throw new AssertionError("repeat: perf/simulate --seed " + seed + " --verbose", violation);
            }
        }
        if (count >= SIMULATIONS) {
            assertThat(reached).as("what the runs have met").containsKeys(RARE);
        }
    }
}
