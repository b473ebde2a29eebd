package io.spanweir.receiver.otlp;

import io.grpc.CallOptions;
import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.spanweir.wire.Signal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** grpc-java's client with messages that are bytes. */
final class GrpcClient implements AutoCloseable {
    final ManagedChannel channel;

    GrpcClient(Running running) {
        this(NettyChannelBuilder.forAddress("127.0.0.1", running.context.port("grpc"))
                .usePlaintext());
    }

    GrpcClient(NettyChannelBuilder builder) {
        channel = builder.build();
    }

    static MethodDescriptor<byte[], byte[]> method(Signal signal) {
        return method(
                switch (signal) {
                    case TRACES -> "opentelemetry.proto.collector.trace.v1.TraceService/Export";
                    case METRICS -> "opentelemetry.proto.collector.metrics.v1.MetricsService/Export";
                    case LOGS -> "opentelemetry.proto.collector.logs.v1.LogsService/Export";
                });
    }

    static MethodDescriptor<byte[], byte[]> method(String name) {
        return MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(name)
                .setRequestMarshaller(new BytesMarshaller())
                .setResponseMarshaller(new BytesMarshaller())
                .build();
    }

    byte[] export(Signal signal, byte[] request) {
        return export(signal, request, CallOptions.DEFAULT);
    }

    byte[] export(Signal signal, byte[] request, CallOptions options) {
        return ClientCalls.blockingUnaryCall(
                channel, method(signal), options.withDeadlineAfter(20, TimeUnit.SECONDS), request);
    }

    Future<byte[]> exportLater(Signal signal, byte[] request) {
        return ClientCalls.futureUnaryCall(
                channel.newCall(method(signal), CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS)), request);
    }

    byte[] export(Signal signal, byte[] request, Metadata metadata) {
        ClientInterceptor attached = MetadataUtils.newAttachHeadersInterceptor(metadata);
        return ClientCalls.blockingUnaryCall(
                io.grpc.ClientInterceptors.intercept(channel, attached),
                method(signal),
                CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
                request);
    }

    /** The status with which an export fails. */
    StatusRuntimeException failure(Signal signal, byte[] request) {
        return failure(signal, request, CallOptions.DEFAULT);
    }

    StatusRuntimeException failure(Signal signal, byte[] request, CallOptions options) {
        try {
            byte[] answer = export(signal, request, options);
            throw new AssertionError("answered OK with " + answer.length + " bytes");
        } catch (StatusRuntimeException e) {
            return e;
        }
    }

    static Status.Code code(StatusRuntimeException failure) {
        return failure.getStatus().getCode();
    }

    @Override
    public void close() throws InterruptedException {
        channel.shutdownNow();
        channel.awaitTermination(5, TimeUnit.SECONDS);
    }

    private static final class BytesMarshaller implements MethodDescriptor.Marshaller<byte[]> {
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
}
