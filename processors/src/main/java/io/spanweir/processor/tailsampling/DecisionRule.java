package io.spanweir.processor.tailsampling;

/** A policy at the decision: runs once per trace, over its summary. Threading: lane. */
interface DecisionRule {
    /** One of the constants of {@link Vote}, or a threshold. */
    long vote(TraceSummary trace);
}
