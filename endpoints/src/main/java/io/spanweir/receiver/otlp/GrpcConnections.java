package io.spanweir.receiver.otlp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ReflectiveChannelFactory;
import io.netty.channel.ServerChannel;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.spanweir.net.EventLoops;
import io.spanweir.net.Http2Guard;
import io.spanweir.net.HttpServer;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes the channels that grpc-java listens on, and stands at their door: no more than {@link HttpServer#CONNECTIONS_MAX}
 * connections, and each gets its {@link Http2Guard}. grpc-java offers no other place for either. Threading: any thread.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the listener of a close is all that is wanted of it
final class GrpcConnections implements ChannelFactory<ServerChannel> {
    /** Answers and windows of one round of the I/O thread leave in one system call; at most so many flushes wait for it. */
    private static final int FLUSHES_MAX = 256;

    private final ChannelFactory<? extends ServerChannel> listeners =
            new ReflectiveChannelFactory<>(EventLoops.serverChannel());
    private final AtomicInteger open = new AtomicInteger();
    private final int connectionsMax;

    GrpcConnections() {
        this(HttpServer.CONNECTIONS_MAX);
    }

    GrpcConnections(int connectionsMax) {
        this.connectionsMax = connectionsMax;
    }

    @Override
    public ServerChannel newChannel() {
        ServerChannel listener = listeners.newChannel();
        listener.pipeline().addLast(new Door());
        return listener;
    }

    /** Sees accepted connections before grpc-java does. */
    private final class Door extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof Channel accepted) {
                if (open.incrementAndGet() > connectionsMax) {
                    open.decrementAndGet();
                    accepted.unsafe().closeForcibly();
                    return;
                }
                accepted.closeFuture().addListener(closed -> open.decrementAndGet());
                accepted.pipeline()
                        .addLast(new FlushConsolidationHandler(FLUSHES_MAX, true))
                        .addLast(new Http2Guard(Http2Guard.OWED));
            }
            ctx.fireChannelRead(message);
        }
    }
}
