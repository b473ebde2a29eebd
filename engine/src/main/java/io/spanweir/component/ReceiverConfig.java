package io.spanweir.component;

/** The options of a receiver. Immutable. */
public interface ReceiverConfig {
    /** One instance serves all pipelines that list the receiver. */
    Receiver build(ReceiverContext context);
}
