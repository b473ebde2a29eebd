package io.spanweir.testsink;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Duration;
import io.grpc.Decompressor;
import io.grpc.DecompressorRegistry;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The gRPC half of the sink. */
final class GrpcSink {
    private static final Metadata.Key<byte[]> DETAILS =
            Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private final OtlpSink sink;
    private final EventLoopGroup group;
    private final Server server;
    private final int port;

    GrpcSink(OtlpSink sink, EventLoopGroup group, SslContext tls, int port) throws IOException {
        this.sink = sink;
        this.group = group;
        NettyServerBuilder builder = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", port))
                .channelType(NioServerSocketChannel.class)
                .bossEventLoopGroup(group)
                .workerEventLoopGroup(group)
                .directExecutor()
                .maxInboundMessageSize(64 << 20)
                .decompressorRegistry(DecompressorRegistry.getDefaultInstance()
                        .with(new Decoder("zstd", "zstd"), true)
                        .with(new Decoder("snappy", "x-snappy-framed"), true));
        if (tls != null) {
            builder.sslContext(tls);
        }
        for (String signal : new String[] {"trace.v1.Trace", "metrics.v1.Metrics", "logs.v1.Logs"}) {
            builder.addService(service("opentelemetry.proto.collector." + signal + "Service"));
        }
        server = builder.build().start();
        this.port = server.getPort();
    }

    int port() {
        return port;
    }

    void close() {
        server.shutdownNow();
    }

    private ServerServiceDefinition service(String name) {
        MethodDescriptor<byte[], byte[]> export = MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(name, "Export"))
                .setRequestMarshaller(new Raw())
                .setResponseMarshaller(new Raw())
                .build();
        ServerCallHandler<byte[], byte[]> handler = (call, headers) -> {
            call.request(2);
            return new Listener(call, headers);
        };
        return ServerServiceDefinition.builder(
                        ServiceDescriptor.newBuilder(name).addMethod(export).build())
                .addMethod(export, handler)
                .build();
    }

    private final class Listener extends ServerCall.Listener<byte[]> {
        private final ServerCall<byte[], byte[]> call;
        private final Metadata headers;
        private byte[] body = {};

        Listener(ServerCall<byte[], byte[]> call, Metadata headers) {
            this.call = call;
            this.headers = headers;
        }

        @Override
        public void onMessage(byte[] message) {
            body = message;
        }

        @Override
        public void onHalfClose() {
            String path = call.getMethodDescriptor().getFullMethodName();
            Map<String, String> texts = texts(headers);
            texts.put(":authority", String.valueOf(call.getAuthority()));
            String remote = String.valueOf(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
            try {
                sink.record(new SinkRequest(
                        "grpc",
                        path,
                        texts,
                        texts.getOrDefault("grpc-encoding", ""),
                        body.length,
                        body,
                        OtlpSink.decode(path, body),
                        remote));
            } catch (IOException e) {
                call.close(Status.INVALID_ARGUMENT.withDescription(e.getMessage()), new Metadata());
                return;
            }
            SinkAnswer answer = sink.nextAnswer();
            group.schedule(() -> answer(answer), answer.delay().toMillis(), TimeUnit.MILLISECONDS);
        }

        private void answer(SinkAnswer answer) {
            if (call.isCancelled() || answer.manner() == SinkAnswer.Manner.SILENT) {
                return;
            }
            if (answer.manner() == SinkAnswer.Manner.RESET) {
                server.shutdownNow();
                return;
            }
            if (answer.grpcCode() == Status.Code.OK) {
                call.sendHeaders(new Metadata());
                call.sendMessage(response(answer));
                call.close(Status.OK, new Metadata());
                return;
            }
            Metadata trailers = new Metadata();
            if (answer.retryDelay() != null) {
                trailers.put(DETAILS, details(answer));
            }
            Status status = answer.grpcCode().toStatus();
            call.close(answer.message().isEmpty() ? status : status.withDescription(answer.message()), trailers);
        }
    }

    /** The answers of all signals have the same fields. */
    static byte[] response(SinkAnswer answer) {
        ExportTraceServiceResponse.Builder response = ExportTraceServiceResponse.newBuilder();
        if (answer.rejectedItems() != 0 || !answer.message().isEmpty()) {
            response.setPartialSuccess(ExportTracePartialSuccess.newBuilder()
                    .setRejectedSpans(answer.rejectedItems())
                    .setErrorMessage(answer.message()));
        }
        return response.build().toByteArray();
    }

    /** google.rpc.Status with RetryInfo, written field by field by protobuf-java's streams. */
    static byte[] details(SinkAnswer answer) {
        try {
            Duration delay = Duration.newBuilder()
                    .setSeconds(answer.retryDelay().toSeconds())
                    .setNanos(answer.retryDelay().toNanosPart())
                    .build();
            ByteArrayOutputStream retryInfo = new ByteArrayOutputStream();
            CodedOutputStream info = CodedOutputStream.newInstance(retryInfo);
            info.writeMessage(1, delay);
            info.flush();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            CodedOutputStream status = CodedOutputStream.newInstance(bytes);
            status.writeInt32(1, answer.grpcCode().value());
            status.writeString(2, answer.message());
            status.writeMessage(
                    3,
                    Any.newBuilder()
                            .setTypeUrl("type.googleapis.com/google.rpc.Help")
                            .build());
            status.writeMessage(
                    3,
                    Any.newBuilder()
                            .setTypeUrl("type.googleapis.com/google.rpc.RetryInfo")
                            .setValue(ByteString.copyFrom(retryInfo.toByteArray()))
                            .build());
            status.flush();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> texts(Metadata headers) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (String name : headers.keys()) {
            texts.put(
                    name,
                    name.endsWith("-bin")
                            ? new String(
                                    headers.get(Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER)),
                                    StandardCharsets.UTF_8)
                            : headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER)));
        }
        return texts;
    }

    private static final class Raw implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private record Decoder(String token, String format) implements Decompressor {
        @Override
        public String getMessageEncoding() {
            return token;
        }

        @Override
        public InputStream decompress(InputStream compressed) throws IOException {
            return new ByteArrayInputStream(Bodies.decompress(format, compressed.readAllBytes()));
        }
    }
}
