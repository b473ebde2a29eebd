package io.spanweir.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProbationTest {
    private static final long MILLI = 1_000_000;
    private static final long CREDIT_TURNS = Probation.OWED_NANOS_MAX / MILLI / Probation.PAUSES_PER_TURN;

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 50 * MILLI); // nanoTime may overflow
    private final Probation.Share share = new Probation.Share(nanos::get);
    private final Probation probation = new Probation(share);
    private final EmbeddedChannel thread = new EmbeddedChannel();
    private final List<String> turns = new ArrayList<>();

    ProbationTest() {
        thread.freezeTime();
    }

    @AfterEach
    void close() {
        thread.close();
    }

    private void pass(long time) {
        nanos.addAndGet(time);
        thread.advanceTimeBy(time, TimeUnit.NANOSECONDS);
        thread.runPendingTasks();
    }

    private void requests(int count) {
        for (int i = 0; i < count; i++) {
            probation.begins();
            probation.ends();
        }
    }

    private void useCredit() {
        for (long i = 0; i <= CREDIT_TURNS; i++) {
            new Probation(share).charge(MILLI);
        }
    }

    @Test
    void endsWithTheFirstRequest() {
        assertThat(probation.lasts()).isTrue();
        probation.begins();
        assertThat(probation.lasts()).isTrue();
        probation.ends();
        assertThat(probation.lasts()).isFalse();
    }

    @Test
    void beginsAgainWhenRequestsAreTakenBack() {
        requests(1_000);
        int resets = 0;
        while (!probation.lasts()) {
            probation.begins();
            probation.ends();
            probation.resets();
            resets++;
        }
        assertThat(resets).isLessThan(Probation.LAST_REQUESTS);
        requests(Probation.LAST_REQUESTS);
        assertThat(probation.lasts()).isFalse();
    }

    @Test
    void beginsAgainWhenRequestsAreNotEnded() {
        requests(1_000);
        for (int i = 0; i < Probation.LAST_REQUESTS; i++) {
            probation.begins();
        }
        assertThat(probation.lasts()).isTrue();
    }

    @Test
    void fewOfManyRequestsMayFail() {
        for (int i = 0; i < 1_000; i++) {
            requests(2);
            probation.begins();
            probation.resets();
            assertThat(probation.lasts()).isFalse();
        }
    }

    @Test
    void whoComesToAnIdleThreadNeedNotWait() {
        for (int i = 0; i < CREDIT_TURNS; i++) {
            assertThat(probation.mayTakeTurn()).isTrue();
            probation.charge(MILLI);
        }
        probation.charge(MILLI);
        assertThat(probation.mayTakeTurn()).isFalse();
        pass(Probation.PAUSES_PER_TURN * MILLI);
        assertThat(probation.mayTakeTurn()).isTrue();
    }

    @Test
    void allOfAThreadShareATwentieth() {
        useCredit();
        Runnable[] turn = new Runnable[2];
        for (int i = 0; i < 2; i++) {
            String name = i == 0 ? "one" : "other";
            Probation each = new Probation(share);
            int number = i;
            turn[i] = () -> {
                turns.add(name);
                each.charge(MILLI);
                each.await(thread.eventLoop(), turn[number]);
            };
            each.await(thread.eventLoop(), turn[i]);
        }
        for (int i = 0; i < 200; i++) {
            pass(MILLI);
        }
        assertThat(turns).hasSizeBetween(9, 11).startsWith("one", "other", "one", "other");
    }

    @Test
    void whoIsThroughDoesNotWait() {
        useCredit();
        assertThat(probation.mayTakeTurn()).isFalse();
        requests(1);
        assertThat(probation.mayTakeTurn()).isTrue();
    }

    @Test
    void whoIsThroughHasCostTheOthersNothing() {
        for (int i = 0; i < 1_000; i++) {
            Probation honest = new Probation(share);
            assertThat(honest.mayTakeTurn()).isTrue();
            honest.charge(MILLI);
            nanos.addAndGet(MILLI);
            honest.begins();
            honest.ends();
        }
    }

    /** Otherwise it would be taken from what others owe. */
    @Test
    void whatIsOverIsNotGivenBack() {
        for (int i = 0; i < 1_000; i++) {
            probation.charge(MILLI);
            nanos.addAndGet(Probation.PAUSES_PER_TURN * MILLI);
        }
        useCredit();
        requests(1);
        assertThat(new Probation(share).mayTakeTurn()).isFalse();
    }

    @Test
    void whatAllOweIsBounded() {
        for (int i = 0; i < 100_000; i++) {
            probation.charge(MILLI);
        }
        nanos.addAndGet(Probation.OWED_NANOS_MAX);
        assertThat(probation.mayTakeTurn()).isTrue();
    }

    @Test
    void whoWaitsIsServedBeforeWhoComes() {
        useCredit();
        probation.await(thread.eventLoop(), () -> turns.add("first"));
        nanos.addAndGet(Probation.OWED_NANOS_MAX);
        assertThat(new Probation(share).mayTakeTurn()).isFalse();
        thread.advanceTimeBy(Probation.OWED_NANOS_MAX, TimeUnit.NANOSECONDS);
        thread.runPendingTasks();
        assertThat(turns).containsExactly("first");
        assertThat(new Probation(share).mayTakeTurn()).isTrue();
    }

    @Test
    void whoHasGoneHasNoTurn() {
        useCredit();
        Runnable gone = () -> turns.add("gone");
        probation.await(thread.eventLoop(), gone);
        new Probation(share).await(thread.eventLoop(), () -> turns.add("second"));
        probation.forget(gone);
        pass(Probation.OWED_NANOS_MAX);
        assertThat(turns).containsExactly("second");
    }

    @Test
    void crowdsPauseLess() {
        useCredit();
        int crowd = 10 * (int) Probation.MANY;
        for (int i = 0; i < crowd; i++) {
            Probation each = new Probation(share);
            each.await(thread.eventLoop(), () -> {
                turns.add("turn");
                each.charge(MILLI);
            });
        }
        long passedMillis = 0;
        for (; turns.size() < crowd; passedMillis++) {
            pass(MILLI);
        }
        assertThat(passedMillis).isBetween((long) crowd, 5L * crowd);
    }

    @Test
    void anInterruptedTurnIsNotChargedWhole() {
        probation.charge(10_000 * MILLI);
        pass(100 * MILLI);
        assertThat(probation.mayTakeTurn()).isTrue();
    }
}
