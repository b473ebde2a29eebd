package io.spanweir.server.demo;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.GrpcResponse;
import io.opentelemetry.sdk.common.export.GrpcSender;
import io.opentelemetry.sdk.common.export.GrpcSenderConfig;
import io.opentelemetry.sdk.common.export.GrpcSenderProvider;
import io.opentelemetry.sdk.common.export.GrpcStatusCode;
import io.opentelemetry.sdk.common.export.MessageWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets the SDK's OTLP/gRPC exporter send through grpc-java, plain text only; the SDK finds it by {@link
 * java.util.ServiceLoader}. Its own senders bring an HTTP client of which nothing else here has a use.
 */
public final class ChannelSenderProvider implements GrpcSenderProvider {
    @Override
    public GrpcSender createSender(GrpcSenderConfig config) {
        URI endpoint = config.getEndpoint();
        if (!"http".equals(endpoint.getScheme())) {
            throw new IllegalArgumentException("\"" + endpoint + "\": only http:// is supported");
        }
        ManagedChannel channel = NettyChannelBuilder.forAddress(endpoint.getHost(), endpoint.getPort())
                .usePlaintext()
                .build();
        return new ChannelSender(channel, ByteArrayMarshaller.unary(config.getFullMethodName()), config);
    }

    private static final class ChannelSender implements GrpcSender {
        private static final long SHUTDOWN_SECONDS = 5;

        private final ManagedChannel channel;
        private final MethodDescriptor<byte[], byte[]> method;
        private final long timeoutNanos;

        ChannelSender(ManagedChannel channel, MethodDescriptor<byte[], byte[]> method, GrpcSenderConfig config) {
            this.channel = channel;
            this.method = method;
            this.timeoutNanos = config.getTimeout().toNanos();
        }

        @Override
        public void send(MessageWriter message, Consumer<GrpcResponse> onResponse, Consumer<Throwable> onError) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(message.getContentLength());
            try {
                message.writeMessage(bytes);
            } catch (IOException e) {
                onError.accept(e);
                return;
            }
            CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(timeoutNanos, TimeUnit.NANOSECONDS);
            ClientCalls.asyncUnaryCall(channel.newCall(method, options), bytes.toByteArray(), new Answer(onResponse));
        }

        @Override
        public CompletableResultCode shutdown() {
            channel.shutdown();
            try {
                channel.awaitTermination(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return CompletableResultCode.ofSuccess();
        }
    }

    private static final class Answer implements StreamObserver<byte[]> {
        private final Consumer<GrpcResponse> onResponse;
        private byte @Nullable [] message;

        Answer(Consumer<GrpcResponse> onResponse) {
            this.onResponse = onResponse;
        }

        @Override
        public void onNext(byte[] answer) {
            message = answer;
        }

        @Override
        public void onError(Throwable cause) {
            Status status = Status.fromThrowable(cause);
            String description = status.getDescription() == null ? "" : status.getDescription();
            onResponse.accept(new Response(status.getCode().value(), description, new byte[0]));
        }

        @Override
        public void onCompleted() {
            byte[] answer = message;
            onResponse.accept(new Response(0, "", answer == null ? new byte[0] : answer));
        }
    }

    private static final class Response implements GrpcResponse {
        private final int code;
        private final String description;
        private final byte[] message;

        Response(int code, String description, byte[] message) {
            this.code = code;
            this.description = description;
            this.message = message;
        }

        @Override
        public GrpcStatusCode getStatusCode() {
            return GrpcStatusCode.fromValue(code);
        }

        @Override
        public String getStatusDescription() {
            return description;
        }

        @Override
        public byte[] getResponseMessage() {
            return message;
        }
    }
}
