package io.spanweir.component;

import io.spanweir.data.ClientMetadata;
import io.spanweir.data.Settlement;
import io.spanweir.memory.TransitRegion;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One I/O thread's way into the engine for one signal: asks for room, scans, publishes one ring entry. Never blocks.
 *
 * <pre>
 * TransitRegion region = intake.reserve(length);          // null: refuse with refusal()
 * … read the message into region.bytes() at region.offset() …
 * Admission admission = intake.publish(region, length, metadata, settlement);
 * </pre>
 *
 * Threading: one I/O thread.
 */
public interface Intake {
    /** How a message was taken. Everything but ACCEPTED leaves nothing behind; refusals and problems are counted here. */
    enum Admission {
        /** In the ring: from here on it is exported or counted under a reason. */
        ACCEPTED,
        /** No room now; the sender should try again after {@link Intake#retryDelayNanos()}. */
        REFUSED,
        /** Not a message of this signal: {@link Intake#problem()} says where. Trying again is of no use. */
        MALFORMED
    }

    /** Room for a message, or null when the engine refuses now. Never asks for more than the limit of a message. */
    @Nullable
    TransitRegion reserve(int lengthBytes);

    /** Gives back room that no message was put into. */
    void abandon(TransitRegion region);

    /**
     * Takes the message that stands in the region. The region is no longer the caller's, whatever the answer. A settlement that
     * is given is settled by the engine only when the answer is ACCEPTED.
     */
    Admission publish(TransitRegion region, int lengthBytes, ClientMetadata metadata, @Nullable Settlement settlement);

    /**
     * From now on lanes are woken by a task of this executor, once for all that was published before it runs: for a thread that
     * reads several messages in one round of its loop. Without it each publication wakes them. The tasks must run on the thread
     * of the intake.
     */
    void wakeLanesBy(Executor round);

    /** Counts items as failed or refused that never became a message (too large, undecodable encoding). */
    void countFailed(int items);

    /** Spans, log records or data points of the last accepted message. */
    int itemCount();

    /** Why the last {@link #reserve} or {@link #publish} refused, as a sentence. */
    String refusal();

    /** How long a refused sender should wait: at most 2 s, so that Go clients survive it. */
    long retryDelayNanos();

    /** Where the last malformed message is wrong, and what would be right. */
    String problem();

    /** Whether a destination wants the sender to wait for the result: then pass a settlement and answer when it is settled. */
    boolean waitsForResult();

    /** The thread is done with it. */
    void close();
}
