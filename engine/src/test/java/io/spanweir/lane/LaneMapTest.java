package io.spanweir.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.LongUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which lane a trace goes to, when its id was chosen by somebody who wants one lane to have all the work. */
class LaneMapTest {
    private static final int LANES = 4;
    private static final int TRACES = 4_000;
    private static final long KNOWN_SEED = 7;
    private static final long SECRET_SEED = 0x5eed_0f_a11_c4a9L;

    private static long chosenForLaneZero(LaneMap known, long high, long from) {
        long low = from;
        while (known.laneOf(high, low) != 0) {
            low++;
        }
        return low;
    }

    static Stream<Arguments> chosenIds() {
        LaneMap known = new LaneMap(LANES, KNOWN_SEED);
        return Stream.of(
                argumentSet("low halves in a row", (LongUnaryOperator) i -> 1, (LongUnaryOperator) i -> i),
                argumentSet("high halves in a row", (LongUnaryOperator) i -> i, (LongUnaryOperator) i -> 1),
                argumentSet("both halves alike", (LongUnaryOperator) i -> i, (LongUnaryOperator) i -> i),
                argumentSet(
                        "only the upper bits of the low half differ", (LongUnaryOperator) i -> 1, (LongUnaryOperator)
                                i -> i << 51),
                argumentSet(
                        "only the upper bits of the high half differ",
                        (LongUnaryOperator) i -> i << 51,
                        (LongUnaryOperator) i -> 1),
                argumentSet(
                        "all on one lane of an engine with another seed",
                        (LongUnaryOperator) i -> 1,
                        (LongUnaryOperator) i -> chosenForLaneZero(known, 1, i * 1_000)));
    }

    @ParameterizedTest
    @MethodSource("chosenIds")
    void chosenIdsSpreadOverAllLanes(LongUnaryOperator high, LongUnaryOperator low) {
        LaneMap map = new LaneMap(LANES, SECRET_SEED);
        int[] traces = new int[LANES];
        for (int i = 0; i < TRACES; i++) {
            traces[map.laneOf(high.applyAsLong(i), low.applyAsLong(i))]++;
        }
        assertThat(Arrays.stream(traces))
                .allMatch(count -> count > TRACES / LANES * 8 / 10 && count < TRACES / LANES * 12 / 10, "a fair share");
    }

    /** The choice above is a choice: with the seed it was made for it hits one lane only. */
    @ParameterizedTest
    @MethodSource("seeds")
    void theSeedDecides(long seed, boolean all) {
        LaneMap known = new LaneMap(LANES, KNOWN_SEED);
        LaneMap map = new LaneMap(LANES, seed);
        SplittableRandom random = new SplittableRandom(1);
        int onLaneZero = 0;
        for (int i = 0; i < TRACES; i++) {
            long high = random.nextLong();
            if (map.laneOf(high, chosenForLaneZero(known, high, random.nextLong())) == 0) {
                onLaneZero++;
            }
        }
        assertThat(onLaneZero == TRACES).isEqualTo(all);
        assertThat(onLaneZero).isGreaterThan(TRACES / LANES / 2);
    }

    static Stream<Arguments> seeds() {
        return Stream.of(
                argumentSet("known", KNOWN_SEED, true),
                argumentSet("another", SECRET_SEED, false),
                argumentSet("the next", KNOWN_SEED + 1, false));
    }
}
