package io.spanweir.component;

/** What the outside may know of the engine's state. Threading: any thread. */
public interface EngineStatus {
    enum State {
        STARTING,
        RUNNING,
        STOPPING,
        STOPPED,
        FAILED
    }

    State state();

    /** Whether it is up and every lane that has work makes progress. */
    boolean healthy();

    /** Why it is not healthy, as a sentence; empty when it is. */
    String reason();

    /** Nanoseconds since 1970 UTC at which it was up; 0 before. */
    long upSinceUnixNanos();
}
