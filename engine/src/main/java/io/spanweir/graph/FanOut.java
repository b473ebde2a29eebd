package io.spanweir.graph;

import io.spanweir.data.BatchPart;
import io.spanweir.data.PartConsumer;
import java.util.List;

/** Passes a part to several, one after the other. Threading: lane. */
final class FanOut implements PartConsumer {
    private final PartConsumer[] targets;

    private FanOut(List<PartConsumer> targets) {
        this.targets = targets.toArray(PartConsumer[]::new);
    }

    static PartConsumer of(List<PartConsumer> targets) {
        return targets.size() == 1 ? targets.get(0) : new FanOut(targets);
    }

    @Override
    public void accept(BatchPart part) {
        for (PartConsumer target : targets) {
            target.accept(part);
        }
    }
}
