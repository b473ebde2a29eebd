package io.spanweir.perf;

import io.spanweir.component.Processor;
import io.spanweir.data.BatchPart;
import io.spanweir.data.PartConsumer;

/** Passes on the same runs as a part of its own, as a processor does that kept some of them. Threading: lane. */
final class ByRun implements Processor {
    private final BatchPart own = new BatchPart();
    private final PartConsumer next;

    ByRun(PartConsumer next) {
        this.next = next;
    }

    @Override
    public void accept(BatchPart part) {
        own.clear(part.signal());
        for (int group = 0; group < part.groupCount(); group++) {
            own.addGroup(
                    part.groupBytes(group),
                    part.resourcePrefixOffset(group),
                    part.resourcePrefixLength(group),
                    part.resourceSuffixOffset(group),
                    part.resourceSuffixLength(group),
                    part.scopePrefixOffset(group),
                    part.scopePrefixLength(group),
                    part.scopeSuffixOffset(group),
                    part.scopeSuffixLength(group));
        }
        for (int run = 0; run < part.runCount(); run++) {
            own.addRun(
                    part.runGroup(run),
                    part.runBytes(run),
                    part.runOffset(run),
                    part.runLength(run),
                    part.runItemCount(run),
                    part.runElementCount(run),
                    part.runTraceIdOffset(run));
        }
        next.accept(own);
    }
}
