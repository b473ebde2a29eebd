package io.spanweir.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PressureTest {
    private static final long SECOND = 1_000_000_000L;

    private final Budget held = new Budget("held", 100);
    private final Budget tables = new Budget("tables", 100);
    private final Pressure pressure = new Pressure(List.of(held, tables));
    private final Pressure.OldestArrival laneA = pressure.join();
    private final Pressure.OldestArrival laneB = pressure.join();

    @Test
    void belowTheHighWaterMarkNothingHappens() {
        held.tryTake(90);
        laneA.publish(5 * SECOND);
        assertThat(pressure.advance(30 * SECOND)).isFalse();
        assertThat(pressure.refusing()).isFalse();
        assertThat(pressure.positionNanos()).isEqualTo(Pressure.NEVER);
    }

    @Test
    void aboveItReceiversRefuseAndThePositionPassesTheOldestOfAllLanes() {
        tables.tryTake(91);
        laneA.publish(20 * SECOND);
        laneB.publish(14 * SECOND);
        assertThat(pressure.advance(30 * SECOND)).isTrue();
        assertThat(pressure.refusing()).isTrue();
        assertThat(pressure.positionNanos()).isEqualTo(15 * SECOND);
    }

    @Test
    void thePositionWaitsUntilNothingIsLeftBeforeIt() {
        held.tryTake(91);
        laneA.publish(14 * SECOND);
        assertThat(pressure.advance(30 * SECOND)).isTrue();
        assertThat(pressure.advance(31 * SECOND)).isFalse();
        laneA.publish(16 * SECOND);
        assertThat(pressure.advance(32 * SECOND)).isTrue();
        assertThat(pressure.positionNanos()).isEqualTo(17 * SECOND);
    }

    @Test
    void whoLeavesIsNotWaitedFor() {
        held.tryTake(91);
        laneA.publish(14 * SECOND);
        laneB.publish(20 * SECOND);
        laneA.close();
        assertThat(pressure.advance(36 * SECOND)).isTrue();
        assertThat(pressure.positionNanos()).isEqualTo(21 * SECOND);
        laneB.close();
        assertThat(pressure.advance(36 * SECOND)).isFalse();
    }

    @Test
    void itGoesOnBetweenTheMarksAndEndsAtTheLowOne() {
        held.tryTake(91);
        laneA.publish(14 * SECOND);
        pressure.advance(30 * SECOND);
        held.give(15);
        laneA.publish(20 * SECOND);
        assertThat(pressure.advance(36 * SECOND)).isTrue();
        assertThat(pressure.refusing()).isTrue();
        held.give(1);
        laneA.publish(22 * SECOND);
        assertThat(pressure.advance(37 * SECOND)).isFalse();
        assertThat(pressure.refusing()).isFalse();
        assertThat(pressure.positionNanos()).isEqualTo(21 * SECOND);
        held.tryTake(15);
        assertThat(pressure.advance(38 * SECOND)).isFalse();
    }

    @Test
    void withNothingUndecidedThePositionStays() {
        held.tryTake(100);
        assertThat(pressure.advance(SECOND)).isFalse();
        assertThat(pressure.refusing()).isTrue();
        assertThat(pressure.positionNanos()).isEqualTo(Pressure.NEVER);
    }

    @Test
    void aTraceThatBeganThisInstantIsPassedAndThePositionIsNeverFurtherThanThat() {
        held.tryTake(100);
        laneA.publish(7);
        assertThat(pressure.advance(7)).isTrue();
        assertThat(pressure.positionNanos()).isEqualTo(8);
        laneA.publish(8);
        assertThat(pressure.advance(2_000)).isTrue();
        assertThat(pressure.positionNanos()).isEqualTo(2_000);
    }

    @Test
    void advancingAndDecidingReachesTheLowMarkFromAnyFill() {
        held.tryTake(100);
        long now = 200 * SECOND;
        int oldest = 0;
        int turns = 0;
        do {
            laneA.publish(oldest == 100 ? Pressure.NOTHING_WAITS : oldest * SECOND);
            pressure.advance(now);
            while (oldest < 100 && oldest * SECOND < pressure.positionNanos()) {
                held.give(1);
                oldest++;
            }
            assertThat(++turns).isLessThan(100);
        } while (pressure.refusing());
        assertThat(held.usedBytes()).isBetween(60L, 75L);
    }
}
