package io.spanweir.memory;

import java.util.SplittableRandom;

/** The one source of chance of a property test: system property {@code seed}, or a fixed one. */
public final class Chance {
    private static final long SEED = 20_261_101L;

    private final long seed = Long.getLong("seed", SEED);
    private final Class<?> test;

    public Chance(Class<?> test) {
        this.test = test;
    }

    public long seed() {
        return seed;
    }

    /** A sequence of its own for each round, so that one round can be repeated alone. */
    public SplittableRandom round(int round) {
        return new SplittableRandom(seed * 31 + round);
    }

    /** For the description of an assertion. */
    public String repeat(int round, int step) {
        return "round %d, step %d; repeat: ./mvnw -pl engine -am test -Dtest=%s -Dseed=%d"
                .formatted(round, step, test.getSimpleName(), seed);
    }
}
