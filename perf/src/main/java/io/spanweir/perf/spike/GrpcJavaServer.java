package io.spanweir.perf.spike;

import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.spanweir.memory.TransitRegion;
import io.spanweir.perf.load.ExportMethod;
import io.spanweir.perf.load.Taker;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** grpc-java with a marshaller that reads the message straight into a transit segment, answered on the event loop. */
final class GrpcJavaServer implements AutoCloseable {
    private static final byte[] NOTHING = new byte[0];
    private static final int MESSAGE_BYTES_MAX = 64 << 20;
    private static final int FLOW_CONTROL_WINDOW_BYTES = 1 << 20;

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Server server;

    GrpcJavaServer(Taker taker) throws IOException {
        MethodDescriptor<TransitRegion, byte[]> export = ExportMethod.of(new IntoTransit(taker));
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .bossEventLoopGroup(loop)
                .workerEventLoopGroup(loop)
                .channelType(NioServerSocketChannel.class)
                .directExecutor()
                .flowControlWindow(FLOW_CONTROL_WINDOW_BYTES)
                .maxInboundMessageSize(MESSAGE_BYTES_MAX)
                .addService(ServerServiceDefinition.builder(export.getServiceName())
                        .addMethod(export, ServerCalls.asyncUnaryCall((region, answer) -> {
                            taker.take(region);
                            answer.onNext(NOTHING);
                            answer.onCompleted();
                        }))
                        .build())
                .build()
                .start();
    }

    int port() {
        return server.getPort();
    }

    @Override
    public void close() {
        server.shutdownNow();
        var unused = loop.shutdownGracefully();
    }

    private record IntoTransit(Taker taker) implements MethodDescriptor.Marshaller<TransitRegion> {
        @Override
        public InputStream stream(TransitRegion region) {
            throw new UnsupportedOperationException("requests are only received");
        }

        @Override
        public TransitRegion parse(InputStream stream) {
            try {
                if (!(stream instanceof KnownLength)) {
                    throw Status.INTERNAL
                            .withDescription("message of unknown length")
                            .asRuntimeException();
                }
                TransitRegion region = taker.reserve(stream.available());
                int at = 0;
                while (at < region.lengthBytes()) {
                    int read = stream.read(region.bytes(), region.offset() + at, region.lengthBytes() - at);
                    if (read < 0) {
                        throw Status.INTERNAL
                                .withDescription("message cut short")
                                .asRuntimeException();
                    }
                    at += read;
                }
                return region;
            } catch (IOException e) {
                throw Status.INTERNAL.withCause(e).asRuntimeException();
            }
        }
    }
}
