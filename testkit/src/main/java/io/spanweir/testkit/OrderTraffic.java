package io.spanweir.testkit;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.SplittableRandom;

/**
 * Requests as a Go service that takes orders sends them: HTTP server and client spans, database calls, a message; seven spans
 * a trace, adjacent, about 412 bytes and eight to ten attributes a span. Every request has other ids and times. Threading:
 * one thread.
 */
public final class OrderTraffic {
    public static final int SPANS_PER_TRACE = 7;

    private static final long START_UNIX_NANO = 1_775_000_000_000_000_000L;

    private final SplittableRandom random;
    private final double errorRatio;
    private long nowUnixNano = START_UNIX_NANO;

    /**
     * Traffic with errors.
     *
     * @param errorRatio share of traces with a failed database call, 0 to 1
     */
    public OrderTraffic(SplittableRandom random, double errorRatio) {
        this.random = random;
        this.errorRatio = errorRatio;
    }

    public OrderTraffic(SplittableRandom random) {
        this(random, 0.02);
    }

    /** An encoded {@code ExportTraceServiceRequest} with that many spans; the last trace may be cut. */
    public byte[] request(int spanCount) {
        return message(spanCount).toByteArray();
    }

    public ExportTraceServiceRequest message(int spanCount) {
        ScopeSpans.Builder scope = ScopeSpans.newBuilder()
                .setScope(InstrumentationScope.newBuilder()
                        .setName("go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp")
                        .setVersion("0.64.0"))
                .setSchemaUrl("https://opentelemetry.io/schemas/1.37.0");
        while (scope.getSpansCount() < spanCount) {
            trace(scope, spanCount - scope.getSpansCount());
        }
        return ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder()
                        .setResource(resource())
                        .addScopeSpans(scope)
                        .setSchemaUrl("https://opentelemetry.io/schemas/1.37.0"))
                .build();
    }

    private static Resource resource() {
        return Resource.newBuilder()
                .addAttributes(text("service.name", "orders"))
                .addAttributes(text("service.namespace", "shop"))
                .addAttributes(text("service.version", "1.42.0"))
                .addAttributes(text("service.instance.id", "orders-7c9f8d6b5-x2x4k"))
                .addAttributes(text("deployment.environment.name", "production"))
                .addAttributes(text("k8s.namespace.name", "shop"))
                .addAttributes(text("k8s.pod.name", "orders-7c9f8d6b5-x2x4k"))
                .addAttributes(text("telemetry.sdk.name", "opentelemetry"))
                .addAttributes(text("telemetry.sdk.language", "go"))
                .addAttributes(text("telemetry.sdk.version", "1.45.0"))
                .build();
    }

    private void trace(ScopeSpans.Builder scope, int room) {
        ByteString traceId = bytes(16);
        ByteString root = bytes(8);
        boolean failed = random.nextDouble() < errorRatio;
        long start = nowUnixNano;
        nowUnixNano += 1_000_000 + random.nextInt(2_000_000);
        int order = 100_000 + random.nextInt(900_000);
        for (int i = 0; i < Math.min(room, SPANS_PER_TRACE); i++) {
            Span.Builder span = Span.newBuilder()
                    .setTraceId(traceId)
                    .setSpanId(i == 0 ? root : bytes(8))
                    .setStartTimeUnixNano(start + i * 1_000_000L)
                    .setEndTimeUnixNano(start + i * 1_000_000L + 500_000 + random.nextInt(5_000_000))
                    .setStatus(Status.getDefaultInstance())
                    .setFlags(0x101);
            if (i > 0) {
                span.setParentSpanId(root);
            }
            content(span, i, order, failed);
            scope.addSpans(span);
        }
    }

    private void content(Span.Builder span, int index, int order, boolean failed) {
        if (index == 0) {
            span.setName("POST /api/v1/customers/{customer}/orders").setKind(Span.SpanKind.SPAN_KIND_SERVER);
            server(span, order, failed ? 500 : 201);
        } else if (index == 1 || index == 5) {
            span.setName("GET").setKind(Span.SpanKind.SPAN_KIND_CLIENT);
            client(span, order);
        } else if (index == 6) {
            span.setName("orders.created publish").setKind(Span.SpanKind.SPAN_KIND_PRODUCER);
            message(span, order);
        } else {
            span.setName("INSERT shop.order_items").setKind(Span.SpanKind.SPAN_KIND_CLIENT);
            database(span, order);
            if (failed && index == 3) {
                span.setStatus(Status.newBuilder()
                        .setCode(Status.StatusCode.STATUS_CODE_ERROR)
                        .setMessage("duplicate key value violates unique constraint"));
                span.addEvents(Span.Event.newBuilder()
                        .setName("exception")
                        .setTimeUnixNano(span.getEndTimeUnixNano())
                        .addAttributes(text("exception.type", "*pgconn.PgError"))
                        .addAttributes(text("exception.message", "duplicate key value violates unique constraint")));
            }
        }
    }

    private void server(Span.Builder span, int order, int code) {
        span.addAttributes(text("http.request.method", "POST"))
                .addAttributes(text("url.path", "/api/v1/customers/" + order % 7919 + "/orders"))
                .addAttributes(text("url.scheme", "http"))
                .addAttributes(text("http.route", "/api/v1/customers/{customer}/orders"))
                .addAttributes(number("http.response.status_code", code))
                .addAttributes(text("server.address", "orders.shop.svc.cluster.local"))
                .addAttributes(text("client.address", "10.42.7." + random.nextInt(256)))
                .addAttributes(text("user_agent.original", "Mozilla/5.0 (X11; Linux x86_64)"))
                .addAttributes(text("network.protocol.version", "1.1"))
                .addAttributes(number("order.id", order));
    }

    private void client(Span.Builder span, int order) {
        span.addAttributes(text("http.request.method", "GET"))
                .addAttributes(text("url.full", "http://inventory.shop.svc.cluster.local:8080/api/v1/stock/" + order))
                .addAttributes(text("server.address", "inventory.shop.svc.cluster.local"))
                .addAttributes(number("server.port", 8080))
                .addAttributes(number("http.response.status_code", 200))
                .addAttributes(text("network.protocol.version", "1.1"))
                .addAttributes(text("network.peer.address", "10.43.19.88"))
                .addAttributes(number("http.response.body.size", 512 + random.nextInt(2048)));
    }

    private void database(Span.Builder span, int order) {
        span.addAttributes(text("db.system.name", "postgresql"))
                .addAttributes(text("db.namespace", "shop"))
                .addAttributes(text("db.operation.name", "INSERT"))
                .addAttributes(text("db.collection.name", "order_items"))
                .addAttributes(
                        text("db.query.text", "INSERT INTO order_items (order_id, sku, quantity) VALUES ($1, $2, $3)"))
                .addAttributes(text("server.address", "postgres.shop.svc.cluster.local"))
                .addAttributes(number("server.port", 5432))
                .addAttributes(number("order.id", order))
                .addAttributes(number("db.response.returned_rows", 1 + random.nextInt(5)));
    }

    private void message(Span.Builder span, int order) {
        span.addAttributes(text("messaging.system", "kafka"))
                .addAttributes(text("messaging.destination.name", "orders.created"))
                .addAttributes(text("messaging.operation.name", "publish"))
                .addAttributes(text("messaging.client.id", "orders-7c9f8d6b5-x2x4k"))
                .addAttributes(text("messaging.kafka.message.key", Integer.toString(order)))
                .addAttributes(number("messaging.destination.partition.id", random.nextInt(12)))
                .addAttributes(text("server.address", "kafka.shop.svc.cluster.local"))
                .addAttributes(number("server.port", 9092))
                .addAttributes(number("messaging.message.body.size", 300 + random.nextInt(300)));
    }

    private ByteString bytes(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) random.nextInt();
        }
        return ByteString.copyFrom(bytes);
    }

    private static KeyValue text(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }

    private static KeyValue number(String key, long value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setIntValue(value))
                .build();
    }
}
