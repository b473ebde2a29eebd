package io.spanweir.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OffendersTest {
    private long nowNanos = Long.MAX_VALUE - Duration.ofSeconds(3).toNanos(); // the clock may wrap
    private final Offenders offenders = new Offenders(() -> nowNanos);

    private static InetSocketAddress at(String address) {
        try {
            return new InetSocketAddress(InetAddress.getByName(address), 4317);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private void flood(String address, int times) {
        for (int i = 0; i < times; i++) {
            offenders.charge(at(address), Offenders.FLOOD);
        }
    }

    private long delayMillis(String address) {
        long nanos = offenders.delayNanos(at(address));
        return nanos == Offenders.CLOSE ? nanos : Duration.ofNanos(nanos).toMillis();
    }

    @ParameterizedTest(name = "after {0} floods")
    @CsvSource({"0, 0", "1, 0", "2, 500", "3, 1000", "5, 2000", "50, 2000"})
    void connectionsOfAnOffenderGetInOneAfterTheOther(int floods, long intervalMillis) {
        flood("192.0.2.1", floods);

        assertThat(delayMillis("192.0.2.1")).isZero();
        assertThat(delayMillis("192.0.2.1")).isEqualTo(intervalMillis);
        assertThat(delayMillis("192.0.2.1")).isEqualTo(2 * intervalMillis);
        assertThat(delayMillis("192.0.2.2")).as("of another address").isZero();
    }

    @Test
    void whoWouldWaitTooLongIsTurnedAwayUntilTheLineIsShorter() {
        flood("192.0.2.1", 50);
        assertThat(IntStream.range(0, 5).mapToLong(i -> delayMillis("192.0.2.1")))
                .containsExactly(0L, 2_000L, 4_000L, Offenders.CLOSE, Offenders.CLOSE);

        nowNanos += Duration.ofSeconds(2).toNanos();
        assertThat(delayMillis("192.0.2.1")).isEqualTo(4_000);
    }

    @Test
    void partsOfFloodsAddUp() {
        for (int i = 0; i < 19; i++) {
            offenders.charge(at("192.0.2.1"), Offenders.FLOOD / 10);
        }
        assertThat(delayMillis("192.0.2.1") + delayMillis("192.0.2.1")).isZero();

        offenders.charge(at("192.0.2.1"), Offenders.FLOOD / 10);
        assertThat(delayMillis("192.0.2.1") + delayMillis("192.0.2.1")).isEqualTo(500);
    }

    @Test
    void tenSecondsWithoutAFloodAreForgiven() {
        flood("192.0.2.1", 5);
        nowNanos += Offenders.FORGOTTEN_NANOS - 1;
        assertThat(delayMillis("192.0.2.1") + delayMillis("192.0.2.1")).isEqualTo(2_000);

        nowNanos += 1;
        assertThat(delayMillis("192.0.2.1") + delayMillis("192.0.2.1")).isZero();
        assertThat(offenders.size()).isZero();
    }

    @Test
    void anIpv6NetworkCountsAsOneAddress() {
        flood("2001:db8:0:1::1", 1);
        flood("2001:db8:0:1:ffff::2", 1);

        assertThat(delayMillis("2001:db8:0:1::3") + delayMillis("2001:db8:0:1::4"))
                .isEqualTo(500);
        assertThat(delayMillis("2001:db8:0:2::3") + delayMillis("2001:db8:0:2::3"))
                .isZero();
    }

    @Test
    void theTableIsBoundedAndTheLongestQuietIsForgotten() {
        flood("192.0.2.1", 5);
        for (int i = 0; i < Offenders.ADDRESSES_MAX; i++) {
            flood("10.0." + i / 256 + "." + i % 256, 2);
        }

        assertThat(offenders.size()).isEqualTo(Offenders.ADDRESSES_MAX);
        assertThat(delayMillis("192.0.2.1") + delayMillis("192.0.2.1")).isZero();
        assertThat(delayMillis("10.0.0.0") + delayMillis("10.0.0.0")).isEqualTo(500);
    }
}
