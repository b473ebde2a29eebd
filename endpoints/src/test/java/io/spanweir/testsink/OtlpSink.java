package io.spanweir.testsink;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * A backend on two free ports of 127.0.0.1 that takes OTLP over gRPC and over HTTP. It answers with the next of the answers
 * it was given, and with the usual one when there is none left.
 */
public final class OtlpSink implements AutoCloseable {
    private final List<SinkRequest> received = new CopyOnWriteArrayList<>();
    private final Queue<SinkAnswer> script = new ConcurrentLinkedQueue<>();
    private volatile SinkAnswer usual = SinkAnswer.ok();
    private volatile boolean pingsAnswered = true;
    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("sink", true), NioIoHandler.newFactory());
    private final GrpcSink grpc;
    private final HttpSink http;
    private final boolean secure;

    private OtlpSink(SslContext grpcTls, SslContext httpTls, int grpcPort) throws IOException {
        secure = httpTls != null;
        grpc = new GrpcSink(this, group, grpcTls, grpcPort);
        http = new HttpSink(this, group, httpTls);
    }

    public static OtlpSink start() throws IOException {
        return new OtlpSink(null, null, 0);
    }

    /** gRPC on a port that was free a moment ago: for a backend that comes back. */
    public static OtlpSink startAt(int grpcPort) throws IOException {
        return new OtlpSink(null, null, grpcPort);
    }

    /**
     * Over TLS.
     *
     * @param grpcTls must offer h2 by ALPN
     * @param httpTls what it offers by ALPN is spoken; HTTP/1.1 when it offers nothing
     */
    public static OtlpSink startTls(SslContext grpcTls, SslContext httpTls) throws IOException {
        return new OtlpSink(grpcTls, httpTls, 0);
    }

    public int grpcPort() {
        return grpc.port();
    }

    public int httpPort() {
        return http.port();
    }

    /** {@code 127.0.0.1:port}. */
    public String grpcEndpoint() {
        return "127.0.0.1:" + grpcPort();
    }

    /** {@code http://127.0.0.1:port}, or https. */
    public String httpEndpoint() {
        return (secure ? "https" : "http") + "://127.0.0.1:" + httpPort();
    }

    /** What the sink answers from now on when nothing else is next. */
    public void answer(SinkAnswer answer) {
        usual = answer;
    }

    /** The answers to the next requests, in order. */
    public void next(SinkAnswer... answers) {
        script.addAll(List.of(answers));
    }

    /** From the next connection on, pings of HTTP/2 are not answered, as on a path that swallows packets. */
    public void ignorePings() {
        pingsAnswered = false;
    }

    boolean pingsAnswered() {
        return pingsAnswered;
    }

    SinkAnswer nextAnswer() {
        SinkAnswer answer = script.poll();
        return answer == null ? usual : answer;
    }

    void record(SinkRequest request) {
        received.add(request);
    }

    /** In the order of their end. */
    public List<SinkRequest> received() {
        return List.copyOf(received);
    }

    public void clear() {
        received.clear();
    }

    /** Spans of all requests so far. */
    public long spanCount() {
        return received.stream()
                .map(SinkRequest::message)
                .filter(ExportTraceServiceRequest.class::isInstance)
                .map(ExportTraceServiceRequest.class::cast)
                .flatMap(request -> request.getResourceSpansList().stream())
                .flatMap(resource -> resource.getScopeSpansList().stream())
                .mapToLong(scope -> scope.getSpansCount())
                .sum();
    }

    /** TCP connections that HTTP clients have made so far. */
    public int httpConnectionCount() {
        return http.connectionCount();
    }

    /** TCP connections of HTTP clients that are open now. */
    public int openHttpConnectionCount() {
        return http.openConnectionCount();
    }

    /** Closes the connections of HTTP clients; new ones are accepted. */
    public void dropHttpConnections() {
        http.dropConnections();
    }

    /** @param path or method name that tells the signal */
    static Message decode(String path, byte[] protobuf) throws InvalidProtocolBufferException {
        String lower = path.toLowerCase(Locale.ROOT);
        if (lower.contains("trace")) {
            return ExportTraceServiceRequest.parseFrom(protobuf);
        }
        return lower.contains("metrics")
                ? ExportMetricsServiceRequest.parseFrom(protobuf)
                : ExportLogsServiceRequest.parseFrom(protobuf);
    }

    @Override
    public void close() {
        grpc.close();
        http.close();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
