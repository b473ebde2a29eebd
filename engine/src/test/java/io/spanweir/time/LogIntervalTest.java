package io.spanweir.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LogIntervalTest {
    private final ManualClock clock = new ManualClock();
    private final LogInterval interval = new LogInterval(clock::nanos);

    @Test
    void theFirstLineIsLoggedAtOnce() {
        assertThat(interval.leftOut()).isZero();
    }

    @Test
    void thenOneInTenSecondsWithTheNumberOfThoseLeftOut() {
        assertThat(interval.leftOut()).isZero();
        clock.advance(Duration.ofMillis(9_999));
        assertThat(interval.leftOut()).isEqualTo(LogInterval.NOT_YET);
        assertThat(interval.leftOut()).isEqualTo(LogInterval.NOT_YET);

        clock.advance(Duration.ofMillis(1));
        assertThat(interval.leftOut()).isEqualTo(2);
        assertThat(interval.leftOut()).isEqualTo(LogInterval.NOT_YET);

        clock.advance(Duration.ofHours(1));
        assertThat(interval.leftOut()).isOne();
    }
}
