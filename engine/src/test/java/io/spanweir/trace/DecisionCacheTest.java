package io.spanweir.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spanweir.memory.Budget;
import org.junit.jupiter.api.Test;

class DecisionCacheTest {
    private static final short POLICY = 1;

    private final Budget budget = new Budget("tables", 1 << 20);

    @Test
    void aDecisionThatWasLookedUpOutlivesOlderAndNewerOnes() {
        DecisionCache cache = new DecisionCache(budget, 3, 1);
        put(cache, 1);
        put(cache, 2);
        put(cache, 3);
        cache.find(0, 1);
        put(cache, 4);
        put(cache, 5);
        assertThat(cache.find(0, 1)).isNotEqualTo(DecisionCache.NONE);
        assertThat(cache.find(0, 2)).isEqualTo(DecisionCache.NONE);
        assertThat(cache.find(0, 3)).isEqualTo(DecisionCache.NONE);
        assertThat(cache.find(0, 5)).isNotEqualTo(DecisionCache.NONE);
        assertThat(cache.size()).isEqualTo(3);
    }

    @Test
    void zeroIsOff() {
        DecisionCache cache = new DecisionCache(budget, 0, 1);
        put(cache, 1);
        assertThat(cache.find(0, 1)).isEqualTo(DecisionCache.NONE);
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void memoryComesAsItFillsAndNeverMoreThanHalfOfTheBudget() {
        DecisionCache cache = new DecisionCache(budget, 1_000_000, 1);
        assertThat(budget.usedBytes()).isZero();
        put(cache, 0);
        assertThat(budget.usedBytes()).isLessThan(20_000);
        for (int id = 1; id < 100_000; id++) {
            put(cache, id);
        }
        assertThat(budget.usedBytes()).isBetween((1L << 20) / 3, (1L << 20) / 2);
        assertThat(cache.size()).isGreaterThan(8_000);
        assertThat(cache.find(0, 99_999)).isNotEqualTo(DecisionCache.NONE);
        assertThat(cache.find(0, 99_999 - cache.size())).isEqualTo(DecisionCache.NONE);
        cache.close();
        assertThat(budget.usedBytes()).isZero();
        put(cache, 7);
        assertThat(cache.find(0, 7)).isNotEqualTo(DecisionCache.NONE);
    }

    @Test
    void withoutAnyRoomNothingIsRemembered() {
        DecisionCache cache = new DecisionCache(new Budget("tables", 100), 10, 1);
        put(cache, 1);
        assertThat(cache.size()).isZero();
    }

    @Test
    void aCapacityOutOfRangeIsNamed() {
        assertThatThrownBy(() -> new DecisionCache(budget, -1, 1))
                .hasMessage("decision cache of -1 traces, expected 0 to 16000000");
    }

    private static void put(DecisionCache cache, long id) {
        cache.put(0, id, DecisionCache.KIND_SAMPLED, POLICY, 0);
    }
}
