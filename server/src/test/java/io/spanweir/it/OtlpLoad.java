package io.spanweir.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * What several gRPC connections sent at the same time, one request after the other on each. A request is a trace of its own.
 *
 * @param acknowledged trace ids in hex
 * @param refusedCount requests that were told to come again, and did not
 */
record OtlpLoad(Set<String> acknowledged, int refusedCount) {
    static final int SPANS_PER_REQUEST = 20;

    private static final int CONNECTIONS = 4;
    /** What the backend of a test can remember. */
    private static final int REQUESTS_PER_CONNECTION_MAX = 4_000;

    private static final long CALL_SECONDS_MAX = 30;
    private static final MethodDescriptor<byte[], byte[]> EXPORT = MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("opentelemetry.proto.collector.trace.v1.TraceService/Export")
            .setRequestMarshaller(new Raw())
            .setResponseMarshaller(new Raw())
            .build();

    static OtlpLoad send(int port, Duration duration) throws InterruptedException, ExecutionException {
        List<Callable<OtlpLoad>> connections = new ArrayList<>();
        for (int number = 1; number <= CONNECTIONS; number++) {
            int connection = number;
            connections.add(() -> connection(port, connection, duration));
        }
        ExecutorService pool = Executors.newFixedThreadPool(CONNECTIONS);
        try {
            Set<String> acknowledged = new HashSet<>();
            int refusedCount = 0;
            for (Future<OtlpLoad> connection : pool.invokeAll(connections)) {
                acknowledged.addAll(connection.get().acknowledged);
                refusedCount += connection.get().refusedCount;
            }
            return new OtlpLoad(acknowledged, refusedCount);
        } finally {
            pool.shutdownNow();
        }
    }

    int acknowledgedSpanCount() {
        return acknowledged.size() * SPANS_PER_REQUEST;
    }

    private static OtlpLoad connection(int port, int connection, Duration duration) throws InterruptedException {
        ManagedChannel channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        try {
            Set<String> acknowledged = new HashSet<>();
            int refusedCount = 0;
            long end = System.nanoTime() + duration.toNanos();
            for (int number = 1; number <= REQUESTS_PER_CONNECTION_MAX && System.nanoTime() - end < 0; number++) {
                ByteString traceId = id(16, connection, number);
                if (acknowledged(channel, request(traceId, number))) {
                    acknowledged.add(HexFormat.of().formatHex(traceId.toByteArray()));
                } else {
                    refusedCount++;
                }
            }
            return new OtlpLoad(acknowledged, refusedCount);
        } finally {
            channel.shutdownNow().awaitTermination(CALL_SECONDS_MAX, TimeUnit.SECONDS);
        }
    }

    private static boolean acknowledged(ManagedChannel channel, byte[] request) {
        try {
            ClientCalls.blockingUnaryCall(
                    channel,
                    EXPORT,
                    CallOptions.DEFAULT.withDeadlineAfter(CALL_SECONDS_MAX, TimeUnit.SECONDS),
                    request);
            return true;
        } catch (StatusRuntimeException e) {
            assertThat(e.getStatus().getCode())
                    .as("refusal: %s", e.getStatus())
                    .isIn(Status.Code.UNAVAILABLE, Status.Code.RESOURCE_EXHAUSTED);
            return false;
        }
    }

    private static byte[] request(ByteString traceId, int number) {
        ScopeSpans.Builder spans = ScopeSpans.newBuilder();
        for (int index = 1; index <= SPANS_PER_REQUEST; index++) {
            spans.addSpans(Span.newBuilder()
                    .setTraceId(traceId)
                    .setSpanId(id(8, number, index))
                    .setName("work")
                    .setStartTimeUnixNano(1)
                    .setEndTimeUnixNano(2));
        }
        ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
        request.addResourceSpansBuilder().addScopeSpans(spans);
        return request.build().toByteArray();
    }

    private static ByteString id(int length, int high, int low) {
        return ByteString.copyFrom(
                ByteBuffer.allocate(length).putInt(high).putInt(low).array());
    }

    private static final class Raw implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] message) {
            return new ByteArrayInputStream(message);
        }

        @Override
        public byte[] parse(InputStream in) {
            try {
                return in.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
