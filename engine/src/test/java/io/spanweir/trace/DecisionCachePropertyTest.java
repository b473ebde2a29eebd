package io.spanweir.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.spanweir.memory.Budget;
import io.spanweir.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Compares the decision cache with a list walked from front to end over generated histories. */
class DecisionCachePropertyTest {
    private static final int ROUNDS = 20;
    private static final int STEPS = 6_000;

    private static final class Remembered {
        long high;
        long low;
        byte kind;
        short policy;
        long threshold;
        boolean used;
    }

    /** Places in the order of their first use; the hand goes round. */
    private static final class Twin {
        final List<Remembered> places = new ArrayList<>();
        final int capacity;
        int hand;

        Twin(int capacity) {
            this.capacity = capacity;
        }

        Remembered find(long high, long low) {
            for (Remembered one : places) {
                if (one.high == high && one.low == low) {
                    return one;
                }
            }
            return null;
        }

        Remembered place() {
            if (places.size() < capacity) {
                places.add(new Remembered());
                return places.get(places.size() - 1);
            }
            int passed = 0;
            while (places.get(hand).used && passed++ < 8) {
                places.get(hand).used = false;
                hand = (hand + 1) % capacity;
            }
            Remembered taken = places.get(hand);
            hand = (hand + 1) % capacity;
            return taken;
        }
    }

    @Test
    void theCacheEqualsAListWithAHand() {
        for (int round = 0; round < ROUNDS; round++) {
            SplittableRandom random = Seeds.random(DecisionCachePropertyTest.class, "history", round);
            int capacity = round == 0 ? 0 : 1 + random.nextInt(round == 1 ? 1 : 900);
            Budget budget = new Budget("tables", 10_000_000);
            DecisionCache cache = new DecisionCache(budget, capacity, random.nextLong());
            Twin twin = new Twin(capacity);
            for (int step = 0; step < STEPS; step++) {
                long high = random.nextInt(3);
                long low = random.nextInt(capacity + 10);
                if (random.nextInt(3) == 0) {
                    lookUp(cache, twin, high, low, repeat(round, step));
                } else {
                    put(cache, twin, high, low, random);
                }
                assertThat(cache.size()).as(repeat(round, step)).isEqualTo(twin.places.size());
            }
            for (Remembered one : twin.places) {
                lookUp(cache, twin, one.high, one.low, repeat(round, STEPS));
            }
            cache.close();
            assertThat(budget.usedBytes()).as(repeat(round, STEPS)).isZero();
        }
    }

    private static void put(DecisionCache cache, Twin twin, long high, long low, SplittableRandom random) {
        byte kind = (byte) random.nextInt(3);
        short policy = (short) random.nextInt();
        long threshold = random.nextLong(1L << 56);
        cache.put(high, low, kind, policy, threshold);
        if (twin.capacity == 0) {
            return;
        }
        Remembered one = twin.find(high, low);
        boolean present = one != null;
        one = present ? one : twin.place();
        one.high = high;
        one.low = low;
        one.kind = kind;
        one.policy = policy;
        one.threshold = threshold;
        one.used = present;
    }

    private static void lookUp(DecisionCache cache, Twin twin, long high, long low, String repeat) {
        Remembered expected = twin.find(high, low);
        int found = cache.find(high, low);
        assertThat(found != DecisionCache.NONE).as(repeat).isEqualTo(expected != null);
        if (expected != null) {
            expected.used = true;
            assertThat(cache.kind(found)).as(repeat).isEqualTo(expected.kind);
            assertThat(cache.policy(found)).as(repeat).isEqualTo(expected.policy);
            assertThat(cache.threshold(found)).as(repeat).isEqualTo(expected.threshold);
        }
    }

    private static String repeat(int round, int step) {
        return "step " + step + ", " + Seeds.repeat(DecisionCachePropertyTest.class, round);
    }
}
