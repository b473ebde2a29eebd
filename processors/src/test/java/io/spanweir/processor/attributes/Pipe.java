package io.spanweir.processor.attributes;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.spanweir.ManualSpanweir;
import io.spanweir.component.Intake;
import io.spanweir.component.ProcessorFactory;
import io.spanweir.connector.forward.ForwardConnectorFactory;
import io.spanweir.data.ClientMetadata;
import io.spanweir.graph.Components;
import io.spanweir.memory.TransitRegion;
import io.spanweir.processor.resource.ResourceProcessorFactory;
import io.spanweir.testengine.TestEngine;
import io.spanweir.testengine.TestIn;
import io.spanweir.testengine.TestOut;
import io.spanweir.wire.Signal;
import java.util.List;

/** An engine of one lane with a pipeline of each signal through one processor: what goes in is a message, as is what comes out. */
public final class Pipe implements AutoCloseable {
    private final TestIn in = new TestIn();
    private final TestOut out = new TestOut();
    private final ManualSpanweir engine;

    /** @param id {@code attributes} or {@code resource} */
    public Pipe(String id, String options, Signal signal) {
        this("""
                receivers: {in: }
                exporters: {out: }
                processors:
                  %s:
                %s
                service:
                  pipelines:
                    %s: {receivers: [in], processors: [%s], exporters: [out]}
                """.formatted(id, options.indent(4), signal.pipelineName(), id));
    }

    Pipe(String yaml, ProcessorFactory... more) {
        Components components = Components.of(
                        in,
                        out,
                        new AttributesProcessorFactory(),
                        new ResourceProcessorFactory(),
                        new ForwardConnectorFactory())
                .with(more);
        engine = TestEngine.start(yaml, components, 1);
    }

    /** What came out of the only exporter, or the message itself when it had no items. */
    public Message send(Message message) throws InvalidProtocolBufferException {
        return send(message, ClientMetadata.EMPTY);
    }

    public Message send(Message message, ClientMetadata metadata) throws InvalidProtocolBufferException {
        int before = out.attempts().size();
        push(message, metadata);
        List<TestOut.Sent> sent = out.attempts();
        assertThat(sent.size() - before).as("requests for one message").isLessThan(2);
        return sent.size() == before ? message : parsed(sent.get(before));
    }

    List<TestOut.Sent> push(Message message, ClientMetadata metadata) {
        int before = out.attempts().size();
        byte[] bytes = message.toByteArray();
        Intake intake = in.receiver("in").intake(signal(message));
        TransitRegion region = intake.reserve(bytes.length);
        System.arraycopy(bytes, 0, region.bytes(), region.offset(), bytes.length);
        assertThat(intake.publish(region, bytes.length, metadata, null))
                .as(intake.refusal())
                .isEqualTo(Intake.Admission.ACCEPTED);
        engine.settle();
        List<TestOut.Sent> sent = out.attempts();
        return sent.subList(before, sent.size());
    }

    static Message parsed(TestOut.Sent sent) throws InvalidProtocolBufferException {
        return switch (sent.signal()) {
            case TRACES -> ExportTraceServiceRequest.parseFrom(sent.message());
            case METRICS -> ExportMetricsServiceRequest.parseFrom(sent.message());
            case LOGS -> ExportLogsServiceRequest.parseFrom(sent.message());
        };
    }

    private static Signal signal(Message message) {
        if (message instanceof ExportTraceServiceRequest) {
            return Signal.TRACES;
        }
        return message instanceof ExportLogsServiceRequest ? Signal.LOGS : Signal.METRICS;
    }

    @Override
    public void close() {
        engine.close();
    }
}
