package io.spanweir.data;

/** The next step of a pipeline. Threading: lane. */
public interface PartConsumer {
    /** Takes the part for the duration of the call: neither it nor any view of it may be kept. Must not block. */
    void accept(BatchPart part);
}
