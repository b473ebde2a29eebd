package io.spanweir.net;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

/**
 * The I/O threads of a component: few, daemons, the same for accepting and serving. They use Linux' epoll where Netty's native
 * library for it is on the class path and can be loaded, and Java's NIO otherwise; {@code -Dio.netty.transport.noNative=true}
 * forbids the first. Threading: any thread.
 */
public final class EventLoops {
    private static final int THREADS_MAX = 4;
    private static final boolean EPOLL = epollWorks();

    private EventLoops() {}

    /** Half of the processors, at least one, at most four threads; they start when they are needed. */
    public static EventLoopGroup create(String name) {
        return create("spanweir-" + name, threadCount());
    }

    /** Half of the processors, at least one, at most four. */
    static int threadCount() {
        return Math.max(1, Math.min(THREADS_MAX, Runtime.getRuntime().availableProcessors() / 2));
    }

    /** So many threads of exactly this name and a number; they start when they are needed. */
    public static EventLoopGroup create(String name, int threads) {
        return new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(name, true), handlers());
    }

    /** The kind of channel that listens on these threads. */
    public static Class<? extends ServerSocketChannel> serverChannel() {
        return EPOLL ? Native.serverChannel() : NioServerSocketChannel.class;
    }

    /** The kind of channel that connects on these threads. */
    public static Class<? extends SocketChannel> clientChannel() {
        return EPOLL ? Native.clientChannel() : NioSocketChannel.class;
    }

    private static IoHandlerFactory handlers() {
        return EPOLL ? Native.handlers() : NioIoHandler.newFactory();
    }

    private static boolean epollWorks() {
        try {
            return Native.works();
        } catch (LinkageError absent) {
            return false;
        }
    }

    /** Loaded only where the classes of the native transport are on the class path. */
    private static final class Native {
        static boolean works() {
            return Epoll.isAvailable();
        }

        static IoHandlerFactory handlers() {
            return EpollIoHandler.newFactory();
        }

        static Class<? extends ServerSocketChannel> serverChannel() {
            return EpollServerSocketChannel.class;
        }

        static Class<? extends SocketChannel> clientChannel() {
            return EpollSocketChannel.class;
        }
    }
}
