package io.spanweir.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.BJ_Result;

/**
 * A lane reads a message and lets go of it while its I/O thread starts the segment anew. Fails when
 * {@link TransitSegment#heldOnce} reads the holds without order, or takes two for one.
 */
@JCStressTest
@State
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "Read what was written; all memory came back.")
@Outcome(expect = FORBIDDEN, desc = "The bytes changed while they were held, or memory was lost.")
public class TransitReuseRace {
    private static final int SEGMENT = 64;

    private final Budget budget = new Budget("transit", 2 * SEGMENT);
    private final TransitAppender appender = new TransitMemory(budget, SEGMENT).appender();
    private final TransitRegion first = stamped((byte) 1);
    private byte seen;

    private TransitRegion stamped(byte stamp) {
        TransitRegion region = appender.reserve(SEGMENT / 2);
        if (region == null) {
            throw new IllegalStateException("no room");
        }
        region.bytes()[region.offset()] = stamp;
        return region;
    }

    @Actor
    public void lane() {
        seen = first.bytes()[first.offset()];
        first.release();
    }

    @Actor
    public void receiver() {
        stamped((byte) 2).release();
    }

    @Arbiter
    public void result(BJ_Result result) {
        appender.close();
        result.r1 = seen;
        result.r2 = budget.usedBytes();
    }
}
