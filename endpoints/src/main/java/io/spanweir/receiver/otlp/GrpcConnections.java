package io.spanweir.receiver.otlp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ReflectiveChannelFactory;
import io.netty.channel.ServerChannel;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.spanweir.net.ConnectionDoor;
import io.spanweir.net.EventLoops;
import io.spanweir.net.Http2Guard;
import io.spanweir.net.HttpServer;
import io.spanweir.net.Offenders;
import io.spanweir.net.ReadSizes;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Makes the channels that grpc-java listens on, each with a {@link ConnectionDoor} behind which every connection gets its {@link
 * Http2Guard}. grpc-java offers no other place for either. Threading: any thread.
 */
final class GrpcConnections implements ChannelFactory<ServerChannel> {
    /** Answers and windows of one round of the I/O thread leave in one system call; at most so many flushes wait for it. */
    private static final int FLUSHES_MAX = 256;

    /** The longest read, so that an ordinary request comes in one. */
    private static final Supplier<ReadSizes> READ_SIZES = ReadSizes.upTo(128 << 10);

    private final ChannelFactory<? extends ServerChannel> listeners =
            new ReflectiveChannelFactory<>(EventLoops.serverChannel());
    private final Offenders offenders = new Offenders();
    private final int connectionsMax;
    private final Duration owed;

    GrpcConnections() {
        this(HttpServer.CONNECTIONS_MAX, Http2Guard.OWED);
    }

    /** @param owed as {@link Http2Guard#OWED} */
    GrpcConnections(int connectionsMax, Duration owed) {
        this.connectionsMax = connectionsMax;
        this.owed = owed;
    }

    @Override
    public ServerChannel newChannel() {
        ServerChannel listener = listeners.newChannel();
        listener.pipeline().addLast(new ConnectionDoor(connectionsMax, offenders, this::guard));
        return listener;
    }

    private void guard(Channel accepted) {
        accepted.config().setRecvByteBufAllocator(READ_SIZES.get());
        accepted.pipeline()
                .addLast(new FlushConsolidationHandler(FLUSHES_MAX, true))
                .addLast(new Http2Guard(owed, offenders));
    }
}
