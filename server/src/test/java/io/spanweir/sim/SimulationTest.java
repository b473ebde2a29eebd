package io.spanweir.sim;

import io.spanweir.testkit.Seeds;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many seeds of {@link Simulation}; {@code -Dseed=N} repeats one, {@code -Dsimulations=N} says how many. */
class SimulationTest {
    private static final int SIMULATIONS = 150;
    private static final Logger ENGINE_LOG = Logger.getLogger("io.spanweir");

    @BeforeEach
    void quiet() {
        ENGINE_LOG.setLevel(Level.SEVERE);
    }

    @AfterEach
    void loud() {
        ENGINE_LOG.setLevel(null);
    }

    @Test
    void theBooksBalanceUnderEveryInterleaving() throws Exception {
        long first = Seeds.seed();
        int count = System.getProperty("seed", "").isEmpty() ? Integer.getInteger("simulations", SIMULATIONS) : 1;
        for (int i = 0; i < count; i++) {
            try {
                new Simulation(first + i).run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "repeat: ./mvnw -pl server -am test -Dtest=SimulationTest -Dseed=" + (first + i), e);
            }
        }
    }
}
