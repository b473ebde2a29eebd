package io.spanweir.testkit;

import java.util.SplittableRandom;

/**
 * The one seed of a test run: system property {@code seed}, or a fixed one, so that a build without it is repeatable.
 * Threading: any thread.
 */
public final class Seeds {
    private static final long DEFAULT_SEED = 20_260_401;
    private static final long SEED = Long.getLong("seed", DEFAULT_SEED);

    private Seeds() {}

    public static long seed() {
        return SEED;
    }

    /** Chance for one purpose of one test, independent of the others and of their order. */
    public static SplittableRandom random(Class<?> test, String purpose) {
        long salt = (test.getName() + '#' + purpose).hashCode();
        return new SplittableRandom(SEED ^ salt << 32 ^ salt);
    }

    /** Chance for one of many rounds, so that a round can be repeated without those before it. */
    public static SplittableRandom random(Class<?> test, String purpose, int round) {
        return random(test, purpose + '/' + round);
    }

    /** For the description of an assertion: how to repeat what failed. */
    public static String repeat(Class<?> test) {
        return "seed " + SEED + "; repeat with: ./mvnw -am test -Dtest=" + test.getSimpleName()
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dseed=" + SEED;
    }

    /** As {@link #repeat(Class)}, with the round that failed. */
    public static String repeat(Class<?> test, int round) {
        return "round " + round + ", " + repeat(test);
    }
}
