package io.spanweir.component;

import io.spanweir.data.ExportRequest;
import org.jspecify.annotations.Nullable;

/** Sends finished requests. The engine queues, limits what is under way, retries and counts. */
public interface Exporter {
    /** Told how one attempt ended, exactly once, on any thread. */
    interface Callback {
        void done(SendOutcome outcome);
    }

    default void start() throws Exception {}

    /**
     * One attempt to send. Must not block. The request's bytes may be read until the callback was told. Threading: the runner.
     */
    void send(ExportRequest request, Callback callback);

    /** Where {@link #send} is to be called: an event loop of its own, or null for the engine's export thread. */
    default @Nullable Runner runner() {
        return null;
    }

    /** All requests have had their outcome or were given up. May wait briefly. */
    default void stop() {}
}
