package io.spanweir.net;

import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One deadline of a connection that moves with every step. The timer task is not moved with it: it looks at the deadline when
 * it fires and waits for the rest, so that a request costs two field writes. Threading: I/O thread.
 */
final class ConnectionDeadline {
    private static final long NONE = Long.MAX_VALUE;

    private final ChannelHandlerContext context;
    private final Runnable expired;
    private final Runnable fire = this::fire;
    private long deadlineNanos = NONE;
    private long taskNanos = NONE;
    private @Nullable Future<?> task;

    ConnectionDeadline(ChannelHandlerContext context, Runnable expired) {
        this.context = context;
        this.expired = expired;
    }

    /** Expires after this long; 0 for never. */
    void set(long afterNanos) {
        if (afterNanos <= 0) {
            deadlineNanos = NONE;
            return;
        }
        deadlineNanos = System.nanoTime() + afterNanos;
        if (taskNanos == NONE || taskNanos - deadlineNanos > 0) {
            schedule();
        }
    }

    /** The connection has ended: a task that stays would keep all of it in memory until it fires. */
    void end() {
        deadlineNanos = NONE;
        cancel();
    }

    private void cancel() {
        taskNanos = NONE;
        Future<?> planned = task;
        if (planned != null) {
            planned.cancel(false);
            task = null;
        }
    }

    private void schedule() {
        cancel();
        taskNanos = deadlineNanos;
        task = context.executor().schedule(fire, deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    private void fire() {
        taskNanos = NONE;
        task = null;
        if (deadlineNanos == NONE || !context.channel().isActive()) {
            return;
        }
        if (deadlineNanos - System.nanoTime() > 0) {
            schedule();
        } else {
            deadlineNanos = NONE;
            expired.run();
        }
    }
}
