package io.spanweir.component;

/** Brings data in. Runs on I/O threads of its own and ends at an {@link Intake}. */
public interface Receiver {
    /** Begins to receive; returns when it listens. Started last. */
    void start() throws Exception;

    /** Refuses what is new, answers what is under way, and closes its sockets. Called first at shutdown. May wait briefly. */
    void stop();
}
