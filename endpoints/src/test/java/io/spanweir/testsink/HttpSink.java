package io.spanweir.testsink;

import com.google.protobuf.Message;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The HTTP half of the sink. */
final class HttpSink {
    private static final int BODY_LENGTH_MAX = 64 << 20;
    private static final int STREAMS_MAX = 4;
    private static final int TRICKLE_MILLIS = 20;

    private final OtlpSink sink;
    private final Channel server;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final AtomicInteger connectionCount = new AtomicInteger();

    HttpSink(OtlpSink sink, EventLoopGroup group, SslContext tls) {
        this.sink = sink;
        server = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        connections.add(channel);
                        connectionCount.incrementAndGet();
                        if (tls == null) {
                            http1(channel);
                        } else {
                            channel.pipeline().addLast(tls.newHandler(channel.alloc()), new Agreement());
                        }
                    }
                })
                .bind(new InetSocketAddress("127.0.0.1", 0))
                .syncUninterruptibly()
                .channel();
    }

    private void http1(Channel channel) {
        channel.pipeline()
                .addLast(new HttpServerCodec(), new HttpObjectAggregator(BODY_LENGTH_MAX), new Handler("http"));
    }

    private void http2(Channel channel) {
        channel.pipeline()
                .addLast(
                        Http2FrameCodecBuilder.forServer()
                                .initialSettings(Http2Settings.defaultSettings().maxConcurrentStreams(STREAMS_MAX))
                                .autoAckPingFrame(sink.pingsAnswered())
                                .build(),
                        new Http2MultiplexHandler(new ChannelInitializer<>() {
                            @Override
                            protected void initChannel(Channel stream) {
                                stream.pipeline()
                                        .addLast(
                                                new Http2StreamFrameToHttpObjectCodec(true),
                                                new HttpObjectAggregator(BODY_LENGTH_MAX),
                                                new Handler("h2"));
                            }
                        }));
    }

    /** HTTP/2 when the TLS context offers it and the client takes it, else HTTP/1.1. */
    private final class Agreement extends ApplicationProtocolNegotiationHandler {
        Agreement() {
            super(ApplicationProtocolNames.HTTP_1_1);
        }

        @Override
        protected void configurePipeline(ChannelHandlerContext context, String protocol) {
            if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
                http2(context.channel());
            } else {
                http1(context.channel());
            }
        }

        @Override
        protected void handshakeFailure(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }

    int port() {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    int connectionCount() {
        return connectionCount.get();
    }

    int openConnectionCount() {
        return connections.size();
    }

    void dropConnections() {
        connections.close().awaitUninterruptibly();
    }

    void close() {
        server.close().awaitUninterruptibly();
        dropConnections();
    }

    private final class Handler extends SimpleChannelInboundHandler<FullHttpRequest> {
        private final String protocol;

        Handler(String protocol) {
            this.protocol = protocol;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) throws IOException {
            byte[] wire = new byte[request.content().readableBytes()];
            request.content().readBytes(wire);
            Map<String, String> headers = new LinkedHashMap<>();
            request.headers()
                    .forEach(header -> headers.put(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
            String encoding = headers.getOrDefault("content-encoding", "");
            byte[] body = Bodies.decompress(encoding, wire);
            boolean json = headers.getOrDefault("content-type", "").startsWith("application/json");
            Message message = json ? null : OtlpSink.decode(request.uri(), body);
            sink.record(new SinkRequest(
                    protocol,
                    request.uri(),
                    headers,
                    encoding,
                    wire.length,
                    body,
                    message,
                    String.valueOf(context.channel().remoteAddress())));
            SinkAnswer answer = sink.nextAnswer();
            context.executor()
                    .schedule(
                            () -> answer(context, answer, json), answer.delay().toMillis(), TimeUnit.MILLISECONDS);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }

    private static void answer(ChannelHandlerContext context, SinkAnswer answer, boolean json) {
        switch (answer.manner()) {
            case SILENT -> {}
            case RESET -> context.close();
            case TRICKLE -> {
                HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
                head.headers().set("content-length", 1_000_000);
                context.writeAndFlush(head);
                trickle(context);
            }
            case ANSWER -> write(context, answer, json);
        }
    }

    private static void trickle(ChannelHandlerContext context) {
        context.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(new byte[1])))
                .addListener(future -> {
                    if (future.isSuccess()) {
                        context.executor().schedule(() -> trickle(context), TRICKLE_MILLIS, TimeUnit.MILLISECONDS);
                    }
                });
    }

    private static void write(ChannelHandlerContext context, SinkAnswer answer, boolean json) {
        byte[] body = answer.body() == null ? body(answer, json) : answer.body();
        DefaultFullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.httpStatus()), Unpooled.wrappedBuffer(body));
        response.headers().set("content-type", json ? "application/json" : "application/x-protobuf");
        response.headers().set("content-length", body.length);
        if (answer.retryDelay() != null) {
            response.headers().set("retry-after", answer.retryDelay().toSeconds());
        }
        answer.headers().forEach((name, value) -> response.headers().set(name, value));
        boolean close = "close".equals(answer.headers().get("connection"));
        var written = context.writeAndFlush(response);
        if (close) {
            written.addListener(ChannelFutureListener.CLOSE);
        }
    }

    private static byte[] body(SinkAnswer answer, boolean json) {
        boolean ok = answer.httpStatus() == 200;
        if (!json) {
            return ok ? GrpcSink.response(answer) : GrpcSink.details(answer.withRetryDelay(java.time.Duration.ZERO));
        }
        String text = ok
                ? "{\"partialSuccess\":{\"rejectedSpans\":\"" + answer.rejectedItems() + "\",\"errorMessage\":\""
                        + answer.message() + "\"}}"
                : "{\"code\":13,\"message\":\"" + answer.message() + "\",\"details\":[]}";
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
