package io.spanweir.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2PingFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection that all requests of a client share, each on a stream of its own. Streams beyond what the server
 * allows at once wait for one to end; before the server has said how many that are, all wait. Threading: the event loop.
 */
final class HttpMultiplexer extends ChannelInboundHandlerAdapter implements HttpConnection.Owner {
    private static final long HEADERS_LENGTH_MAX = 64 << 10;
    private static final long SETTINGS_SECONDS_MAX = 10;
    private static final long PING_CONTENT = 0x7370616e77656972L; // of no meaning; the server sends it back

    private final Channel channel;
    private final HttpClient client;
    private final HttpClient.Limits limits;
    private final Set<HttpConnection> streams = new HashSet<>();
    private final Deque<HttpExchange> early = new ArrayDeque<>();
    private @Nullable ScheduledFuture<?> expiry;
    private @Nullable ScheduledFuture<?> pingTimeout;
    private boolean settled;
    private boolean used;
    private boolean leaving;

    private HttpMultiplexer(Channel channel, HttpClient client, HttpClient.Limits limits) {
        this.channel = channel;
        this.client = client;
        this.limits = limits;
    }

    /** Makes an open connection, on which HTTP/2 was agreed, speak it. */
    static HttpMultiplexer install(Channel channel, HttpClient client, HttpClient.Limits limits) {
        HttpMultiplexer multiplexer = new HttpMultiplexer(channel, client, limits);
        Duration silence = limits.pings().afterSilence();
        if (!silence.isZero()) {
            channel.pipeline().addLast(new IdleStateHandler(silence.toNanos(), 0, 0, TimeUnit.NANOSECONDS));
        }
        channel.pipeline()
                .addLast(
                        Http2FrameCodecBuilder.forClient()
                                .initialSettings(Http2Settings.defaultSettings()
                                        .pushEnabled(false)
                                        .maxHeaderListSize(HEADERS_LENGTH_MAX))
                                .gracefulShutdownTimeoutMillis(0) // nothing is under way when it is closed
                                .encoderEnforceMaxConcurrentStreams(true)
                                .build(),
                        new Http2MultiplexHandler(new ChannelInitializer<Http2StreamChannel>() {
                            @Override
                            protected void initChannel(Http2StreamChannel pushed) {
                                var unused = pushed.close(); // servers may not push, see the settings
                            }
                        }),
                        multiplexer);
        multiplexer.expiry = channel.eventLoop().schedule(multiplexer::close, SETTINGS_SECONDS_MAX, TimeUnit.SECONDS);
        return multiplexer;
    }

    void send(HttpExchange exchange) {
        if (settled) {
            begin(exchange);
        } else {
            early.add(exchange);
        }
    }

    private void settle() {
        settled = true;
        cancel(expiry);
        for (HttpExchange exchange = early.poll(); exchange != null; exchange = early.poll()) {
            if (!exchange.done) {
                begin(exchange);
            }
        }
        if (streams.isEmpty()) {
            expireWhenUnused();
        }
    }

    private void begin(HttpExchange exchange) {
        cancel(expiry);
        HttpConnection connection = new HttpConnection(this, limits.answerLengthMax(), used);
        used = true;
        streams.add(connection);
        ChannelHandler initializer = new ChannelInitializer<Http2StreamChannel>() {
            @Override
            protected void initChannel(Http2StreamChannel stream) {
                stream.pipeline().addLast(new Http2StreamFrameToHttpObjectCodec(false), connection);
            }
        };
        new Http2StreamChannelBootstrap(channel)
                .handler(initializer)
                .open()
                .addListener(opened -> begin(opened, connection, exchange));
    }

    private void begin(Future<?> opened, HttpConnection connection, HttpExchange exchange) {
        if (exchange.done || !opened.isSuccess()) {
            connection.close();
            exchange.fail(
                    "did not answer (" + (opened.isSuccess() ? "given up" : Sentences.cause(opened.cause())) + ")");
        } else {
            connection.send(exchange);
        }
    }

    @Override
    public void free(HttpConnection connection) {
        connection.close();
    }

    @Override
    public void gone(HttpConnection connection) {
        if (streams.remove(connection) && streams.isEmpty()) {
            if (!leaving) {
                expireWhenUnused();
            } else if (channel.isOpen()) {
                close();
            }
        }
    }

    private void expireWhenUnused() {
        if (!limits.idleTimeout().isZero()) {
            cancel(expiry);
            expiry = channel.eventLoop()
                    .schedule(this::close, limits.idleTimeout().toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void again(HttpExchange exchange) {
        if (!channel.isActive()) {
            leave();
        }
        client.again(exchange);
    }

    /** No more requests on this connection; what is under way ends. */
    private void leave() {
        leaving = true;
        client.gone(this);
        if (streams.isEmpty()) {
            close();
        }
    }

    /** Ends what is under way, for which the client may make a new connection. */
    void close() {
        leaving = true;
        client.gone(this);
        cancel(expiry);
        cancel(pingTimeout);
        for (HttpConnection stream : Set.copyOf(streams)) {
            stream.close();
        }
        for (HttpExchange exchange = early.poll(); exchange != null; exchange = early.poll()) {
            exchange.fail("closed the connection before it had answered");
        }
        var unused = channel.close();
    }

    private static void cancel(@Nullable ScheduledFuture<?> pending) {
        if (pending != null) {
            pending.cancel(false);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (message instanceof Http2SettingsFrame && !settled) {
                settle();
            } else if (message instanceof Http2GoAwayFrame) {
                leave();
            } else if (message instanceof Http2PingFrame ping && ping.ack()) {
                cancel(pingTimeout);
                pingTimeout = null;
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof IdleStateEvent && pingTimeout == null) {
            var unused = ctx.writeAndFlush(new DefaultHttp2PingFrame(PING_CONTENT));
            pingTimeout = ctx.executor()
                    .schedule(this::close, limits.pings().timeout().toNanos(), TimeUnit.NANOSECONDS);
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        close();
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        close();
    }
}
