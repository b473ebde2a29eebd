package io.spanweir.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.J_Result;

/** A lane and the I/O thread let go at once. Fails when {@link TransitSegment#release} counts in two steps. */
@JCStressTest
@State
@Outcome(id = "0", expect = ACCEPTABLE, desc = "Freed once.")
@Outcome(expect = FORBIDDEN, desc = "Not freed, or twice.")
public class TransitReleaseRace {
    private static final int SEGMENT = 64;

    private final Budget budget = new Budget("transit", 2 * SEGMENT);
    private final TransitAppender appender = new TransitMemory(budget, SEGMENT).appender();
    private final TransitRegion region;

    public TransitReleaseRace() {
        TransitRegion reserved = appender.reserve(SEGMENT);
        if (reserved == null) {
            throw new IllegalStateException("no room");
        }
        region = reserved;
    }

    @Actor
    public void lane() {
        region.release();
    }

    @Actor
    public void receiver() {
        appender.seal();
    }

    @Arbiter
    public void result(J_Result result) {
        result.r1 = budget.usedBytes();
    }
}
