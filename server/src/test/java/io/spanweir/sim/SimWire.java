package io.spanweir.sim;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.util.ArrayList;
import java.util.List;

/** Requests as the oracle reads them. */
final class SimWire {
    private SimWire() {}

    /** The numbers of the items of a request, as text, or why it cannot be read. */
    static String numbers(String out, byte[] request) {
        List<Integer> numbers = new ArrayList<>();
        try {
            ExportTraceServiceRequest.parseFrom(request)
                    .getResourceSpansList()
                    .forEach(resource -> resource.getScopeSpansList()
                            .forEach(scope ->
                                    scope.getSpansList().forEach(span -> numbers.add(SimTraffic.number(span)))));
        } catch (InvalidProtocolBufferException e) {
            return out + " has written no request: " + e.getMessage();
        }
        return numbers.toString();
    }
}
