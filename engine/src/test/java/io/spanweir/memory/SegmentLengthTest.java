package io.spanweir.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SegmentLengthTest {
    private static final int KIB = 1 << 10;
    private static final int MIB = 1 << 20;

    static Stream<Arguments> lengths() {
        return Stream.of(
                argumentSet("no G1: as asked", MIB, 0, 16, MIB),
                argumentSet("no G1: a multiple of 8", 1001, 0, 16, 1000),
                argumentSet("one whole region", MIB, MIB, 16, MIB - 16),
                argumentSet("two whole regions", MIB + 1, MIB, 16, 2 * MIB - 16),
                argumentSet("just more than half a region: the whole region", MIB, 2 * MIB, 16, 2 * MIB - 16),
                argumentSet("less than half a region: an ordinary object", MIB, 4 * MIB, 16, MIB),
                argumentSet("small profile", 64 * KIB, MIB, 16, 64 * KIB),
                argumentSet("wide class pointers", MIB, MIB, 24, MIB - 24));
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void segmentsFillTheRegionsThatTheyTake(int askedBytes, long regionBytes, int headerBytes, int expected) {
        assertThat(SegmentLength.fitted(askedBytes, regionBytes, headerBytes)).isEqualTo(expected);
    }

    @Test
    void theRunningProcessGetsALengthThatCanBeAllocated() {
        int length = SegmentLength.fitted(MIB);
        assertThat(length).isBetween(MIB - 24, 64 * MIB);
        assertThat(length % 8).isZero();
    }
}
