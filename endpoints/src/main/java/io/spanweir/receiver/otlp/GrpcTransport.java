package io.spanweir.receiver.otlp;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.spanweir.component.ReceiverContext;
import io.spanweir.config.TlsServerConfig;
import io.spanweir.net.BodyBudget;
import io.spanweir.net.GrpcDecompressor;
import io.spanweir.net.HttpServer;
import io.spanweir.net.Sentences;
import io.spanweir.net.ServerTls;
import io.spanweir.wire.Signal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * OTLP/gRPC on grpc-java: calls run on the I/O threads, and a message goes from grpc-java's buffers to transit memory in one
 * copy. Source of statuses: OTLP specification, "OTLP/gRPC Response". Threading: one thread at a time.
 */
final class GrpcTransport implements OtlpReceiver.Transport {
    /**
     * For a stream and for a connection. With the 64 KiB of RFC 9113 a request of 200 KiB waits for three round trips.
     */
    private static final int WINDOW_BYTES = 1 << 20;

    private static final int METADATA_BYTES_MAX = 64 << 10;
    private static final int BACKLOG = 1024;

    /** Streams that a client may reset within the time below; more is an attack ("rapid reset"), and its connection ends. */
    private static final int RESETS_MAX = 200;

    private static final int RESETS_SECONDS = 30;

    private static final long HANDSHAKE_SECONDS = 10;

    private final GrpcServerConfig config;
    private final EventLoopGroup loops;
    private final GrpcConnections connections;
    private final GrpcBodies bodies;
    private final Admissions admissions;
    private final GrpcDecompressor.Pool decompressors = new GrpcDecompressor.Pool();
    private @Nullable Server server;

    GrpcTransport(GrpcServerConfig config, ReceiverContext context, EventLoopGroup loops) {
        this(config, context, loops, BodyBudget.capacityBytes(config.maxMessageBytes()), new GrpcConnections());
    }

    /** @param bodyBytesAllMax of the messages that are received at one time on all connections */
    GrpcTransport(
            GrpcServerConfig config,
            ReceiverContext context,
            EventLoopGroup loops,
            long bodyBytesAllMax,
            GrpcConnections connections) {
        this.connections = connections;
        this.config = config;
        this.loops = loops;
        this.admissions = new Admissions(context, "grpc", config.maxMessageBytes(), loops);
        this.bodies = new GrpcBodies(bodyBytesAllMax, loops);
    }

    @Override
    public InetSocketAddress start() throws IOException {
        NettyServerBuilder builder = NettyServerBuilder.forAddress(HttpServer.address(config.endpoint()))
                .channelFactory(connections)
                .addStreamTracerFactory(bodies)
                .handshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS)
                .bossEventLoopGroup(loops)
                .workerEventLoopGroup(loops)
                .withOption(ChannelOption.SO_BACKLOG, BACKLOG)
                .withChildOption(ChannelOption.ALLOCATOR, ByteBufAllocator.DEFAULT)
                .directExecutor()
                .decompressorRegistry(GrpcDecompressor.registry(decompressors, admissions.maxMessageBytes()))
                .maxInboundMessageSize(admissions.maxMessageBytes())
                .maxInboundMetadataSize(METADATA_BYTES_MAX)
                .maxConcurrentCallsPerConnection(config.maxConcurrentStreams())
                .flowControlWindow(WINDOW_BYTES)
                .maxRstFramesPerWindow(RESETS_MAX, RESETS_SECONDS);
        keepalive(builder);
        TlsServerConfig tls = config.tls();
        if (tls != null) {
            builder.sslContext(ServerTls.context(tls, "h2"));
        }
        for (Signal signal : Signal.values()) {
            if (admissions.receives(signal)) {
                builder.addService(service(signal));
            }
        }
        Server started = builder.build();
        try {
            started.start();
        } catch (IOException e) {
            throw new IOException("cannot listen on " + config.endpoint() + " (" + Sentences.cause(e) + ")", e);
        }
        server = started;
        return (InetSocketAddress) started.getListenSockets().get(0);
    }

    private void keepalive(NettyServerBuilder builder) {
        GrpcServerConfig.ServerParameters parameters = config.serverParameters();
        if (!parameters.maxConnectionIdle().isZero()) {
            builder.maxConnectionIdle(parameters.maxConnectionIdle().toNanos(), TimeUnit.NANOSECONDS);
        }
        if (!parameters.maxConnectionAge().isZero()) {
            builder.maxConnectionAge(parameters.maxConnectionAge().toNanos(), TimeUnit.NANOSECONDS);
        }
        if (!parameters.maxConnectionAgeGrace().isZero()) {
            builder.maxConnectionAgeGrace(parameters.maxConnectionAgeGrace().toNanos(), TimeUnit.NANOSECONDS);
        }
        builder.keepAliveTime(orDefault(parameters.time(), Duration.ofHours(2)), TimeUnit.NANOSECONDS)
                .keepAliveTimeout(orDefault(parameters.timeout(), Duration.ofSeconds(20)), TimeUnit.NANOSECONDS)
                .permitKeepAliveTime(
                        orDefault(config.enforcementPolicy().minTime(), Duration.ofMinutes(5)), TimeUnit.NANOSECONDS)
                .permitKeepAliveWithoutCalls(config.enforcementPolicy().permitWithoutStream());
    }

    /** grpc-go takes 0 for its default. */
    private static long orDefault(Duration configured, Duration defaultDuration) {
        return (configured.isZero() ? defaultDuration : configured).toNanos();
    }

    private ServerServiceDefinition service(Signal signal) {
        String name = "opentelemetry.proto.collector."
                + switch (signal) {
                    case TRACES -> "trace.v1.TraceService";
                    case METRICS -> "metrics.v1.MetricsService";
                    case LOGS -> "logs.v1.LogsService";
                };
        // On the wire a client stream of one message is a unary call. As UNARY, grpc-java would keep a decompressed
        // message
        // until the client ends its side, and by then the memory of its decompressor has been used for another one.
        MethodDescriptor<GrpcMessage, Boolean> method = MethodDescriptor.<GrpcMessage, Boolean>newBuilder()
                .setType(MethodDescriptor.MethodType.CLIENT_STREAMING)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(name, "Export"))
                .setRequestMarshaller(new GrpcMessage.Marshaller(admissions, signal))
                .setResponseMarshaller(new EmptyResponse())
                .build();
        return ServerServiceDefinition.builder(name)
                .addMethod(method, new Exports(signal))
                .build();
    }

    /** Bytes of messages that are being received. */
    long bodyBytes() {
        return bodies.usedBytes();
    }

    @Override
    public void stop(long deadlineNanos) {
        admissions.stop();
        Server running = server;
        if (running == null) {
            return;
        }
        running.shutdown();
        try {
            if (!running.awaitTermination(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                running.shutdownNow();
                running.awaitTermination(1, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            running.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        decompressors.close();
        admissions.close();
    }

    private final class Exports implements ServerCallHandler<GrpcMessage, Boolean> {
        private final Signal signal;

        Exports(Signal signal) {
            this.signal = signal;
        }

        @Override
        public ServerCall.Listener<GrpcMessage> startCall(ServerCall<GrpcMessage, Boolean> call, Metadata headers) {
            // Two: a second message must be seen to be refused.
            call.request(2);
            GrpcCall started = new GrpcCall(
                    admissions.intake(signal),
                    call,
                    config.includeMetadata() ? GrpcCall.metadata(headers) : io.spanweir.data.ClientMetadata.EMPTY);
            GrpcBodies.ofThisCall(started);
            return started;
        }
    }

    /** {@code Export…ServiceResponse} without a partial success: no bytes. */
    private static final class EmptyResponse implements MethodDescriptor.Marshaller<Boolean> {
        /** Drainable, so that gRPC does not allocate a buffer of 8 KiB to read nothing into. */
        private static final class Empty extends ByteArrayInputStream implements Drainable, KnownLength {
            Empty() {
                super(new byte[0]);
            }

            @Override
            public int drainTo(OutputStream target) {
                return 0;
            }
        }

        @Override
        public InputStream stream(Boolean response) {
            return new Empty();
        }

        @Override
        public Boolean parse(InputStream stream) {
            throw Status.INTERNAL.withDescription("a server reads no responses").asRuntimeException();
        }
    }
}
