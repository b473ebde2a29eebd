package io.spanweir.export;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.spanweir.component.Exporter;
import io.spanweir.component.SendOutcome;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * The only slot becomes free while a lane ends a turn with an open request. Fails when {@link ExportSink#endOfTurn} does not
 * look again after it said that it waits, or when that word is not volatile: the lane then gathers until something else
 * wakes it, for ever at the end of traffic.
 */
@JCStressTest
@State
@Outcome(id = "true, (true|false)", expect = ACCEPTABLE, desc = "The lane sent it.")
@Outcome(id = "false, true", expect = ACCEPTABLE, desc = "The lane gathers and was woken.")
@Outcome(id = "false, false", expect = FORBIDDEN, desc = "The lane gathers beside a free slot.")
public class ExportSlotRace {
    private final SlowBackend backend = new SlowBackend(1);
    private final Exporter.Callback underWay;

    public ExportSlotRace() {
        backend.gather();
        backend.sink.endOfTurn();
        backend.run();
        underWay = backend.callbacks.get(0);
        backend.gather();
    }

    @Actor
    public void runner() {
        underWay.done(SendOutcome.sent());
        backend.run();
    }

    @Actor
    public void lane() {
        backend.sink.endOfTurn();
    }

    @Arbiter
    public void result(ZZ_Result result) {
        result.r1 = backend.sink.idle();
        result.r2 = backend.woken;
    }
}
