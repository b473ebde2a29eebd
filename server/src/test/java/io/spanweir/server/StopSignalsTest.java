package io.spanweir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StopSignalsTest {
    @Test
    void firstSignalIsToldAndTheSecondActs() throws InterruptedException {
        AtomicInteger cutShort = new AtomicInteger();
        StopSignals signals = StopSignals.of(cutShort::incrementAndGet);
        signals.received("SIGTERM");
        assertThat(signals.await()).isEqualTo("SIGTERM");
        assertThat(cutShort).hasValue(0);
        signals.received("SIGINT");
        assertThat(cutShort).hasValue(1);
    }
}
