package io.spanweir.exporter.otlpgrpc;

import io.grpc.MethodDescriptor;
import io.spanweir.component.SendOutcome;
import io.spanweir.net.PartialSuccess;
import io.spanweir.wire.Signal;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.Map;

/** The {@code Export} method of each signal. Threading: any thread, immutable. */
final class ExportMethods {
    private final Map<Signal, MethodDescriptor<OutgoingRequest, SendOutcome>> bySignal = new EnumMap<>(Signal.class);

    ExportMethods() {
        add(Signal.TRACES, "opentelemetry.proto.collector.trace.v1.TraceService");
        add(Signal.METRICS, "opentelemetry.proto.collector.metrics.v1.MetricsService");
        add(Signal.LOGS, "opentelemetry.proto.collector.logs.v1.LogsService");
    }

    private void add(Signal signal, String service) {
        bySignal.put(
                signal,
                MethodDescriptor.<OutgoingRequest, SendOutcome>newBuilder()
                        .setType(MethodDescriptor.MethodType.UNARY)
                        .setFullMethodName(MethodDescriptor.generateFullMethodName(service, "Export"))
                        .setRequestMarshaller(new RequestMarshaller())
                        .setResponseMarshaller(new AnswerMarshaller())
                        .build());
    }

    MethodDescriptor<OutgoingRequest, SendOutcome> of(Signal signal) {
        MethodDescriptor<OutgoingRequest, SendOutcome> method = bySignal.get(signal);
        if (method == null) {
            throw new IllegalArgumentException("no Export method for " + signal.pipelineName());
        }
        return method;
    }

    private static final class RequestMarshaller implements MethodDescriptor.Marshaller<OutgoingRequest> {
        @Override
        public InputStream stream(OutgoingRequest request) {
            return request;
        }

        @Override
        public OutgoingRequest parse(InputStream stream) {
            throw new UnsupportedOperationException("requests are only sent");
        }
    }

    private static final class AnswerMarshaller implements MethodDescriptor.Marshaller<SendOutcome> {
        @Override
        public InputStream stream(SendOutcome answer) {
            throw new UnsupportedOperationException("answers are only read");
        }

        @Override
        public SendOutcome parse(InputStream stream) {
            try {
                return PartialSuccess.read(stream.readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
