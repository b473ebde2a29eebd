package io.spanweir.net;

import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.TimeUnit;

/**
 * One deadline of a connection that moves with every step. The timer task is not moved with it: it looks at the deadline when
 * it fires and waits for the rest, so that a request costs two field writes. Threading: I/O thread.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the task looks for itself whether it is still wanted
final class ConnectionDeadline {
    private static final long NONE = Long.MAX_VALUE;

    private final ChannelHandlerContext context;
    private final Runnable expired;
    private long deadlineNanos = NONE;
    private long taskNanos = NONE;

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

    void clear() {
        deadlineNanos = NONE;
    }

    private void schedule() {
        long planned = deadlineNanos;
        taskNanos = planned;
        context.executor().schedule(() -> fire(planned), planned - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    private void fire(long planned) {
        if (taskNanos != planned) {
            return; // an earlier one has taken over
        }
        taskNanos = NONE;
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
