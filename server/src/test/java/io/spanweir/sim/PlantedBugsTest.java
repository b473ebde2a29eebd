package io.spanweir.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The simulation can see: it finds each of the bugs that are planted. */
class PlantedBugsTest {
    private static final int SEEDS = 1000;
    private static final Logger ENGINE_LOG = Logger.getLogger("io.spanweir");

    @BeforeEach
    void quiet() {
        ENGINE_LOG.setLevel(Level.OFF);
    }

    @AfterEach
    void loud() {
        ENGINE_LOG.setLevel(null);
    }

    @ParameterizedTest
    @EnumSource(PlantedBug.class)
    void bugIsFound(PlantedBug bug) throws Exception {
        BugLoader.Found found = new BugLoader(bug).search(1, SEEDS, step -> {});
        assertThat(found).as(bug.word() + " within " + SEEDS + " seeds").isNotNull();
        System.out.println(bug.word() + ": seed " + found.seed() + ": "
                + found.message().lines().findFirst().orElse(""));
    }
}
