package io.spanweir.receiver.otlp;

import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.spanweir.config.ConfigNode;
import io.spanweir.config.Problems;
import io.spanweir.net.EventLoops;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** A transport for gRPC that listens, without a receiver around it. */
final class GrpcPort implements AutoCloseable {
    private final EventLoopGroup loops;
    final GrpcTransport transport;
    final int port;

    GrpcPort(int ioThreads, long bodyBytesMax, GrpcConnections connections) throws IOException {
        GrpcServerConfig config = ConfigNode.parse("test.yaml", "endpoint: 127.0.0.1:0", new Problems())
                .decode(GrpcServerConfig::decode);
        loops = EventLoops.create("otlp-test", ioThreads);
        transport = new GrpcTransport(config, new RecordingContext(), loops, bodyBytesMax, connections);
        port = transport.start().getPort();
    }

    GrpcClient client() {
        return new GrpcClient(NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext());
    }

    @Override
    public void close() {
        transport.stop(System.nanoTime());
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        transport.close();
    }
}
