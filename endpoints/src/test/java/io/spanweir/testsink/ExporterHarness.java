package io.spanweir.testsink;

import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.spanweir.component.ComponentId;
import io.spanweir.component.Exporter;
import io.spanweir.component.ExporterConfig;
import io.spanweir.component.ExporterContext;
import io.spanweir.component.ExporterFactory;
import io.spanweir.component.Runner;
import io.spanweir.component.SendOutcome;
import io.spanweir.config.ConfigNode;
import io.spanweir.config.Problems;
import io.spanweir.data.ClientMetadata;
import io.spanweir.data.ExportRequest;
import io.spanweir.storage.Disk;
import io.spanweir.storage.SystemDisk;
import io.spanweir.telemetry.MetricRegistry;
import io.spanweir.time.Clock;
import io.spanweir.time.SystemClock;
import io.spanweir.wire.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One exporter from YAML, called as the engine calls it: on its runner, or on the caller's thread when it has none. */
public final class ExporterHarness implements AutoCloseable {
    private static final long WAIT_SECONDS_MAX = 20;

    private final Exporter exporter;

    private record Context(ComponentId id, Clock clock, Disk disk, MetricRegistry metrics) implements ExporterContext {}

    private ExporterHarness(Exporter exporter) {
        this.exporter = exporter;
    }

    /** Decodes, builds and starts; problems of the configuration fail the test. */
    public static ExporterHarness start(ExporterFactory factory, String yaml) throws Exception {
        return start(factory, yaml, new SystemClock());
    }

    public static ExporterHarness start(ExporterFactory factory, String yaml, Clock clock) throws Exception {
        return start(factory, yaml, clock, new SystemDisk());
    }

    public static ExporterHarness start(ExporterFactory factory, String yaml, Clock clock, Disk disk) throws Exception {
        Problems problems = new Problems();
        ExporterConfig config = decode(factory, yaml, problems);
        if (problems.hasErrors()) {
            throw new AssertionError(problems.toString());
        }
        ExporterContext context =
                new Context(new ComponentId(factory.type(), "test"), clock, disk, new MetricRegistry());
        Exporter exporter = config.build(context);
        try {
            exporter.start();
        } catch (Exception e) {
            exporter.stop();
            throw e;
        }
        return new ExporterHarness(exporter);
    }

    public static ExporterConfig decode(ExporterFactory factory, String yaml, Problems problems) {
        return ConfigNode.parse("test.yaml", yaml, problems).decode(factory::decode);
    }

    /** Errors and warnings of a configuration, one a line, without their places. */
    public static List<String> problems(ExporterFactory factory, String yaml) {
        Problems problems = new Problems();
        decode(factory, yaml, problems);
        return problems.list().stream()
                .map(problem -> problem.path() + ": " + problem.message())
                .toList();
    }

    public CompletableFuture<SendOutcome> submit(ExportRequest request) {
        CompletableFuture<SendOutcome> outcome = new CompletableFuture<>();
        Exporter.Callback callback = told -> {
            if (!outcome.complete(told)) {
                throw new AssertionError("told twice: " + told);
            }
        };
        Runner runner = exporter.runner();
        if (runner == null) {
            exporter.send(request, callback);
        } else {
            runner.execute(() -> exporter.send(request, callback));
        }
        return outcome;
    }

    /** Sends and waits for the outcome. */
    public SendOutcome send(ExportRequest request) throws Exception {
        return submit(request).get(WAIT_SECONDS_MAX, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        exporter.stop();
    }

    /** The message in slices of that length. */
    public static ExportRequest request(Message message, int sliceLengthMax) {
        Signal signal = message instanceof ExportLogsServiceRequest
                ? Signal.LOGS
                : message instanceof ExportMetricsServiceRequest ? Signal.METRICS : Signal.TRACES;
        return request(signal, message.toByteArray(), sliceLengthMax);
    }

    public static ExportRequest request(Signal signal, byte[] bytes, int sliceLengthMax) {
        List<byte[]> slices = new ArrayList<>();
        List<Integer> lengths = new ArrayList<>();
        for (int at = 0; at < bytes.length; at += sliceLengthMax) {
            int length = Math.min(sliceLengthMax, bytes.length - at);
            byte[] slice = new byte[length + 7]; // what is behind the content must never be sent
            java.util.Arrays.fill(slice, (byte) 0xEE);
            System.arraycopy(bytes, at, slice, 0, length);
            slices.add(slice);
            lengths.add(length);
        }
        return new ExportRequest(
                signal,
                1,
                slices.toArray(new byte[0][]),
                lengths.stream().mapToInt(Integer::intValue).toArray(),
                ClientMetadata.EMPTY);
    }
}
