package io.spanweir.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MemoryPlanTest {
    private static final long MIB = 1 << 20;

    static Stream<Arguments> sizes() {
        return Stream.of(
                argumentSet("sidecar", 25 * MIB, 1, 64 << 10),
                argumentSet("gateway", 4096 * MIB, 8, 1 << 20),
                argumentSet("odd", 777_777_777L, 3, (1 << 20) - 16));
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void thePartsAddUpToTheTotalAndFollowTheFractions(long totalBytes, int lanes, int segmentBytes) {
        MemoryPlan plan = MemoryPlan.split(totalBytes, lanes, segmentBytes);
        assertThat(plan.transitBytes() + plan.heldBytes() + plan.tablesBytes() + plan.exportBytes())
                .isEqualTo(totalBytes);
        assertThat(plan.transitBytes() % segmentBytes).isZero();
        assertThat(plan.heldBytes() % segmentBytes).isZero();
        assertThat(plan.transitBytes()).isBetween(percent(totalBytes, 12), percent(totalBytes, 18));
        assertThat(plan.heldBytes()).isBetween(percent(totalBytes, 47), percent(totalBytes, 58));
        assertThat(plan.tablesBytes()).isBetween(percent(totalBytes, 9), percent(totalBytes, 13));
        assertThat(plan.exportBytes()).isBetween(percent(totalBytes, 18), percent(totalBytes, 27));
    }

    private static long percent(long bytes, int percent) {
        return bytes * percent / 100;
    }

    @Test
    void theLeastPossibleSizeIsNamedAndIsPossible() {
        int segment = 64 << 10;
        long least = 4L * segment + 8L * segment + 2 * (512L << 10) + 2 * MIB;
        assertThatThrownBy(() -> MemoryPlan.split(least - 1, 2, segment))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("engine.memory: 3.7 MiB is not enough for 2 lanes and segments of 64.0 KiB;"
                        + " the least possible is " + least
                        + " bytes (3.8 MiB); raise engine.memory or lower engine.lanes or engine.segment_size");
        MemoryPlan plan = MemoryPlan.split(least, 2, segment);
        assertThat(plan.transitBytes()).isEqualTo(4L * segment);
        assertThat(plan.heldBytes()).isEqualTo(8L * segment);
        assertThat(plan.tablesBytes()).isEqualTo(MIB);
        assertThat(plan.exportBytes()).isEqualTo(2 * MIB);
    }

    @Test
    void segmentsAreSmallWhereALaneGetsLessThan64MiB() {
        assertThat(MemoryPlan.of(127 * MIB, 2, MemoryPlan.SEGMENT_AUTO).segmentLengthBytes())
                .isEqualTo(SegmentLength.fitted(64 << 10));
        assertThat(MemoryPlan.of(128 * MIB, 2, MemoryPlan.SEGMENT_AUTO).segmentLengthBytes())
                .isEqualTo(SegmentLength.fitted(1 << 20));
        assertThat(MemoryPlan.of(128 * MIB, 2, 8 << 10).segmentLengthBytes()).isEqualTo(SegmentLength.fitted(8 << 10));
    }

    @Test
    void badSettingsAreNamed() {
        assertThatThrownBy(() -> MemoryPlan.of(128 * MIB, 2, 100))
                .hasMessage("engine.segment_size: 100 B, expected 4.0 KiB to 64.0 MiB or \"auto\"");
        assertThatThrownBy(() -> MemoryPlan.of(128 * MIB, 0, 0)).hasMessage("engine.lanes: 0, expected at least 1");
    }

    @Test
    void thePlanDescribesItselfInOneLine() {
        assertThat(MemoryPlan.split(1000 * MIB, 1, 1 << 20).describe())
                .isEqualTo("memory 1000.0 MiB: transit 152.0 MiB (152 segments), held 548.0 MiB (548 segments),"
                        + " tables 99.4 MiB, export 200.6 MiB; segments of 1048576 bytes, 1 lane");
    }
}
