package io.spanweir.server.demo;

import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.spanweir.data.ItemCursor;
import io.spanweir.data.SpanView;
import io.spanweir.data.TraceId;
import io.spanweir.wire.OtlpIndex;
import io.spanweir.wire.OtlpLimits;
import io.spanweir.wire.OtlpScanner;
import io.spanweir.wire.Signal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A backend that takes traces over OTLP/gRPC and counts them. Threading: any thread. */
final class DemoBackend implements AutoCloseable {
    private static final String SERVICE = "opentelemetry.proto.collector.trace.v1.TraceService";
    private static final int MESSAGE_BYTES_MAX = 64 << 20;
    private static final long CLOSE_SECONDS = 5;

    private final Server server;
    private final OtlpScanner scanner = new OtlpScanner(OtlpLimits.DEFAULTS);
    private final ItemCursor cursor = new ItemCursor();
    private final SpanView span = new SpanView();
    private final Map<String, Integer> spanCounts = new HashMap<>();
    private long spanCount;

    private DemoBackend() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .maxInboundMessageSize(MESSAGE_BYTES_MAX)
                .addService(ServerServiceDefinition.builder(SERVICE)
                        .addMethod(
                                ByteArrayMarshaller.unary(SERVICE + "/Export"),
                                ServerCalls.asyncUnaryCall(this::export))
                        .build())
                .build()
                .start();
    }

    static DemoBackend start() throws IOException {
        return new DemoBackend();
    }

    /** As an exporter's endpoint. */
    String endpoint() {
        return "127.0.0.1:" + server.getPort();
    }

    private void export(byte[] request, StreamObserver<byte[]> answer) {
        String problem = take(request);
        if (problem.isEmpty()) {
            answer.onNext(new byte[0]); // an empty message: everything was taken
            answer.onCompleted();
        } else {
            answer.onError(Status.INVALID_ARGUMENT.withDescription(problem).asRuntimeException());
        }
    }

    private synchronized String take(byte[] request) {
        if (scanner.scan(Signal.TRACES, request, 0, request.length) < 0) {
            return scanner.problem();
        }
        OtlpIndex index = scanner.index();
        for (int run = 0; run < index.runCount(); run++) {
            cursor.wrap(request, index.runOffset(run), index.runLength(run));
            while (cursor.next()) {
                span.wrap(cursor.bytes(), cursor.offset(), cursor.length());
                spanCounts.merge(TraceId.hex(span.traceIdHigh(), span.traceIdLow()), 1, Integer::sum);
                spanCount++;
            }
        }
        return "";
    }

    synchronized long spanCount() {
        return spanCount;
    }

    synchronized long traceCount() {
        return spanCounts.size();
    }

    /** Spans of a trace that have arrived; 0 for a trace that nobody sent. */
    synchronized int spanCount(String traceId) {
        return spanCounts.getOrDefault(traceId, 0);
    }

    @Override
    public void close() {
        server.shutdown();
        try {
            if (!server.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                server.shutdownNow();
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
