package io.spanweir.sim;

import io.spanweir.testkit.Seeds;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jspecify.annotations.Nullable;

/** Many seeds of {@link Simulation}; {@code -Dseed=N} repeats one, {@code -Dsimulations=N} says how many. */
class SimulationTest {
    private static final int SIMULATIONS = 3000;
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
        for (int i = 0; i < count; i++) {
            long seed = first + i;
            @Nullable Violation violation = Simulation.violationOf(seed, step -> {});
            if (violation != null) {
                throw new AssertionError("repeat: perf/simulate --seed " + seed + " --verbose", violation);
            }
        }
    }
}
