package io.spanweir.perf.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.spanweir.testkit.Seeds;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatencyHistogramTest {
    @Test
    void quantilesAreThoseOfTheSortedValuesToOnePercent() {
        SplittableRandom random = Seeds.random(LatencyHistogramTest.class, "values");
        LatencyHistogram histogram = new LatencyHistogram();
        long[] values = new long[10_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextLong(1L << random.nextInt(1, 50));
            histogram.record(values[i]);
        }
        Arrays.sort(values);
        for (double share : new double[] {0.001, 0.5, 0.9, 0.99, 0.999, 1}) {
            long exact = values[(int) Math.ceil(share * values.length) - 1];
            assertThat(histogram.quantileNanos(share))
                    .as("%s, %s", share, Seeds.repeat(LatencyHistogramTest.class))
                    .isBetween(exact, exact + exact / 128 + 1);
        }
        assertThat(histogram.count()).isEqualTo(values.length);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 127, 128, 255, 256, 257, 511, 512, 1L << 40, Long.MAX_VALUE})
    void oneValueIsEveryQuantile(long value) {
        LatencyHistogram histogram = new LatencyHistogram();
        histogram.record(value);
        assertThat(histogram.quantileNanos(0.5)).isEqualTo(value);
        assertThat(histogram.quantileNanos(1)).isEqualTo(value);
        assertThat(histogram.maxNanos()).isEqualTo(value);
    }

    @Test
    void nothingRecordedIsZero() {
        assertThat(new LatencyHistogram().quantileNanos(0.99)).isZero();
    }

    @Test
    void aClockThatSteppedBackCountsAsZero() {
        LatencyHistogram histogram = new LatencyHistogram();
        histogram.record(-5);
        assertThat(histogram.quantileNanos(1)).isZero();
    }
}
