package io.spanweir.net;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether what a connection of HTTP/2 begins comes to nothing, and when it has its next turn then. A connection begins on
 * probation, is through with the end of its first request, and is back when more than half of its last requests are reset by the
 * peer or not ended.
 *
 * <p>Such connections of one I/O thread share a twentieth of its time, one after the other, whether or not the thread has
 * anything else to do. What they make it run is often new, so that it is interpreted, and compiled at the same time; a thread
 * that is never idle takes turns with the compiler's threads then, and who behaves waits for all of them. A thread that pauses
 * is let in when it has something to do. What a connection was charged is given back when it is through: many that come at the
 * same time, as after a restart, need not wait for more than each other's beginnings.
 *
 * <p>Threading: the I/O thread of the connection.
 */
final class Probation {
    /** After a turn so many times its length belong to others. */
    static final int PAUSES_PER_TURN = 19;

    /** When more wait they pause less, down to once their turn: who comes then and is honest is to be served in time. */
    static final long MANY = 256;

    /** A turn that took longer was interrupted. */
    private static final long TURN_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(4);

    /** Pauses that may be owed, so that who comes to an idle thread is served at once. */
    static final long OWED_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(200);

    /** What all may owe together: connections may be back on probation only after their turn. */
    private static final long PAUSE_NANOS_MAX = OWED_NANOS_MAX + PAUSES_PER_TURN * TURN_NANOS_MAX;

    /** How many requests are "the last": after so many, counts are halved. */
    static final int LAST_REQUESTS = 64;

    /** What the connections of one I/O thread that are on probation have of it. */
    static final class Share {
        private static final FastThreadLocal<Share> OF_THREAD = new FastThreadLocal<>() {
            @Override
            protected Share initialValue() {
                return new Share(System::nanoTime);
            }
        };

        private final LongSupplier nanoTime;
        private final Set<Runnable> waiting = new LinkedHashSet<>();
        private long pausesUntilNanos;
        private boolean planned;

        Share(LongSupplier nanoTime) {
            this.nanoTime = nanoTime;
            this.pausesUntilNanos = nanoTime.getAsLong();
        }

        private long waitNanos() {
            return pausesUntilNanos - nanoTime.getAsLong() - OWED_NANOS_MAX;
        }

        private void await(EventExecutor executor, Runnable turn) {
            waiting.add(turn);
            if (!planned) {
                plan(executor);
            }
        }

        private void plan(EventExecutor executor) {
            planned = true;
            long waitNanos = waitNanos();
            if (waitNanos > 0) {
                var unused = executor.schedule(() -> next(executor), waitNanos, TimeUnit.NANOSECONDS);
            } else {
                executor.execute(() -> next(executor));
            }
        }

        private void next(EventExecutor executor) {
            planned = false;
            Iterator<Runnable> turns = waiting.iterator();
            if (!turns.hasNext()) {
                return;
            }
            Runnable turn = turns.next();
            turns.remove();
            try {
                turn.run(); // and is charged for
            } finally {
                if (!waiting.isEmpty() && !planned) {
                    plan(executor);
                }
            }
        }

        /** @return how long the pause is */
        private long charge(long usedNanos) {
            long crowd = Math.max(MANY, waiting.size());
            long pauses = Math.max(1, PAUSES_PER_TURN * MANY * MANY / (crowd * crowd));
            long nowNanos = nanoTime.getAsLong();
            long owedNanos = Math.max(0, pausesUntilNanos - nowNanos);
            long pauseNanos = Math.min(pauses * Math.min(usedNanos, TURN_NANOS_MAX), PAUSE_NANOS_MAX - owedNanos);
            pausesUntilNanos = nowNanos + owedNanos + pauseNanos;
            return pauseNanos;
        }

        /** What is over already is not given back: it would be taken from the pauses of others. */
        private void giveBack(long chargedNanos, long untilNanos) {
            pausesUntilNanos -= Math.max(0, Math.min(chargedNanos, untilNanos - nanoTime.getAsLong()));
        }
    }

    private @Nullable Share share;
    private int begun;
    private int ended;
    private int reset;
    private long chargedNanos;
    private long chargedUntilNanos;

    /** Of the I/O thread. */
    Probation() {
        this(null);
    }

    Probation(@Nullable Share share) {
        this.share = share;
    }

    private Share share() {
        Share found = share;
        if (found == null) {
            found = Share.OF_THREAD.get();
            share = found;
        }
        return found;
    }

    /** A request begins. */
    void begins() {
        if (++begun > LAST_REQUESTS) {
            begun /= 2;
            ended /= 2;
            reset /= 2;
        }
    }

    /** The peer has sent all of a request. */
    void ends() {
        ended = Math.min(ended + 1, begun);
        if (chargedNanos > 0 && !lasts()) {
            share().giveBack(chargedNanos, chargedUntilNanos);
            chargedNanos = 0;
        }
    }

    /** The peer has taken a request back. */
    void resets() {
        reset = Math.min(reset + 1, begun);
    }

    boolean lasts() {
        return ended == 0 || 2 * Math.max(reset, begun - ended) > begun;
    }

    /** Whether a turn may begin now; if not, one is to be {@link #await awaited}. */
    boolean mayTakeTurn() {
        return !lasts() || (share().waiting.isEmpty() && share().waitNanos() <= 0);
    }

    /** Runs this once when the connection, which is on probation, has its next turn. */
    void await(EventExecutor executor, Runnable turn) {
        share().await(executor, turn);
    }

    /** It is not awaited any more. */
    void forget(Runnable turn) {
        share().waiting.remove(turn);
    }

    /** Its turn has taken so long. */
    void charge(long usedNanos) {
        chargedNanos += share().charge(usedNanos);
        chargedUntilNanos = share().pausesUntilNanos;
    }
}
