package io.spanweir.lane;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.spanweir.component.ComponentId;
import io.spanweir.component.Intake;
import io.spanweir.data.ClientMetadata;
import io.spanweir.export.ExportMemory;
import io.spanweir.memory.Budget;
import io.spanweir.memory.HeldPool;
import io.spanweir.memory.Pressure;
import io.spanweir.memory.TransitMemory;
import io.spanweir.memory.TransitRegion;
import io.spanweir.telemetry.MetricRegistry;
import io.spanweir.testkit.OrderTraffic;
import io.spanweir.testkit.Seeds;
import io.spanweir.time.ManualClock;
import io.spanweir.wire.OtlpLimits;
import io.spanweir.wire.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RingIntakeWakeTest {
    private final MetricRegistry metrics = new MetricRegistry();
    private final Pressure pressure = new Pressure(List.of());
    private final Ring ring = new Ring(1024, 1, 1, new ManualClock(), pressure, metrics);
    private final RingIntake intake = new RingIntake(
            ring,
            new Entrance(0, new ComponentId("otlp", ""), Signal.TRACES, false, false, List.of()),
            "grpc",
            new TransitMemory(new Budget("transit", 8 << 20), 1 << 20),
            new ExportMemory(new Budget("export", 1 << 20)),
            pressure,
            new HeldPool(new Budget("held", 8 << 20), 1 << 20),
            OtlpLimits.DEFAULTS,
            () -> false,
            metrics);
    private final OrderTraffic traffic = new OrderTraffic(Seeds.random(RingIntakeWakeTest.class, "traffic"));
    private final List<Runnable> round = new ArrayList<>();
    private int wakes;

    @BeforeEach
    void theLaneSleeps() {
        Lane lane = ring.lanes().get(0);
        lane.onUnpark(() -> wakes++);
        publish(1); // the first entry of a ring wakes all lanes
        lane.turn();
        assertThat(lane.maySleep()).isTrue();
        wakes = 0;
    }

    @Test
    void eachPublicationWakesTheLaneByItself() {
        publish(1);
        publish(1);
        assertThat(wakes).isEqualTo(2);
    }

    @Test
    void whatIsPublishedInOneRoundWakesTheLaneOnceAtItsEnd() {
        intake.wakeLanesBy(round::add);
        publish(1);
        publish(1);
        assertThat(wakes).isZero();
        assertThat(round).hasSize(1);
        round.remove(0).run();
        assertThat(wakes).isEqualTo(1);
    }

    @Test
    void theNextRoundHasAWakeOfItsOwn() {
        intake.wakeLanesBy(round::add);
        publish(1);
        round.remove(0).run();
        publish(1);
        round.remove(0).run();
        assertThat(wakes).isEqualTo(2);
    }

    @Test
    void manyBytesDoNotWaitForTheEndOfTheRound() {
        intake.wakeLanesBy(round::add);
        int bytes = 0;
        while (bytes < RingIntake.UNANNOUNCED_BYTES_MAX) {
            assertThat(wakes).isZero();
            bytes += publish(10);
        }
        assertThat(wakes).isEqualTo(1);
        publish(1);
        assertThat(wakes).isEqualTo(1);
        round.forEach(Runnable::run);
        assertThat(wakes).isEqualTo(2);
    }

    @Test
    void aThreadWhoseRoundsHaveEndedWakesAtOnce() {
        intake.wakeLanesBy(task -> {
            throw new RejectedExecutionException();
        });
        publish(1);
        publish(1);
        assertThat(wakes).isEqualTo(2);
    }

    private int publish(int spans) {
        byte[] request = traffic.request(spans);
        TransitRegion region = requireNonNull(intake.reserve(request.length), intake.refusal());
        System.arraycopy(request, 0, region.bytes(), region.offset(), request.length);
        assertThat(intake.publish(region, request.length, ClientMetadata.EMPTY, null))
                .isEqualTo(Intake.Admission.ACCEPTED);
        return request.length;
    }
}
