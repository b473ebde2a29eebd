package io.spanweir.receiver.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spanweir.testsink.RawHttp2;
import io.spanweir.wire.Signal;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who may connect to the gRPC port, for how long without saying anything, and who has to wait. */
class GrpcConnectionsTest {
    private static final byte[] REQUEST = Requests.tracesOfLength(2_000).toByteArray();
    private static final long END_MILLIS = 5_000;

    private GrpcPort listening;
    private int port;

    private void listen(int connectionsMax, Duration owed) throws Exception {
        listening = new GrpcPort(1, 16 << 20, new GrpcConnections(connectionsMax, owed));
        port = listening.port;
    }

    @AfterEach
    void stop() {
        listening.close();
    }

    @Test
    void oneMoreConnectionThanAllowedIsClosedAndOneThatLeavesMakesRoom() throws Exception {
        listen(3, Duration.ofMinutes(1));
        try (GrpcClient honest = listening.client();
                RawHttp2 second = RawHttp2.connect(port)) {
            honest.export(Signal.TRACES, REQUEST);
            try (RawHttp2 third = RawHttp2.connect(port);
                    RawHttp2 fourth = RawHttp2.silent(port)) {
                fourth.read();
                assertThat(fourth.awaitEnd(END_MILLIS)).isTrue();
                assertThat(third.isEnded()).isFalse();
                assertThat(second.isEnded()).isFalse();
                assertThat(honest.export(Signal.TRACES, REQUEST)).isEmpty();
            }
            await("room for another").ignoreExceptions().until(() -> {
                try (GrpcClient later = listening.client()) {
                    return later.export(Signal.TRACES, REQUEST).length == 0;
                }
            });
        }
    }

    @Test
    void aBlockOfHeadersThatDoesNotEndIsClosedInTimeAndAConnectionThatOwesNothingIsNot() throws Exception {
        listen(10, Duration.ofMillis(300));
        try (RawHttp2 slow = RawHttp2.connect(port);
                GrpcClient idle = listening.client()) {
            idle.export(Signal.TRACES, REQUEST);
            slow.frame(RawHttp2.HEADERS, 0, 1, RawHttp2.exportHeaders(true)).flush();

            assertThat(slow.awaitEnd(END_MILLIS)).isTrue();
            assertThat(idle.export(Signal.TRACES, REQUEST)).isEmpty();
        }
    }

    @Test
    void whoFloodsAgainAndAgainWaitsForTheNextConnectionAndOpenOnesAreServed() throws Exception {
        listen(100, Duration.ofMinutes(1));
        try (GrpcClient honest = listening.client()) {
            honest.export(Signal.TRACES, REQUEST);
            for (int i = 0; i < 3; i++) {
                flood();
            }
            try (RawHttp2 next = RawHttp2.silent(port)) { // takes the place that is free
                long begin = System.nanoTime();
                try (GrpcClient behindTheSameAddress = listening.client()) {
                    assertThat(honest.export(Signal.TRACES, REQUEST)).isEmpty();
                    assertThat(behindTheSameAddress.export(Signal.TRACES, REQUEST))
                            .isEmpty();
                }
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(250));
                assertThat(next.isEnded()).isFalse();
            }
        }
    }

    private void flood() throws Exception {
        try (RawHttp2 raw = RawHttp2.connect(port)) {
            for (int i = 0; i < 5_000; i++) {
                raw.frame(RawHttp2.PING, 0, 0, new byte[8]);
            }
            try {
                raw.flush();
            } catch (java.io.IOException closed) {
                assertThat(raw.awaitEnd(END_MILLIS)).isTrue();
            }
            assertThat(raw.awaitEnd(END_MILLIS)).isTrue();
        }
    }

    @Test
    void aFewPingsTooManyEndTheConnection() throws Exception {
        listen(10, Duration.ofMinutes(1));
        try (RawHttp2 raw = RawHttp2.connect(port)) {
            for (int i = 0; i < 5; i++) { // two are too many, once the first has been counted
                raw.frame(RawHttp2.PING, 0, 0, new byte[8]);
            }
            raw.flush();

            assertThat(raw.awaitEnd(END_MILLIS)).isTrue();
            byte[] farewell = raw.frames(RawHttp2.GOAWAY).get(0).payload();
            assertThat(new String(farewell, 8, farewell.length - 8, java.nio.charset.StandardCharsets.US_ASCII))
                    .isEqualTo("too_many_pings");
        }
    }
}
