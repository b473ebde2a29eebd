package io.spanweir.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MaxMessagesRecvByteBufAllocator;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The door of a listener, through which accepted connections come before anything else sees them: no more than so many at a
 * time, few in one turn of the thread that serves those inside as well, and those of {@link Offenders} wait outside, unread.
 * Threading: I/O thread of the listener.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the listener of a close is all that is wanted of it
public final class ConnectionDoor extends ChannelInboundHandlerAdapter {
    private static final int ACCEPTED_PER_TURN = 2;

    private final int connectionsMax;
    private final Offenders offenders;
    private final Consumer<Channel> entering;
    private final AtomicInteger open = new AtomicInteger();
    private final Set<Channel> waiting = new HashSet<>();

    /**
     * @param connectionsMax of this listener, those that wait included; more are closed at once
     * @param entering sees each before it is served
     */
    public ConnectionDoor(int connectionsMax, Offenders offenders, Consumer<Channel> entering) {
        this.connectionsMax = connectionsMax;
        this.offenders = offenders;
        this.entering = entering;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        ctx.channel()
                .config()
                .<MaxMessagesRecvByteBufAllocator>getRecvByteBufAllocator()
                .maxMessagesPerRead(ACCEPTED_PER_TURN);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof Channel accepted)) {
            ctx.fireChannelRead(message);
            return;
        }
        long delayNanos = offenders.delayNanos(accepted.remoteAddress());
        if (open.incrementAndGet() > connectionsMax || delayNanos == Offenders.CLOSE) {
            turnAway(accepted);
        } else if (delayNanos == 0) {
            enter(ctx, accepted);
        } else {
            waiting.add(accepted);
            ctx.executor()
                    .schedule(
                            () -> {
                                if (waiting.remove(accepted)) {
                                    enter(ctx, accepted);
                                }
                            },
                            delayNanos,
                            TimeUnit.NANOSECONDS);
        }
    }

    private void enter(ChannelHandlerContext ctx, Channel accepted) {
        accepted.closeFuture().addListener(closed -> open.decrementAndGet());
        entering.accept(accepted);
        ctx.fireChannelRead(accepted);
    }

    private void turnAway(Channel accepted) {
        open.decrementAndGet();
        accepted.unsafe().closeForcibly();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        waiting.forEach(this::turnAway);
        waiting.clear();
        ctx.fireChannelInactive();
    }
}
