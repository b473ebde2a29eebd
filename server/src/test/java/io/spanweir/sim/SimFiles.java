package io.spanweir.sim;

import io.spanweir.component.Exporter;
import io.spanweir.component.ExporterConfig;
import io.spanweir.component.ExporterContext;
import io.spanweir.component.ExporterFactory;
import io.spanweir.component.RetryConfig;
import io.spanweir.component.SendOutcome;
import io.spanweir.component.SendingQueueConfig;
import io.spanweir.component.Stability;
import io.spanweir.config.ConfigNode;
import io.spanweir.data.ExportRequest;
import io.spanweir.exporter.file.FileExporterFactory;
import io.spanweir.testengine.MemoryDisk;
import io.spanweir.wire.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * The file exporter as it is, on a disk that fails. Type {@code file}. Its requests are watched as those to a backend, and what
 * it says of them is compared with the disk: {@link SimFile}.
 */
final class SimFiles implements ExporterFactory {
    private static final MemoryDisk.Call[] CALLS = MemoryDisk.Call.values();

    private final FileExporterFactory real = new FileExporterFactory();
    private final SplittableRandom random;
    private final Books books;
    private final SimBackend backend;
    private final List<SimFile> files = new ArrayList<>();
    final MemoryDisk disk;

    SimFiles(SplittableRandom random, Scenario scenario, Books books, SimBackend backend) {
        this.random = random;
        this.books = books;
        this.backend = backend;
        disk = new MemoryDisk(random.split());
        disk.put(SimFile.DIRECTORY.resolve("stranger.json"), new byte[1]);
        disk.shortenOneIn(random.nextInt(4));
        scenario.files.forEach((out, shape) -> files.add(new SimFile(out, shape, disk)));
    }

    /** The disk is in another state from now on. Returns it in words. */
    String changeDisk() {
        recover();
        switch (random.nextInt(4)) {
            case 0 -> {
                long room = random.nextInt(5000);
                disk.capacityBytes(disk.usedBytes() + room);
                return "the disk has room for " + room + " bytes";
            }
            case 1 -> {
                disk.failOneIn(2 + random.nextInt(5));
                return "the disk fails now and then";
            }
            case 2 -> {
                MemoryDisk.Call call = CALLS[random.nextInt(CALLS.length)];
                disk.fail(call);
                return "the disk fails at each " + call;
            }
            default -> {
                disk.fail(MemoryDisk.Call.APPEND, MemoryDisk.Call.TRUNCATE);
                disk.capacityBytes(disk.usedBytes());
                return "the disk takes nothing and cuts nothing off";
            }
        }
    }

    void recover() {
        disk.fail();
        disk.failOneIn(0);
        disk.capacityBytes(Long.MAX_VALUE);
    }

    /** What is in the files is what the exporters said. */
    void check() {
        for (SimFile file : files) {
            String problem = file.problem();
            if (!problem.isEmpty()) {
                books.fail("disk", file.out + ": " + problem);
            }
        }
    }

    /** Whether any file was put away. */
    boolean rotated() {
        return files.stream().anyMatch(SimFile::rotated);
    }

    private SimFile file(String out) {
        return files.stream().filter(one -> one.out.equals(out)).findFirst().orElseThrow();
    }

    @Override
    public String type() {
        return real.type();
    }

    @Override
    public Stability stability() {
        return real.stability();
    }

    @Override
    public Set<Signal> signals() {
        return real.signals();
    }

    @Override
    public ExporterConfig decode(ConfigNode yaml) {
        ExporterConfig config = real.decode(yaml);
        return new ExporterConfig() {
            @Override
            public Exporter build(ExporterContext context) {
                return new Watched(file(context.id().toString()), config.build(context));
            }

            @Override
            public SendingQueueConfig sendingQueue() {
                return config.sendingQueue();
            }

            @Override
            public RetryConfig retryOnFailure() {
                return config.retryOnFailure();
            }
        };
    }

    private final class Watched implements Exporter {
        private final SimFile file;
        private final Exporter exporter;

        Watched(SimFile file, Exporter exporter) {
            this.file = file;
            this.exporter = exporter;
        }

        @Override
        public void start() throws Exception {
            exporter.start();
        }

        @Override
        public void send(ExportRequest request, Callback callback) {
            SimBackend.Shipment shipment = backend.begin(file.out, request, callback);
            long failures = disk.failures();
            exporter.send(request, outcome -> {
                file.told(shipment.spans, outcome.kind() == SendOutcome.Kind.SENT, disk.failures() - failures);
                String problem = file.problem();
                if (!problem.isEmpty()) {
                    books.fail("disk", file.out + ": " + problem + ", after " + outcome);
                }
                backend.answer(shipment, outcome);
            });
        }

        @Override
        public void stop() {
            exporter.stop();
            file.closed();
        }
    }
}
