package io.spanweir.telemetry;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/**
 * A lane counts what came in, then what went out; a scrape reads in the other order. A plain store in {@link Counter#add} would
 * leave a compiler free to merge or exchange the two; x86 keeps stores in order, and there this race passes with one as well. What
 * it can show is for weaker processors.
 */
@JCStressTest
@State
@Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Nothing yet.")
@Outcome(id = "0, [12]", expect = ACCEPTABLE, desc = "In, and not out yet.")
@Outcome(id = "1, [12]", expect = ACCEPTABLE, desc = "One out, so one in.")
@Outcome(id = "2, 2", expect = ACCEPTABLE, desc = "All.")
@Outcome(expect = FORBIDDEN, desc = "Out before it was in.")
public class CounterRace {
    private final Counter in = new Counter();
    private final Counter out = new Counter();

    @Actor
    public void lane() {
        in.increment();
        out.increment();
        in.increment();
        out.increment();
    }

    @Actor
    public void scrape(JJ_Result result) {
        result.r1 = out.value();
        result.r2 = in.value();
    }
}
