package io.spanweir.perf.load;

import static java.util.Objects.requireNonNull;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import io.spanweir.memory.TransitRegion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The least that answers a unary gRPC call on Netty's HTTP/2 codec: frames go straight into a transit segment, every method is
 * answered with an empty message and status 0. No deadlines, limits, compression, or draining. One event loop serves all.
 */
public final class NettyUnaryServer implements AutoCloseable {
    static final int FLOW_CONTROL_WINDOW_BYTES = 1 << 20;

    private static final int WINDOW_BYTES_INITIAL = 65_535;
    private static final ByteBuf EMPTY_MESSAGE = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(new byte[5]));
    private static final Http2Headers HEADERS = ReadOnlyHttp2Headers.serverHeaders(
            false,
            AsciiString.cached("200"),
            AsciiString.cached("content-type"),
            AsciiString.cached("application/grpc"));
    private static final Http2Headers TRAILERS =
            ReadOnlyHttp2Headers.trailers(false, AsciiString.cached("grpc-status"), AsciiString.cached("0"));

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel channel;

    public NettyUnaryServer(Taker taker) {
        channel = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel accepted) throws Http2Exception {
                        connect(accepted, taker);
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
    }

    public int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    @Override
    public void close() {
        channel.close().syncUninterruptibly();
        var unused = loop.shutdownGracefully();
    }

    private static void connect(Channel accepted, Taker taker) throws Http2Exception {
        Calls calls = new Calls(taker);
        Http2ConnectionHandler handler = new Http2ConnectionHandlerBuilder()
                .server(true)
                .initialSettings(Http2Settings.defaultSettings().initialWindowSize(FLOW_CONTROL_WINDOW_BYTES))
                .frameListener(calls)
                .build();
        calls.start(handler);
        accepted.pipeline().addLast(handler, new ClosedByPeer());
        handler.connection()
                .local()
                .flowController()
                .incrementWindowSize(
                        handler.connection().connectionStream(), FLOW_CONTROL_WINDOW_BYTES - WINDOW_BYTES_INITIAL);
        accepted.flush();
    }

    /** A client that ends without saying goodbye is no event here. */
    private static final class ClosedByPeer extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (cause instanceof IOException) {
                var unused = ctx.close();
            } else {
                ctx.fireExceptionCaught(cause);
            }
        }
    }

    /** The message of one stream as it arrives. */
    private static final class Message {
        private static final int PREFIX_BYTES = 5;

        private int prefixBytes;
        private int lengthBytes;
        private int received;
        private @Nullable TransitRegion region;

        void append(ByteBuf data, Taker taker) {
            while (prefixBytes < PREFIX_BYTES && data.isReadable()) {
                int value = data.readUnsignedByte();
                if (prefixBytes++ == 0 && value != 0) {
                    throw new IllegalStateException("compressed message; set compression: none");
                }
                lengthBytes = lengthBytes << 8 | value;
            }
            if (prefixBytes == PREFIX_BYTES) {
                TransitRegion target = region;
                if (target == null) {
                    target = taker.reserve(lengthBytes);
                    region = target;
                }
                int length = Math.min(data.readableBytes(), lengthBytes - received);
                data.readBytes(target.bytes(), target.offset() + received, length);
                received += length;
            }
        }
    }

    private static final class Calls extends Http2FrameAdapter {
        private final Taker taker;
        private @Nullable Http2ConnectionHandler handler;
        private Http2Connection.@Nullable PropertyKey messageKey;

        Calls(Taker taker) {
            this.taker = taker;
        }

        void start(Http2ConnectionHandler handler) {
            this.handler = handler;
            this.messageKey = handler.connection().newKey();
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext ctx,
                int streamId,
                Http2Headers headers,
                int streamDependency,
                short weight,
                boolean exclusive,
                int padding,
                boolean endOfStream) {
            requireNonNull(handler).connection().stream(streamId)
                    .setProperty(requireNonNull(messageKey), new Message());
        }

        @Override
        public int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream)
                throws Http2Exception {
            int consumed = data.readableBytes() + padding;
            Http2Stream stream = requireNonNull(handler).connection().stream(streamId);
            Message message = stream.getProperty(requireNonNull(messageKey));
            message.append(data, taker);
            if (endOfStream) {
                TransitRegion region = message.region;
                if (region == null || message.received < message.lengthBytes) {
                    throw Http2Exception.streamError(streamId, Http2Error.PROTOCOL_ERROR, "message cut short");
                }
                taker.take(region);
                answer(ctx, streamId);
            }
            return consumed;
        }

        @SuppressWarnings("FutureReturnValueIgnored") // a write that fails ends the connection
        private void answer(ChannelHandlerContext ctx, int streamId) {
            Http2ConnectionEncoder encoder = requireNonNull(handler).encoder();
            encoder.writeHeaders(ctx, streamId, HEADERS, 0, false, ctx.newPromise());
            encoder.writeData(ctx, streamId, EMPTY_MESSAGE.duplicate(), 0, false, ctx.newPromise());
            encoder.writeHeaders(ctx, streamId, TRAILERS, 0, true, ctx.newPromise());
        }
    }
}
