package io.spanweir.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Finds out what a connection speaks and sets up its handlers. Threading: I/O thread. */
@SuppressWarnings("FutureReturnValueIgnored") // how a close ends shows in channelInactive
final class HttpProtocols {
    private static final int WINDOW_BYTES = 1 << 20;
    private static final int CHUNK_BYTES_MAX = 64 << 10;
    private static final long GRACE_MILLIS = Duration.ofSeconds(5).toMillis();
    private static final long HANDSHAKE_MILLIS = Duration.ofSeconds(10).toMillis();

    private HttpProtocols() {}

    static void begin(Channel channel, HttpServer server, @Nullable SslContext tls) {
        ChannelPipeline pipeline = channel.pipeline();
        if (tls == null) {
            pipeline.addLast(new PlainText(server));
            return;
        }
        SslHandler handshake = tls.newHandler(channel.alloc());
        handshake.setHandshakeTimeoutMillis(HANDSHAKE_MILLIS);
        pipeline.addLast(handshake);
        pipeline.addLast(new ApplicationProtocolNegotiationHandler(ApplicationProtocolNames.HTTP_1_1) {
            @Override
            protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
                if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
                    http2(ctx.pipeline(), server);
                } else {
                    http1(ctx.pipeline(), server);
                }
            }

            @Override
            public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
                super.handlerAdded(ctx);
                if (ctx.channel().isActive()) {
                    ctx.read();
                }
            }

            @Override
            public void channelActive(ChannelHandlerContext ctx) throws Exception {
                super.channelActive(ctx);
                ctx.read();
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                ctx.close();
            }

            @Override
            protected void handshakeFailure(ChannelHandlerContext ctx, Throwable cause) {
                ctx.close();
            }
        });
    }

    static void http1(ChannelPipeline pipeline, HttpServer server) {
        ServerConnection connection = new ServerConnection(server, false);
        pipeline.addLast(new Arrivals(connection));
        pipeline.addLast(new HttpServerCodec(new HttpDecoderConfig()
                .setMaxInitialLineLength(HttpServer.LINE_BYTES_MAX)
                .setMaxHeaderSize(HttpServer.HEADER_BYTES_MAX)
                .setMaxChunkSize(CHUNK_BYTES_MAX)));
        pipeline.addLast(connection);
    }

    static void http2(ChannelPipeline pipeline, HttpServer server) {
        Http2FrameCodec codec = Http2FrameCodecBuilder.forServer()
                .initialSettings(Http2Settings.defaultSettings()
                        .initialWindowSize(WINDOW_BYTES)
                        .maxConcurrentStreams(HttpServer.STREAMS_MAX)
                        .maxHeaderListSize(HttpServer.HEADER_BYTES_MAX))
                .gracefulShutdownTimeoutMillis(GRACE_MILLIS)
                .decoderEnforceMaxRstFramesPerWindow(Http2Guard.RESETS_MAX, Http2Guard.RESETS_SECONDS)
                .build();
        long idleMillis = server.timeouts().idle().toMillis();
        if (idleMillis > 0) {
            pipeline.addLast(new IdleStateHandler(0, 0, idleMillis, TimeUnit.MILLISECONDS));
        }
        pipeline.addLast(new Http2Guard(server.timeouts().readHeader(), server.offenders()));
        pipeline.addLast(codec);
        pipeline.addLast(new Http2MultiplexHandler(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel stream) {
                stream.config().setAutoRead(false);
                stream.pipeline().addLast(new Http2StreamFrameToHttpObjectCodec(true));
                stream.pipeline().addLast(new ServerConnection(server, true));
            }
        }));
        pipeline.addLast(new Http2Connections());
        // Streams have flow control of their own; the connection itself is always read.
        pipeline.channel().config().setAutoRead(true);
    }

    /** Tells a client of HTTP/2 that no more streams are served; closes a connection that has not said what it speaks. */
    static void goAway(Channel channel) {
        if (channel.pipeline().get(ServerConnection.class) == null) {
            channel.close();
        }
    }

    static void cut(Channel channel) {
        channel.eventLoop().execute(() -> channel.unsafe().closeForcibly());
    }

    /** Tells the connection when bytes arrive, before they are decoded. */
    private static final class Arrivals extends ChannelInboundHandlerAdapter {
        private final ServerConnection connection;

        Arrivals(ServerConnection connection) {
            this.connection = connection;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            connection.bytesArrived();
            ctx.fireChannelRead(message);
        }
    }

    /** What concerns a connection of HTTP/2 and not one of its streams. */
    private static final class Http2Connections extends ChannelInboundHandlerAdapter {
        @Override
        public void handlerAdded(ChannelHandlerContext ctx) throws Http2Exception {
            Http2Connection connection =
                    ctx.pipeline().get(Http2FrameCodec.class).connection();
            connection
                    .local()
                    .flowController()
                    .incrementWindowSize(
                            connection.connectionStream(), WINDOW_BYTES - Http2CodecUtil.DEFAULT_WINDOW_SIZE);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof IdleStateEvent) {
                ctx.close();
            } else {
                ctx.fireUserEventTriggered(event);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            // An error of the protocol is the codec's, which ends the connection with a GOAWAY that says what it was.
            if (Http2CodecUtil.getEmbeddedHttp2Exception(cause) == null) {
                ctx.close();
            }
        }
    }

    /** Plain text: HTTP/2 begins with its preface, everything else is HTTP/1.1. */
    private static final class PlainText extends ByteToMessageDecoder {
        private final HttpServer server;
        private @Nullable ConnectionDeadline deadline;

        PlainText(HttpServer server) {
            this.server = server;
        }

        @Override
        protected void handlerRemoved0(ChannelHandlerContext ctx) {
            if (deadline != null) {
                deadline.end();
            }
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            deadline = new ConnectionDeadline(ctx, ctx::close);
            deadline.set(server.timeouts().readHeader().toNanos());
            ctx.fireChannelActive();
            ctx.read();
        }

        @Override
        protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
            ByteBuf preface = Http2CodecUtil.connectionPrefaceBuf();
            int compared = Math.min(in.readableBytes(), preface.readableBytes());
            for (int i = 0; i < compared; i++) {
                if (in.getByte(in.readerIndex() + i) != preface.getByte(preface.readerIndex() + i)) {
                    http1(ctx.pipeline(), server);
                    ctx.pipeline().remove(this);
                    return;
                }
            }
            if (compared == preface.readableBytes()) {
                http2(ctx.pipeline(), server);
                ctx.pipeline().remove(this);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
