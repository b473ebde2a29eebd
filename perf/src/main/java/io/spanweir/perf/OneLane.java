package io.spanweir.perf;

import static java.util.Objects.requireNonNull;

import io.spanweir.ManualSpanweir;
import io.spanweir.StartException;
import io.spanweir.component.ComponentId;
import io.spanweir.component.Exporter;
import io.spanweir.component.ExporterConfig;
import io.spanweir.component.ExporterContext;
import io.spanweir.component.Intake;
import io.spanweir.component.ProcessorConfig;
import io.spanweir.component.Receiver;
import io.spanweir.component.RetryConfig;
import io.spanweir.component.SendOutcome;
import io.spanweir.component.SendingQueueConfig;
import io.spanweir.data.ClientMetadata;
import io.spanweir.graph.EngineConfig;
import io.spanweir.graph.Pipeline;
import io.spanweir.graph.PipelineId;
import io.spanweir.graph.TelemetryConfig;
import io.spanweir.graph.Topology;
import io.spanweir.memory.TransitRegion;
import io.spanweir.perf.load.Requests;
import io.spanweir.wire.Signal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A whole engine of one lane that the calling thread turns: requests go in through a real intake and come out of a real
 * queue, to an exporter that takes them at once. Threading: one thread.
 */
public final class OneLane implements AutoCloseable {
    /** What the pipeline does. */
    public enum Pipe {
        /** A processor lets nothing through. */
        DISCARD,
        /** No processor: messages leave as they came. */
        WHOLE,
        /** A processor passes on the same runs as a part of its own: the request is written run by run. */
        BY_RUN,
        /** A processor adds an attribute to every span: each one is spliced. */
        EDITED
    }

    private static final long MEMORY_BYTES = 256L << 20;
    private static final ComponentId ID = new ComponentId("perf", "");

    private final Requests requests;
    private final ManualSpanweir engine;
    private @Nullable Intake intake;
    private long sentBytes;

    OneLane(Pipe pipe, Requests requests) {
        this(pipe == Pipe.WHOLE ? null : processor(pipe), requests);
    }

    /** @param processor null for none */
    OneLane(@Nullable ProcessorConfig processor, Requests requests) {
        this.requests = requests;
        Topology topology = new Topology(
                Map.of(ID, context -> receiver(context.intake(Signal.TRACES, "perf"))),
                processor == null ? Map.of() : Map.of(ID, processor),
                Map.of(ID, new Out()),
                Map.of(),
                Map.of(),
                List.of(new Pipeline(
                        new PipelineId(Signal.TRACES, ""),
                        List.of(ID),
                        processor == null ? List.of() : List.of(ID),
                        List.of(ID))),
                List.of(),
                new TelemetryConfig(TelemetryConfig.LogLevel.WARN, TelemetryConfig.LogEncoding.CONSOLE, List.of()),
                new EngineConfig(null, null, 1, 4096, 0, EngineConfig.WaitStrategy.PARKING));
        try {
            engine = new ManualSpanweir(topology, 1, MEMORY_BYTES, 7);
        } catch (StartException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ProcessorConfig processor(Pipe pipe) {
        return switch (pipe) {
            case DISCARD, WHOLE -> context -> part -> {};
            case BY_RUN -> context -> new ByRun(context.next());
            case EDITED -> context -> new AddAttribute(context.next());
        };
    }

    /** Lets time pass. */
    void advance(long nanos) {
        engine.clock().advanceNanos(nanos);
    }

    /** Takes as many requests as make that many spans and turns the lane after each, until they are gone. */
    long take(int spanCount) {
        Intake in = requireNonNull(intake);
        for (int spans = 0; spans < spanCount; spans += requests.spanCount()) {
            byte[] request = requests.next();
            TransitRegion region = requireNonNull(in.reserve(request.length), in.refusal());
            System.arraycopy(request, 0, region.bytes(), region.offset(), request.length);
            if (in.publish(region, request.length, ClientMetadata.EMPTY, null) != Intake.Admission.ACCEPTED) {
                throw new IllegalStateException(in.refusal());
            }
            engine.turn(0);
            while (engine.runExport()) {}
        }
        return sentBytes;
    }

    @Override
    public void close() {
        engine.close();
    }

    private Receiver receiver(Intake intake) {
        this.intake = intake;
        return new Receiver() {
            @Override
            public void start() {}

            @Override
            public void stop() {}
        };
    }

    private final class Out implements ExporterConfig {
        @Override
        public Exporter build(ExporterContext context) {
            return (request, callback) -> {
                sentBytes += request.lengthBytes();
                callback.done(SendOutcome.sent());
            };
        }

        @Override
        public SendingQueueConfig sendingQueue() {
            return SendingQueueConfig.DEFAULT;
        }

        @Override
        public RetryConfig retryOnFailure() {
            return RetryConfig.DEFAULT;
        }
    }
}
