package io.spanweir.processor.tailsampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.spanweir.data.BatchPart;
import io.spanweir.data.PartConsumer;
import io.spanweir.time.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Traces whose deadlines are close to each other are decided together, and none waits much longer than it has to. */
class TailSamplingTickTest {
    private static final Duration BETWEEN_ARRIVALS = Duration.ofMillis(10);
    private static final int TRACES = 400;
    private static final int TRACES_OF_A_FULL_TURN = 1000;

    static Stream<Arguments> waits() {
        return Stream.of(
                argumentSet("a long wait", "decision_wait: 10s", 10_000, 250),
                argumentSet("a short wait", "decision_wait: 2s", 2_000, 50),
                argumentSet(
                        "a short wait after the root",
                        "decision_wait: 30s\ndecision_wait_after_root_received: 2s",
                        2_000,
                        50));
    }

    @ParameterizedTest
    @MethodSource("waits")
    void tracesLeaveOnceATickAndAtMostATickLate(String wait, long waitMillis, long tickMillis) {
        ManualClock clock = new ManualClock();
        Arrivals out = new Arrivals(clock);
        LaneHarness lane = new LaneHarness(
                LaneHarness.config(wait + "\npolicies: [{name: all, type: always_sample}]"),
                clock,
                1,
                1 << 20,
                1 << 20,
                out);
        List<Long> sentNanos = new ArrayList<>();
        long beginNanos = clock.nanos();
        for (int trace = 0; trace < TRACES; trace++) {
            sentNanos.add(clock.nanos());
            lane.send(Spans.one("t" + trace + " s - OK 1"));
            lane.advance(BETWEEN_ARRIVALS);
        }
        long sendingMillis = (clock.nanos() - beginNanos) / 1_000_000;
        lane.advance(Duration.ofMillis(waitMillis + tickMillis));

        assertThat(out.nanos).as("when each trace left").hasSize(TRACES);
        for (int trace = 0; trace < TRACES; trace++) {
            assertThat((out.nanos.get(trace) - sentNanos.get(trace)) / 1_000_000)
                    .as("milliseconds that trace %d waited", trace)
                    .isBetween(waitMillis, waitMillis + tickMillis);
        }
        assertThat(out.parts).as("parts that left").isLessThanOrEqualTo((int) (sendingMillis / tickMillis) + 2);
    }

    /** A busy lane finds entries in every turn, and more traces in them than one step decides without any. */
    @Test
    void fullTurnsDoNotHoldDecisionsUp() {
        long turnMillis = 10;
        int turns = 500;
        ManualClock clock = new ManualClock();
        Arrivals out = new Arrivals(clock);
        LaneHarness lane = new LaneHarness(
                LaneHarness.config(
                        "decision_wait: 2s\nnum_traces: 1000000\npolicies: [{name: all, type: always_sample}]"),
                clock,
                1,
                256 << 20,
                256 << 20,
                out);
        long beginNanos = clock.nanos();
        for (int turn = 0; turn < turns; turn++) {
            for (int trace = 0; trace < TRACES_OF_A_FULL_TURN; trace++) {
                lane.accept(lane.part(
                        Spans.one("t" + turn + "-" + trace + " s - OK 1").toByteArray()));
            }
            lane.turn();
            clock.advanceNanos(turnMillis * 1_000_000);
        }

        long lateMillis = 50 + 5 * turnMillis;
        int due = (int) (turns - (2_000 + lateMillis) / turnMillis) * TRACES_OF_A_FULL_TURN;
        assertThat(out.nanos.size()).as("traces that left").isGreaterThanOrEqualTo(due);
        for (int trace = 0; trace < due; trace++) {
            long sentMillis = trace / TRACES_OF_A_FULL_TURN * turnMillis;
            assertThat((out.nanos.get(trace) - beginNanos) / 1_000_000 - sentMillis)
                    .as("milliseconds that trace %d waited", trace)
                    .isBetween(2_000L, 2_000 + lateMillis);
        }
    }

    /** Notes when each span came; those of one part together. */
    private static final class Arrivals implements PartConsumer {
        private final ManualClock clock;
        private final List<Long> nanos = new ArrayList<>();
        private int parts;

        Arrivals(ManualClock clock) {
            this.clock = clock;
        }

        @Override
        public void accept(BatchPart part) {
            parts++;
            for (int span = 0; span < part.itemCount(); span++) {
                nanos.add(clock.nanos());
            }
        }
    }
}
