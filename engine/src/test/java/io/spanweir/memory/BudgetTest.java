package io.spanweir.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BudgetTest {
    private final Budget budget = new Budget("held", 100);

    @Test
    void takesUpToTheCapacityAndNotAByteMore() {
        assertThat(budget.tryTake(60)).isTrue();
        assertThat(budget.tryTake(41)).isFalse();
        assertThat(budget.usedBytes()).isEqualTo(60);
        assertThat(budget.tryTake(40)).isTrue();
        assertThat(budget.tryTake(Long.MAX_VALUE)).isFalse();
        assertThat(budget.usedBytes()).isEqualTo(100);
    }

    @Test
    void optionalUseEndsAtHalfOfTheCapacityWhoeverTookIt() {
        assertThat(budget.tryTake(40)).isTrue();
        assertThat(budget.tryTakeOptional(11)).isFalse();
        assertThat(budget.tryTakeOptional(10)).isTrue();
        assertThat(budget.tryTakeOptional(1)).isFalse();
        assertThat(budget.tryTake(1)).isTrue();
    }

    @Test
    void marksAreCrossedAboveNinetyAndSeventyFivePercent() {
        assertThat(budget.tryTake(75)).isTrue();
        assertThat(budget.aboveLowWater()).isFalse();
        assertThat(budget.tryTake(15)).isTrue();
        assertThat(budget.aboveLowWater()).isTrue();
        assertThat(budget.aboveHighWater()).isFalse();
        assertThat(budget.tryTake(1)).isTrue();
        assertThat(budget.aboveHighWater()).isTrue();
    }

    @Test
    void givingBackMoreThanWasTakenIsABugAndChangesNothing() {
        assertThat(budget.tryTake(10)).isTrue();
        assertThatThrownBy(() -> budget.give(11))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("memory part held: 11 bytes given back, 10 in use");
        assertThatThrownBy(() -> budget.give(-1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> budget.tryTake(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(budget.usedBytes()).isEqualTo(10);
    }

    @Test
    void marksOutOfOrderAreRefused() {
        assertThatThrownBy(() -> new Budget("held", 100, 0.5, 0.6))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 < low <= high <= 1");
    }
}
