package io.spanweir.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.spanweir.testkit.Seeds;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TokenBucketTest {
    private static final long MILLIS = 1_000_000;

    static Stream<Arguments> requests() {
        return Stream.of(
                argumentSet("it starts full", 10L, 20L, "0:20+ 0:1-"),
                argumentSet("none or all", 10L, 20L, "0:15+ 0:6- 0:5+ 0:1-"),
                argumentSet("it refills", 10L, 20L, "0:20+ 99:1- 100:1+ 100:1- 2100:20+"),
                argumentSet("never above the capacity", 10L, 20L, "0:20+ 100000:20+ 100000:1-"),
                argumentSet("a request above the capacity is never granted", 10L, 20L, "0:21- 100000:21- 100000:20+"),
                argumentSet("a refused request changes nothing", 10L, 20L, "0:20+ 50:20- 100:1+"),
                argumentSet("time that goes back is no time passed", 10L, 20L, "1000:20+ 0:1- 1000:1- 1100:1+"),
                argumentSet("without a rate the first are all there are", 0L, 3L, "0:2+ 0:2- 5000:1+ 90000:1-"),
                argumentSet("without capacity only nothing is granted", 10L, 0L, "0:1- 1000:1- 1000:0+"),
                argumentSet("thirds are not lost", 3L, 3L, "0:3+ 333:1- 334:1+ 1001:2+ 1001:1-"),
                argumentSet("huge rates", 4_000_000_000L, 8_000_000_000L, "0:8000000000+ 0:1- 1000:4000000000+"),
                argumentSet("huge capacities", 1L, Long.MAX_VALUE, "0:9000000000+ 0:9223372036854775807-"));
    }

    /** Each request is {@code millis:count} and whether it is granted. */
    @ParameterizedTest
    @MethodSource("requests")
    void tokensAreGranted(long rate, long capacity, String requests) {
        TokenBucket bucket = new TokenBucket(rate, capacity, 0);
        for (String request : requests.split(" ")) {
            int colon = request.indexOf(':');
            long at = Long.parseLong(request.substring(0, colon)) * MILLIS;
            long count = Long.parseLong(request.substring(colon + 1, request.length() - 1));
            assertThat(bucket.take(count, at)).as(request).isEqualTo(request.endsWith("+"));
        }
    }

    /** Beside a bucket of exact fractions: it grants the same, but for less than a nanosecond's worth of tokens. */
    @Test
    void bucketFollowsTheExactOne() {
        for (int round = 0; round < 200; round++) {
            SplittableRandom random = Seeds.random(TokenBucketTest.class, "exact", round);
            long rate = 1 + random.nextInt(5_000);
            long capacity = random.nextInt(10_000);
            TokenBucket bucket = new TokenBucket(rate, capacity, 0);
            BigDecimal tokens = BigDecimal.valueOf(capacity);
            BigDecimal slack = BigDecimal.ZERO;
            long now = 0;
            for (int i = 0; i < 200; i++) {
                long passed = random.nextLong(100 * MILLIS);
                now += passed;
                BigDecimal refill = BigDecimal.valueOf(passed)
                        .multiply(BigDecimal.valueOf(rate))
                        .divide(BigDecimal.valueOf(1_000_000_000L), MathContext.DECIMAL128);
                tokens = tokens.add(refill).min(BigDecimal.valueOf(capacity));
                long count = random.nextLong(Math.max(1, capacity / 4 + 1));
                boolean granted = bucket.take(count, now);
                boolean exact = tokens.compareTo(BigDecimal.valueOf(count)) >= 0;
                if (granted != exact) {
                    BigDecimal distance =
                            tokens.subtract(BigDecimal.valueOf(count)).abs();
                    assertThat(distance)
                            .as("near the border only; %s", Seeds.repeat(TokenBucketTest.class, round))
                            .isLessThanOrEqualTo(slack);
                    assertThat(granted).as("never more than the exact one").isFalse();
                }
                if (granted) {
                    tokens = tokens.subtract(BigDecimal.valueOf(count));
                    slack = slack.add(BigDecimal.valueOf(rate, 9));
                }
            }
        }
    }
}
