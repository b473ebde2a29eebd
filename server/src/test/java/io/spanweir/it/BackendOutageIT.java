package io.spanweir.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spanweir.testsink.OtlpSink;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The backend goes away, or the program is told to go: what was acknowledged arrives all the same. */
class BackendOutageIT {
    private static final Duration OUTAGE = Duration.ofSeconds(Integer.getInteger("spanweir.outage.seconds", 8));
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String WAIT_LONG = "processors.tail_sampling.decision_wait=10m";
    private static final int NOT_ALL_SENT = 4;
    private static final int ORDERS_PER_SECOND = 150;
    private static final int CONCURRENCY = 32;
    private static final double FAIL_SHARE = 0.03;
    private static final double SLOW_SHARE = 0.02;

    private final Closing closing = new Closing();

    @AfterEach
    void stopAll() throws Exception {
        closing.close();
    }

    @Test
    void whatWasAcknowledgedWhileTheBackendWasAwayArrivesWhenItIsBack() throws IOException {
        int port = Ports.free();
        OtlpSink before = closing.add(OtlpSink.startAt(port));
        SpanweirProgram spanweir =
                closing.add(SpanweirProgram.start(port, "processors.tail_sampling.decision_wait=3s"));
        OrderService service = closing.add(OrderService.startInMemory(spanweir.receiverPort()));
        int orders = (int) (OUTAGE.toSeconds() + 7) * ORDERS_PER_SECOND;
        OrderService.Load underWay = service.load(orders, CONCURRENCY, FAIL_SHARE, SLOW_SHARE, ORDERS_PER_SECOND);
        closing.add(underWay.process());

        await("first traces").atMost(LIMIT).until(() -> before.spanCount() > 0);
        before.close();
        long acceptedBefore = spanweir.scrape().acceptedSpans();
        await("traffic goes on while the backend is away")
                .pollDelay(OUTAGE)
                .atMost(OUTAGE.plus(LIMIT))
                .until(spanweir::scrape, scrape -> scrape.acceptedSpans() > acceptedBefore && scrape.retries() > 0);
        OtlpSink after = closing.add(OtlpSink.startAt(port));

        LoadReport load = underWay.await();
        int spanCount = service.warmUpSpanCount() + load.spanCount();
        Scrape settled = await("everything decided and sent")
                .atMost(LIMIT)
                .until(
                        spanweir::scrape,
                        scrape -> scrape.acceptedSpans() >= spanCount
                                && scrape.heldSpans() == 0
                                && scrape.unsentRequests() == 0);
        ReceivedTraces received = ReceivedTraces.of(before, after);
        KeptOrders.assertComplete(received, service.warmUp(), load);
        assertThat(settled.acceptedSpans()).isEqualTo(spanCount);
        assertThat(settled.lostSpans()).isZero();
        assertThat(settled.sentSpans())
                .isEqualTo(settled.finishedSpans("sampled"))
                .isEqualTo(received.spanCount());
    }

    @Test
    void whatWaitsForItsDecisionIsSentBeforeTheProgramEndsAtSigterm() throws IOException {
        OtlpSink backend = closing.add(OtlpSink.start());
        SpanweirProgram spanweir = closing.add(SpanweirProgram.start(backend.grpcPort(), WAIT_LONG));
        Taken taken = takeOrders(spanweir);
        assertThat(backend.received()).isEmpty();

        assertThat(spanweir.stop(LIMIT)).as("exit code of %s", spanweir).isZero();
        ReceivedTraces received = ReceivedTraces.of(backend);
        taken.assertComplete(received);
        assertThat(received.repeatedSpans()).isZero();
    }

    @Test
    void aProgramThatIsToEndWhileTheBackendIsAwaySendsWhenItIsBack() throws IOException {
        int port = Ports.free();
        SpanweirProgram spanweir = closing.add(SpanweirProgram.start(port, WAIT_LONG));
        Taken taken = takeOrders(spanweir);

        spanweir.askToStop();
        await("attempts to send").atMost(LIMIT).until(() -> spanweir.scrape().retries() > 0);
        OtlpSink backend = closing.add(OtlpSink.startAt(port));
        assertThat(spanweir.exitCode(LIMIT)).as("exit code of %s", spanweir).isZero();
        taken.assertComplete(ReceivedTraces.of(backend));
    }

    @Test
    void aProgramThatCannotSendBeforeItsDeadlineSaysSoByItsExitCode() throws IOException {
        SpanweirProgram spanweir =
                closing.add(SpanweirProgram.start(Ports.free(), List.of("--shutdown-timeout=2s"), WAIT_LONG));
        takeOrders(spanweir);
        assertThat(spanweir.stop(LIMIT)).as("exit code of %s", spanweir).isEqualTo(NOT_ALL_SENT);
    }

    private record Taken(LoadReport warmUp, LoadReport load) {
        void assertComplete(ReceivedTraces received) {
            KeptOrders.assertComplete(received, warmUp, load);
        }
    }

    /** Orders whose spans have all been acknowledged, and all wait for their decision. */
    private Taken takeOrders(SpanweirProgram spanweir) throws IOException {
        OrderService service = closing.add(OrderService.startInMemory(spanweir.receiverPort()));
        LoadReport load =
                service.load(600, CONCURRENCY, FAIL_SHARE, SLOW_SHARE, 0).await();
        int spanCount = service.warmUpSpanCount() + load.spanCount();
        // The last ones are acknowledged before their lane holds them.
        await("all spans acknowledged, and waiting for their decision")
                .atMost(LIMIT)
                .until(
                        spanweir::scrape,
                        scrape -> scrape.acceptedSpans() >= spanCount && scrape.heldSpans() == spanCount);
        return new Taken(service.warmUp(), load);
    }
}
