package io.spanweir.net;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

/** The I/O threads of a component: few, daemons, the same for accepting and serving. Threading: any thread. */
public final class EventLoops {
    private static final int THREADS_MAX = 4;

    private EventLoops() {}

    /** Half of the processors, at least one, at most four threads; they start when they are needed. */
    public static EventLoopGroup create(String name) {
        int threads = Math.max(1, Math.min(THREADS_MAX, Runtime.getRuntime().availableProcessors() / 2));
        return new MultiThreadIoEventLoopGroup(
                threads, new DefaultThreadFactory("spanweir-" + name, true), NioIoHandler.newFactory());
    }

    /** The kind of channel that listens on these threads. */
    public static Class<? extends ServerSocketChannel> serverChannel() {
        return NioServerSocketChannel.class;
    }
}
