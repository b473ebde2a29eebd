package io.spanweir.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.spanweir.testkit.Seeds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThresholdTest {
    private static String text(long threshold) {
        byte[] bytes = new byte[Threshold.DIGITS_MAX];
        return new String(bytes, 0, Threshold.write(threshold, bytes, 0), StandardCharsets.US_ASCII);
    }

    private static long read(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return Threshold.read(bytes, 0, bytes.length);
    }

    @Test
    void vectorsOfTheSpecificationAreReproduced() throws IOException {
        Path vectors = Path.of(System.getProperty("spanweir.data", "."), "tracestate_threshold_vectors.csv");
        assumeTrue(Files.exists(vectors), "tracestate_threshold_vectors.csv is not there: set -Dspanweir.data");
        List<String> lines = Files.readAllLines(vectors);
        assertThat(lines).hasSizeGreaterThan(39);
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",");
            long threshold = Threshold.of(Double.parseDouble(cells[1]), Integer.parseInt(cells[2]));
            assertThat(text(threshold)).as(line).isEqualTo(cells[3]);
            assertThat(Threshold.probability(threshold)).as(line).isEqualTo(Double.parseDouble(cells[4]));
            assertThat(Threshold.adjustedCount(threshold)).as(line).isEqualTo(Double.parseDouble(cells[5]));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, 4, 0",
        "0.75, 4, 4",
        "0.5, 4, 8",
        "0.25, 4, c",
        "0.2, 4, cccd",
        "0.1, 4, e666",
        "0.05, 4, f3333",
        "0.01, 4, fd70a",
        "0.001, 4, ffbe77",
        "0.0001, 4, fff9724",
        "0.9, 4, 199a",
        "0.99, 4, 028f6",
        "0.3333333333333333, 4, aaab",
        "0.3333333333333333, 14, aaaaaaaaaaaaac",
        "0.01, 14, fd70a3d70a3d71",
        "0.001, 14, ffbe76c8b43958",
        "0.14285714285714285, 4, db6e",
        "0.0588235294117647, 4, f0f0f",
        "0.0078125, 4, fe",
        "0x1p-56, 4, ffffffffffffff",
        "0x1p-56, 1, ffffffffffffff",
        "2, 4, 0"
    })
    void probabilityHasThreshold(String probability, int precision, String expected) {
        assertThat(text(Threshold.of(Double.parseDouble(probability), precision)))
                .isEqualTo(expected);
    }

    @Test
    void belowTheSmallestProbabilityNothingIsKept() {
        for (double probability : new double[] {0, -1, 0x1p-57, Double.NaN}) {
            assertThat(Threshold.of(probability, 4)).isEqualTo(Threshold.NEVER);
        }
        assertThat(Threshold.keeps(Threshold.NEVER, Threshold.NEVER - 1)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "8, 36028797018963968",
        "00000000000001, 1",
        "ffffffffffffff, 72057594037927935",
        "'', -1",
        "123456789abcdef, -1",
        "F, -1",
        "0x1, -1",
        "g, -1",
        "' 1', -1"
    })
    void thresholdIsReadStrictly(String text, long expected) {
        assertThat(read(text)).isEqualTo(expected);
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        SplittableRandom random = Seeds.random(ThresholdTest.class, "round trip");
        for (int i = 0; i < 10_000; i++) {
            long threshold = random.nextLong(Threshold.NEVER) >>> random.nextInt(56) << random.nextInt(56)
                    & (Threshold.NEVER - 1);
            assertThat(read(text(threshold)))
                    .as(Seeds.repeat(ThresholdTest.class))
                    .isEqualTo(threshold);
        }
    }

    @Test
    void roundingStaysCloseAndInRangeForEveryPrecision() {
        SplittableRandom random = Seeds.random(ThresholdTest.class, "precision");
        for (int i = 0; i < 20_000; i++) {
            double probability = Math.scalb(0.5 + random.nextDouble() / 2, -random.nextInt(50));
            int precision = 1 + random.nextInt(14);
            long threshold = Threshold.of(probability, precision);
            double written = Threshold.probability(threshold);
            double tolerance = Math.max(probability * Math.pow(16, 1 - precision), 0x1p-56);
            assertThat(threshold).isBetween(0L, Threshold.NEVER - 1);
            assertThat(written)
                    .as("probability %s, precision %d; %s", probability, precision, Seeds.repeat(ThresholdTest.class))
                    .isCloseTo(probability, within(tolerance));
        }
    }

    /** For n ids and probability p, |kept - np| stays below z * sqrt(np(1 - p)); z = 5. The sets are nested exactly. */
    @Test
    void sharesAreKeptAndNested() {
        SplittableRandom random = Seeds.random(ThresholdTest.class, "shares");
        double[] probabilities = {0.5, 0.1, 0.01, 0.001};
        int count = 1_000_000;
        long[] kept = new long[probabilities.length];
        long[] thresholds = new long[probabilities.length];
        for (int p = 0; p < probabilities.length; p++) {
            thresholds[p] = Threshold.of(probabilities[p], Threshold.DEFAULT_PRECISION);
        }
        for (int i = 0; i < count; i++) {
            long randomness = Randomness.ofTraceIdLow(random.nextLong());
            boolean keptBefore = true;
            for (int p = 0; p < probabilities.length; p++) {
                boolean keeps = Threshold.keeps(thresholds[p], randomness);
                if (keeps && !keptBefore) {
                    throw new AssertionError("kept at a smaller probability only: " + Long.toHexString(randomness));
                }
                kept[p] += keeps ? 1 : 0;
                keptBefore = keeps;
            }
        }
        for (int p = 0; p < probabilities.length; p++) {
            double written = Threshold.probability(thresholds[p]);
            assertThat((double) kept[p])
                    .as("kept of %d at %s; %s", count, probabilities[p], Seeds.repeat(ThresholdTest.class))
                    .isCloseTo(count * written, within(5 * Math.sqrt(count * written * (1 - written))));
        }
    }
}
