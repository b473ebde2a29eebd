package io.spanweir.server.demo;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * The traces of a service that takes orders, made with the OpenTelemetry SDK and sent over OTLP/gRPC. Slow requests are dated
 * back instead of waited for. Threading: one thread.
 */
final class OrderService implements AutoCloseable {
    private static final double ERROR_RATIO = 0.02;
    private static final double SLOW_RATIO = 0.01;
    private static final double READ_RATIO = 0.6;
    private static final int QUEUE_SPANS_MAX = 100_000;
    private static final Duration SEND_DELAY = Duration.ofMillis(100);
    private static final long FLUSH_SECONDS = 10;

    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
    private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    private static final AttributeKey<String> DATABASE = AttributeKey.stringKey("db.system.name");
    private static final AttributeKey<String> QUERY = AttributeKey.stringKey("db.query.summary");
    private static final AttributeKey<String> TOPIC = AttributeKey.stringKey("messaging.destination.name");

    private final CountingExporter exporter;
    private final SdkTracerProvider provider;
    private final Tracer tracer;
    private final SplittableRandom random;
    private final Map<String, Integer> failedTraces = new LinkedHashMap<>();
    private final Map<String, Integer> slowTraces = new LinkedHashMap<>();
    private long traceCount;
    private long spanCount;
    private int spansOfTrace;

    /** @param endpoint {@code http://127.0.0.1:port} of an OTLP/gRPC receiver */
    OrderService(String endpoint, long seed) {
        random = new SplittableRandom(seed);
        exporter = new CountingExporter(OtlpGrpcSpanExporter.builder()
                .setEndpoint(endpoint)
                .setRetryPolicy(null)
                .build());
        provider = SdkTracerProvider.builder()
                .setIdGenerator(new SeededIds(random.split()))
                .setResource(Resource.create(Attributes.of(
                        AttributeKey.stringKey("service.name"),
                        "orders",
                        AttributeKey.stringKey("deployment.environment.name"),
                        "demo")))
                .addSpanProcessor(BatchSpanProcessor.builder(exporter)
                        .setMaxQueueSize(QUEUE_SPANS_MAX)
                        .setScheduleDelay(SEND_DELAY)
                        .build())
                .build();
        tracer = provider.get("io.spanweir.demo");
    }

    /** One request to the service, ending now. */
    void request() {
        boolean failed = random.nextDouble() < ERROR_RATIO;
        boolean slow = random.nextDouble() < SLOW_RATIO;
        long millis = slow ? random.nextLong(900, 3_000) : random.nextLong(5, 600);
        spansOfTrace = 0;
        boolean read = random.nextDouble() < READ_RATIO;
        String traceId = read ? readOrder(millis, failed) : placeOrder(millis, failed);
        traceCount++;
        spanCount += spansOfTrace;
        if (failed) {
            failedTraces.put(traceId, spansOfTrace);
        }
        if (slow) {
            slowTraces.put(traceId, spansOfTrace);
        }
    }

    private String readOrder(long millis, boolean failed) {
        Instant end = Instant.now();
        Instant start = end.minusMillis(millis);
        Span root = server("GET", "/orders/{id}", start, failed, Context.root());
        Context below = Context.root().with(root);
        finish(
                database("redis", "GET order", start.plusNanos(200_000), below),
                start.plusMillis(millis / 8 + 1),
                false);
        finish(
                database("postgresql", "SELECT orders", start.plusMillis(millis / 4), below),
                end.minusNanos(400_000),
                failed);
        finish(root, end, failed);
        return root.getSpanContext().getTraceId();
    }

    private String placeOrder(long millis, boolean failed) {
        Instant end = Instant.now();
        Instant start = end.minusMillis(millis);
        Span root = server("POST", "/orders", start, failed, Context.root());
        Context below = Context.root().with(root);
        finish(
                span("validate order", SpanKind.INTERNAL, start.plusNanos(100_000), below),
                start.plusNanos(900_000),
                false);
        finish(database("postgresql", "SELECT customers", start.plusMillis(1), below), at(start, millis, 2), false);
        Span call = span("GET", SpanKind.CLIENT, at(start, millis, 2), below);
        call.setAttribute(METHOD, "GET");
        Span stock = server(
                "GET",
                "/stock/{sku}",
                at(start, millis, 3),
                false,
                Context.root().with(call));
        finish(stock, at(start, millis, 4), false);
        finish(call, at(start, millis, 5), false);
        finish(database("postgresql", "INSERT orders", at(start, millis, 5), below), at(start, millis, 7), failed);
        Span published = span("publish orders", SpanKind.PRODUCER, at(start, millis, 7), below);
        published.setAttribute(TOPIC, "orders");
        finish(published, at(start, millis, 8), false);
        finish(root, end, failed);
        return root.getSpanContext().getTraceId();
    }

    /** So many tenths of the request after its start. */
    private static Instant at(Instant start, long millis, int tenths) {
        return start.plusNanos(TimeUnit.MILLISECONDS.toNanos(millis) / 10 * tenths);
    }

    private Span server(String method, String route, Instant start, boolean failed, Context parent) {
        Span span = span(method + " " + route, SpanKind.SERVER, start, parent);
        span.setAttribute(METHOD, method);
        span.setAttribute(ROUTE, route);
        span.setAttribute(STATUS, failed ? 500L : 200L);
        return span;
    }

    private Span database(String system, String query, Instant start, Context parent) {
        Span span = span(query, SpanKind.CLIENT, start, parent);
        span.setAttribute(DATABASE, system);
        span.setAttribute(QUERY, query);
        return span;
    }

    private Span span(String name, SpanKind kind, Instant start, Context parent) {
        SpanBuilder builder = tracer.spanBuilder(name).setSpanKind(kind).setStartTimestamp(start);
        spansOfTrace++;
        return builder.setParent(parent).startSpan();
    }

    private static void finish(Span span, Instant end, boolean failed) {
        if (failed) {
            span.setStatus(StatusCode.ERROR, "connection reset by peer");
        }
        span.end(end);
    }

    long traceCount() {
        return traceCount;
    }

    /** Spans made, sent or not. */
    long spanCount() {
        return spanCount;
    }

    long acknowledgedSpans() {
        return exporter.acknowledgedSpans();
    }

    long failedSpans() {
        return exporter.failedSpans();
    }

    /** Spans by id of each trace with an error. */
    Map<String, Integer> failedTraces() {
        return failedTraces;
    }

    /** Spans by id of each trace that took longer than the policy's threshold. */
    Map<String, Integer> slowTraces() {
        return slowTraces;
    }

    /** Sends what the SDK still holds, and ends it. */
    @Override
    public void close() {
        provider.shutdown().join(FLUSH_SECONDS, TimeUnit.SECONDS);
    }
}
