package io.spanweir.sim;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.resource.v1.Resource;
import io.spanweir.wire.Signal;
import java.util.ArrayList;
import java.util.List;

/** Requests as the oracle reads them. */
final class SimWire {
    private SimWire() {}

    /** An item of a request and what it stands under. */
    record Item(Resource resource, InstrumentationScope scope, Message message) {}

    static List<Item> read(Signal signal, byte[] request) throws InvalidProtocolBufferException {
        List<Item> items = new ArrayList<>();
        switch (signal) {
            case TRACES ->
                ExportTraceServiceRequest.parseFrom(request)
                        .getResourceSpansList()
                        .forEach(resource -> resource.getScopeSpansList()
                                .forEach(scope -> scope.getSpansList()
                                        .forEach(one ->
                                                items.add(new Item(resource.getResource(), scope.getScope(), one)))));
            case LOGS ->
                ExportLogsServiceRequest.parseFrom(request)
                        .getResourceLogsList()
                        .forEach(resource -> resource.getScopeLogsList()
                                .forEach(scope -> scope.getLogRecordsList()
                                        .forEach(one ->
                                                items.add(new Item(resource.getResource(), scope.getScope(), one)))));
            case METRICS ->
                ExportMetricsServiceRequest.parseFrom(request)
                        .getResourceMetricsList()
                        .forEach(resource -> resource.getScopeMetricsList()
                                .forEach(scope -> scope.getMetricsList()
                                        .forEach(one ->
                                                items.add(new Item(resource.getResource(), scope.getScope(), one)))));
        }
        return items;
    }

    /** The numbers of the items of a request, as text, or why it cannot be read. */
    static String numbers(Signal signal, byte[] request) {
        try {
            return read(signal, request).stream()
                    .map(item -> SimTraffic.number(item.message()))
                    .toList()
                    .toString();
        } catch (InvalidProtocolBufferException e) {
            return "no request: " + e.getMessage();
        }
    }
}
