package io.spanweir.exporter.debug;

import io.spanweir.component.Exporter;
import io.spanweir.component.ExporterContext;
import io.spanweir.component.SendOutcome;
import io.spanweir.data.ExportRequest;
import io.spanweir.net.Sentences;
import io.spanweir.storage.Disk;
import io.spanweir.storage.DiskFile;
import io.spanweir.time.Clock;
import io.spanweir.wire.Signal;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Prints requests: a line of counts, and at higher verbosity a text after it. Threading: the engine's export thread. */
final class DebugExporter implements Exporter {
    private static final Logger LOG = LoggerFactory.getLogger(DebugExporter.class);
    private static final long SECOND_NANOS = 1_000_000_000;

    /** How many requests of a signal came in the second that began then. */
    private static final class Second {
        long beganNanos;
        long requestCount;
    }

    /** Texts go to the file at once. */
    private static final class Appending extends OutputStream {
        private final DiskFile file;

        Appending(DiskFile file) {
            this.file = file;
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            file.appendAll(ByteBuffer.wrap(bytes, offset, length));
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    private final DebugConfig config;
    private final Clock clock;
    private final Disk disk;
    private final Map<Signal, Second> seconds = new EnumMap<>(Signal.class);
    private final List<PrintStream> outputs = new ArrayList<>();
    private final List<PrintStream> files = new ArrayList<>();

    DebugExporter(DebugConfig config, ExporterContext context) {
        this.config = config;
        this.clock = context.clock();
        this.disk = context.disk();
    }

    @Override
    public void start() throws IOException {
        if (config.useInternalLogger()) {
            return;
        }
        for (String path : config.outputPaths()) {
            switch (path) {
                case "stdout" -> outputs.add(System.out);
                case "stderr" -> outputs.add(System.err);
                default -> outputs.add(open(path));
            }
        }
    }

    private PrintStream open(String path) throws IOException {
        try {
            PrintStream file = new PrintStream(new Appending(disk.open(Path.of(path))), false, StandardCharsets.UTF_8);
            files.add(file);
            return file;
        } catch (IOException | InvalidPathException e) {
            throw new IOException("output_paths: \"" + path + "\" cannot be written (" + Sentences.cause(e) + ")", e);
        }
    }

    @Override
    public void send(ExportRequest request, Callback callback) {
        if (sampled(request.signal())) {
            OtlpTree tree = OtlpTree.of(request.signal().request(), request.toByteArray(), 0, request.lengthBytes());
            print(counts(request.signal(), tree));
            switch (config.verbosity()) {
                case BASIC -> {}
                case NORMAL -> print(new NormalText().of(request.signal(), tree));
                case DETAILED -> print(new DetailedText().of(request.signal(), tree));
            }
        }
        callback.done(SendOutcome.sent());
    }

    private boolean sampled(Signal signal) {
        long now = clock.nanos();
        Second second = seconds.computeIfAbsent(signal, any -> new Second());
        if (second.requestCount == 0 || now - second.beganNanos >= SECOND_NANOS) {
            second.beganNanos = now;
            second.requestCount = 0;
        }
        long beyond = ++second.requestCount - config.samplingInitial();
        return beyond <= 0 || (config.samplingThereafter() > 0 && beyond % config.samplingThereafter() == 0);
    }

    private void print(String text) {
        if (config.useInternalLogger()) {
            LOG.info("{}", text);
            return;
        }
        for (PrintStream output : outputs) {
            output.print(text.endsWith("\n") ? text : text + "\n");
            output.flush();
        }
    }

    /** {@code Traces {"resource spans": 1, "spans": 2}}. */
    static String counts(Signal signal, OtlpTree request) {
        String group = "resource_" + (signal == Signal.LOGS ? "logs" : signal == Signal.METRICS ? "metrics" : "spans");
        List<OtlpTree> resources = request.list(group);
        return switch (signal) {
            case TRACES ->
                "Traces {\"resource spans\": " + resources.size() + ", \"spans\": "
                        + items(resources, "scope_spans", "spans") + "}";
            case LOGS ->
                "Logs {\"resource logs\": " + resources.size() + ", \"log records\": "
                        + items(resources, "scope_logs", "log_records") + "}";
            case METRICS ->
                "Metrics {\"resource metrics\": " + resources.size() + ", \"metrics\": "
                        + items(resources, "scope_metrics", "metrics") + ", \"data points\": " + dataPoints(resources)
                        + "}";
        };
    }

    private static int items(List<OtlpTree> resources, String scopes, String items) {
        int count = 0;
        for (OtlpTree resource : resources) {
            for (OtlpTree scope : resource.list(scopes)) {
                count += scope.list(items).size();
            }
        }
        return count;
    }

    private static int dataPoints(List<OtlpTree> resources) {
        int count = 0;
        for (OtlpTree resource : resources) {
            for (OtlpTree scope : resource.list("scope_metrics")) {
                for (OtlpTree metric : scope.list("metrics")) {
                    count += Metrics.data(metric).list("data_points").size();
                }
            }
        }
        return count;
    }

    @Override
    public void stop() {
        files.forEach(PrintStream::close);
    }
}
