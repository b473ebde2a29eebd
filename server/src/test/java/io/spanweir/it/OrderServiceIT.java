package io.spanweir.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spanweir.testsink.OtlpSink;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A Go service with PostgreSQL and Redis, through the program, to a backend: what is kept is whole, right and all of it. */
class OrderServiceIT {
    private static final int ORDERS = 2_500;
    private static final int CONCURRENCY = 16;
    private static final double FAIL_SHARE = 0.03;
    private static final double SLOW_SHARE = 0.02;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final Closing closing = new Closing();
    private static OtlpSink backend;
    private static SpanweirProgram spanweir;
    private static OrderService service;

    @BeforeAll
    static void startAll() throws IOException {
        PostgreSql postgreSql = closing.add(PostgreSql.start());
        Redis redis = closing.add(Redis.start());
        backend = closing.add(OtlpSink.start());
        spanweir = closing.add(SpanweirProgram.start(backend.grpcPort()));
        service = closing.add(OrderService.start(spanweir.receiverPort(), postgreSql, redis));
    }

    @AfterAll
    static void stopAll() throws Exception {
        closing.close();
    }

    @Test
    void errorsSlowOrdersAndAShareOfTheOthersArriveWholeAndTheFiguresAddUp() throws IOException {
        LoadReport load =
                service.load(ORDERS, CONCURRENCY, FAIL_SHARE, SLOW_SHARE, 0).await();
        assertThat(load.failed()).hasSize((int) (ORDERS * FAIL_SHARE));
        assertThat(load.slow()).hasSize((int) (ORDERS * SLOW_SHARE));
        int spanCount = service.warmUpSpanCount() + load.spanCount();

        Scrape waiting = await("all spans acknowledged")
                .atMost(LIMIT)
                .until(spanweir::scrape, scrape -> scrape.acceptedSpans() >= spanCount);
        assertThat(waiting.acceptedSpans()).as("accepted spans").isEqualTo(spanCount);
        assertThat(waiting.heldSpans()).as("spans of the last orders wait").isPositive();
        assertThat(waiting.finishedSpans() + waiting.heldSpans()).isEqualTo(spanCount);

        Scrape settled = await("everything decided and sent")
                .atMost(LIMIT)
                .until(spanweir::scrape, scrape -> scrape.heldSpans() == 0 && scrape.unsentRequests() == 0);
        ReceivedTraces received = ReceivedTraces.of(backend);
        KeptOrders.assertComplete(received, service.warmUp(), load);
        assertThat(received.repeatedSpans()).isZero();
        assertThat(settled.finishedSpans("sampled") + settled.finishedSpans("not_sampled"))
                .isEqualTo(spanCount);
        assertThat(settled.sentSpans())
                .isEqualTo(settled.finishedSpans("sampled"))
                .isEqualTo(received.spanCount());
        assertThat(settled.lostSpans()).isZero();
    }
}
