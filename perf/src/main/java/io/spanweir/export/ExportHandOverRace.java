package io.spanweir.export;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/**
 * A request passes from waiting to under way while a lane ends its turn beside a second, free slot. Fails when the two are counted
 * apart: in between it takes both, and the lane gathers until the first answer, be it minutes away.
 */
@JCStressTest
@State
@Outcome(id = "true", expect = ACCEPTABLE, desc = "The lane sent it.")
@Outcome(id = "false", expect = FORBIDDEN, desc = "The lane gathers beside a free slot.")
public class ExportHandOverRace {
    private final SlowBackend backend = new SlowBackend(2);

    public ExportHandOverRace() {
        backend.gather();
        backend.sink.endOfTurn();
        backend.gather();
    }

    @Actor
    public void runner() {
        backend.run();
    }

    @Actor
    public void lane() {
        backend.sink.endOfTurn();
    }

    @Arbiter
    public void result(Z_Result result) {
        result.r1 = backend.sink.idle();
    }
}
