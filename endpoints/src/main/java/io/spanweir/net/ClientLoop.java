package io.spanweir.net;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.spanweir.component.Runner;
import java.util.concurrent.TimeUnit;

/**
 * The one I/O thread of an exporter: its connections, timers and compression run there. Threading: any thread.
 */
public final class ClientLoop implements Runner, AutoCloseable {
    private static final long CLOSE_MILLIS_MAX = 2_000;

    private final EventLoopGroup group;
    private final EventLoop loop;

    /** @param name of the thread, for people who read thread dumps */
    public ClientLoop(String name) {
        group = EventLoops.create(name, 1);
        loop = group.next();
    }

    public EventLoop eventLoop() {
        return loop;
    }

    /** After {@link #close} a task is dropped: what it would touch is gone. */
    @Override
    public void execute(Runnable task) {
        if (!loop.isShuttingDown()) {
            loop.execute(task);
        }
    }

    @Override
    public void schedule(Runnable task, long delayNanos) {
        if (!loop.isShuttingDown()) {
            var unused = loop.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
        }
    }

    /** Ends the thread; waits up to 2 s unless called on it. */
    @Override
    public void close() {
        var closed = group.shutdownGracefully(0, CLOSE_MILLIS_MAX, TimeUnit.MILLISECONDS);
        if (!loop.inEventLoop()) {
            closed.awaitUninterruptibly(CLOSE_MILLIS_MAX);
        }
    }
}
