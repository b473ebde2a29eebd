package io.spanweir.lane;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.spanweir.data.PartConsumer;
import io.spanweir.memory.Budget;
import io.spanweir.memory.Pressure;
import io.spanweir.memory.TransitAppender;
import io.spanweir.memory.TransitMemory;
import io.spanweir.memory.TransitRegion;
import io.spanweir.telemetry.MetricRegistry;
import io.spanweir.time.ManualClock;
import io.spanweir.wire.Signal;
import java.util.Arrays;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIZ_Result;

/**
 * One batch with a part for each of two lanes, the second of which comes later: a lane sees all of it or nothing yet, the last
 * one frees the segment once. Result: what each lane saw (0: nothing yet, 1: whole, 2: in part), and whether memory came back. Fails when the entry is filled after it is published, when the first lane
 * clears it, or when a lane lets go of the message before its components have read it.
 */
@JCStressTest
@State
@Outcome(id = "[01], 1, true", expect = ACCEPTABLE, desc = "Whole, or later.")
@Outcome(expect = FORBIDDEN, desc = "In part, or not freed.")
public class RingBatchRace {
    private static final int LENGTH = 64;
    private static final byte STAMP = 7;

    private final Budget budget = new Budget("transit", 2 * LENGTH);
    private final TransitAppender appender = new TransitMemory(budget, 2 * LENGTH).appender();
    private final Ring ring = new Ring(2, 2, 1, new ManualClock(), new Pressure(List.of()), new MetricRegistry());
    private final int[] seen = new int[2];

    public RingBatchRace() {
        for (Lane lane : ring.lanes()) {
            PartConsumer entrance = part -> {
                byte[] bytes = part.messageBytes();
                int at = part.messageOffset();
                boolean whole = part.messageLength() == LENGTH && bytes[at] == STAMP && bytes[at + LENGTH - 1] == STAMP;
                seen[lane.number()] = whole ? 1 : 2;
            };
            lane.install(new PartConsumer[] {entrance}, List.of(), List.of());
        }
    }

    @Actor
    public void publisher() {
        TransitRegion message = appender.reserve(LENGTH);
        TransitRegion index = appender.reserve(LENGTH); // zeros: no groups and no runs, each lane's part is the whole
        long sequence = ring.tryNext();
        if (message == null || index == null || sequence == Ring.FULL) {
            throw new IllegalStateException("no room");
        }
        Arrays.fill(message.bytes(), message.offset(), message.offset() + LENGTH, STAMP);
        message.retain(1);
        index.retain(1);
        RingEntry entry = ring.entry(sequence);
        entry.batch(Signal.TRACES, 0, 3);
        entry.message = message;
        entry.messageOffset = message.offset();
        entry.messageLength = LENGTH;
        entry.index = index;
        ring.publish(sequence, 3);
    }

    @Actor
    public void firstLane() {
        ring.lanes().get(0).turn();
    }

    private void secondLane() {
        ring.lanes().get(1).turn();
    }

    @Arbiter
    public void result(IIZ_Result result) {
        result.r1 = seen[0];
        secondLane();
        result.r2 = seen[1];
        firstLane();
        appender.close();
        result.r3 = budget.usedBytes() == 0 && seen[0] == 1 && seen[1] == 1;
    }
}
