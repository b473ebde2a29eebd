package io.spanweir.exporter.otlpgrpc;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Codec;
import io.grpc.CompressorRegistry;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.spanweir.component.ComponentId;
import io.spanweir.component.Exporter;
import io.spanweir.component.Runner;
import io.spanweir.component.SendOutcome;
import io.spanweir.data.ExportRequest;
import io.spanweir.net.ClientLoop;
import io.spanweir.net.ClientTls;
import io.spanweir.net.ContentEncoder;
import io.spanweir.net.ContentEncoders;
import io.spanweir.net.EventLoops;
import io.spanweir.net.Sentences;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends OTLP over one gRPC channel: one HTTP/2 connection per address of the endpoint, all requests multiplexed. Connections,
 * compression and outcomes are on one I/O thread; gRPC resolves names and, until it has a connection, holds requests on
 * threads of its own. gRPC's own retries are off: the engine retries.
 */
final class OtlpGrpcExporter implements Exporter {
    /** Recommended for clients since OTLP 1.11. */
    private static final int ANSWER_LENGTH_MAX = 4 << 20;

    private static final int ANSWER_HEADERS_LENGTH_MAX = 64 << 10;
    private static final long STOP_MILLIS_MAX = 1_000;

    /**
     * HTTP/2 stops writing while a connection has more than this to flush. Netty's 64 KiB would make two system calls of a
     * request of 80 KiB, and sixty of a large one.
     */
    private static final WriteBufferWaterMark UNFLUSHED_BYTES = new WriteBufferWaterMark(256 << 10, 512 << 10);

    private final OtlpGrpcConfig config;
    private final ComponentId id;
    private final ExportMethods methods = new ExportMethods();
    private final Metadata headers = new Metadata();
    private final String peer;
    private final String timeout;
    private final CallOptions options;
    private final ClientLoop loop;
    private @Nullable ManagedChannel channel;

    OtlpGrpcExporter(OtlpGrpcConfig config, ComponentId id) {
        this.config = config;
        this.id = id;
        this.peer = config.endpoint().authority();
        this.timeout = Sentences.duration(config.timeout());
        ContentEncoder encoder = ContentEncoders.ofGrpc(config.compression());
        CallOptions base = CallOptions.DEFAULT;
        if (encoder != null) {
            base = base.withCompression(encoder.token());
        }
        this.options = config.waitForReady() ? base.withWaitForReady() : base;
        config.headers().forEach((name, value) -> put(headers, name, value.reveal()));
        this.loop = new ClientLoop("exporter-" + id);
    }

    /** The value of a name that ends in -bin is sent as its bytes, in base64. */
    private static void put(Metadata headers, String name, String value) {
        if (name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
            headers.put(Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER), value.getBytes(StandardCharsets.UTF_8));
        } else {
            headers.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
        }
    }

    @Override
    public void start() throws IOException {
        NettyChannelBuilder builder = NettyChannelBuilder.forTarget("dns:///" + peer)
                .eventLoopGroup(loop.eventLoop())
                .channelType(EventLoops.clientChannel())
                .withOption(ChannelOption.ALLOCATOR, ByteBufAllocator.DEFAULT)
                .withOption(ChannelOption.WRITE_BUFFER_WATER_MARK, UNFLUSHED_BYTES)
                .directExecutor()
                .disableRetry()
                .compressorRegistry(compressors())
                .defaultLoadBalancingPolicy(config.balancer().policy())
                .maxInboundMessageSize(ANSWER_LENGTH_MAX)
                .maxInboundMetadataSize(ANSWER_HEADERS_LENGTH_MAX)
                .userAgent(config.userAgent());
        String authority = config.authority();
        if (config.tls() == null) {
            builder.usePlaintext();
        } else {
            ClientTls tls = ClientTls.load(config.tls());
            builder.sslContext(tls.context("h2"));
            String serverName = tls.serverName();
            authority = authority.isEmpty() && serverName != null ? serverName : authority;
        }
        if (!authority.isEmpty()) {
            builder.overrideAuthority(authority);
        }
        OtlpGrpcConfig.Keepalive keepalive = config.keepalive();
        if (keepalive != null) {
            builder.keepAliveTime(keepalive.time().toNanos(), TimeUnit.NANOSECONDS)
                    .keepAliveTimeout(keepalive.timeout().toNanos(), TimeUnit.NANOSECONDS)
                    .keepAliveWithoutCalls(keepalive.permitWithoutStream());
        }
        channel = builder.build();
    }

    private CompressorRegistry compressors() {
        CompressorRegistry registry = CompressorRegistry.newEmptyInstance();
        registry.register(Codec.Identity.NONE);
        ContentEncoder encoder = ContentEncoders.ofGrpc(config.compression());
        if (encoder != null) {
            registry.register(new EncoderCompressor(encoder));
        }
        return registry;
    }

    private record EncoderCompressor(ContentEncoder encoder) implements io.grpc.Compressor {
        @Override
        public String getMessageEncoding() {
            return encoder.token();
        }

        @Override
        public OutputStream compress(OutputStream target) throws IOException {
            return encoder.stream(target);
        }
    }

    @Override
    public Runner runner() {
        return loop;
    }

    @Override
    public void send(ExportRequest request, Callback callback) {
        ManagedChannel open = channel;
        if (open == null) {
            callback.done(SendOutcome.retryable("exporter " + id + " is not connected", 0));
            return;
        }
        CallOptions withDeadline = config.timeout().isZero()
                ? options
                : options.withDeadlineAfter(config.timeout().toNanos(), TimeUnit.NANOSECONDS);
        OutgoingRequest outgoing = new OutgoingRequest(request);
        ClientCall<OutgoingRequest, SendOutcome> call = open.newCall(methods.of(request.signal()), withDeadline);
        Metadata callHeaders = new Metadata();
        callHeaders.merge(headers);
        call.start(new Answer(outgoing, callback), callHeaders);
        call.request(2);
        try {
            call.sendMessage(outgoing);
            call.halfClose();
        } catch (RuntimeException e) {
            call.cancel("the request could not be written", e);
        }
    }

    private final class Answer extends ClientCall.Listener<SendOutcome> {
        private final OutgoingRequest outgoing;
        private final Callback callback;
        private @Nullable SendOutcome answer;

        Answer(OutgoingRequest outgoing, Callback callback) {
            this.outgoing = outgoing;
            this.callback = callback;
        }

        @Override
        public void onMessage(SendOutcome message) {
            answer = message;
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            outgoing.release();
            SendOutcome told = answer == null ? SendOutcome.sent() : answer;
            callback.done(status.isOk() ? told : GrpcOutcome.of(status, trailers, peer, timeout));
        }
    }

    @Override
    public void stop() {
        ManagedChannel open = channel;
        if (open != null) {
            open.shutdownNow();
            try {
                open.awaitTermination(STOP_MILLIS_MAX, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        loop.close();
    }
}
