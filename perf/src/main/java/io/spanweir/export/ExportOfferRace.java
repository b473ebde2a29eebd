package io.spanweir.export;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.spanweir.component.SendOutcome;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IJZ_Result;

/**
 * A lane hands a request in while the runner looks at an earlier one: requests sent, bytes left, and whether the queue is idle after the
 * answers. Fails when {@link ExportQueue} forgets after it has looked, not before, that it is to look.
 */
@JCStressTest
@State
@Outcome(id = "2, 0, true", expect = ACCEPTABLE, desc = "Both were sent.")
@Outcome(expect = FORBIDDEN, desc = "A request stayed behind.")
public class ExportOfferRace {
    private final SlowBackend backend = new SlowBackend(4);

    public ExportOfferRace() {
        backend.offer();
    }

    @Actor
    public void lane() {
        backend.offer();
    }

    @Actor
    public void runner() {
        backend.run();
    }

    @Arbiter
    public void result(IJZ_Result result) {
        backend.run();
        result.r1 = backend.callbacks.size();
        for (int i = 0; i < backend.callbacks.size(); i++) {
            backend.callbacks.get(i).done(SendOutcome.sent());
        }
        backend.run();
        result.r2 = backend.budget.usedBytes();
        result.r3 = backend.queue.idle() && !backend.queue.full();
    }
}
