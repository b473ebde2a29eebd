package io.spanweir.perf.overload;

import io.spanweir.perf.load.ChildProcess;
import io.spanweir.perf.load.Cpu;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Spanweir as a process, with little memory: OTLP in over gRPC and HTTP, OTLP out over HTTP to one backend. Threading: one thread. */
final class Program implements Closeable {
    private static final Path TASKSET = Path.of("/usr/bin/taskset");
    private static final int HEAP_MIB = 192;
    private static final int DIRECT_MIB = 64;
    /** Code, metaspace, stacks, tables of the collector. */
    private static final int JVM_MIB = 128;

    static final long BOUND_BYTES = (long) (HEAP_MIB + DIRECT_MIB + JVM_MIB) << 20;
    private static final long START_NANOS_MAX = 60_000_000_000L;

    private static final String CONFIG = """
            receivers:
              otlp:
                protocols:
                  grpc: { endpoint: "127.0.0.1:%d" }
                  http: { endpoint: "127.0.0.1:%d" }
            exporters:
              otlp_http:
                endpoint: "http://127.0.0.1:%d"
                compression: none
            service:
              telemetry:
                logs: { level: warn }
                metrics: { readers: [{ pull: { exporter: { prometheus: { host: 127.0.0.1, port: %d } } } }] }
              pipelines:
                traces: { receivers: [otlp], exporters: [otlp_http] }
            engine: { memory: 64MiB }
            """;

    final int grpcPort = freePort();
    final int httpPort = freePort();
    private final int metricsPort = freePort();
    private final Process process;
    private final Path config;

    /** @param launcher the script that starts the program */
    Program(String launcher, int sinkPort) throws IOException {
        config = Files.writeString(
                Files.createTempFile("overload", ".yaml"), CONFIG.formatted(grpcPort, httpPort, sinkPort, metricsPort));
        List<String> command = new ArrayList<>();
        if (pins()) {
            command.addAll(List.of(TASKSET.toString(), "-c", System.getenv().getOrDefault("ENGINE_CORE", "0")));
        }
        command.addAll(List.of(launcher, "run", "--config", config.toString()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment()
                .put("SPANWEIR_JAVA_OPTS", "-Xmx" + HEAP_MIB + "m -XX:MaxDirectMemorySize=" + DIRECT_MIB + "m");
        process = ChildProcess.start(builder);
        awaitReady();
    }

    /** Whether the program has a core of its own. */
    static boolean pins() {
        return Files.isExecutable(TASKSET) && System.getenv("LOAD_CORE") != null;
    }

    long pid() {
        return process.pid();
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private void awaitReady() throws IOException {
        long end = System.nanoTime() + START_NANOS_MAX;
        while (process.isAlive() && System.nanoTime() < end) {
            try (HttpExports probe = new HttpExports(httpPort)) {
                if (probe.export(new byte[0]) == 200) {
                    return;
                }
            } catch (IOException notYet) {
                LockSupport.parkNanos(50_000_000);
            }
        }
        close();
        throw new IOException("the program does not start; its output is above");
    }

    long residentBytes() {
        return Cpu.residentBytes(process.pid());
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** The sums of counters and gauges by name, over all their labels. */
    long metric(String... names) throws IOException {
        String text;
        try (InputStream in = URI.create("http://127.0.0.1:" + metricsPort + "/metrics")
                .toURL()
                .openStream()) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        double sum = 0;
        for (String line : text.split("\n", -1)) {
            for (String name : names) {
                if (line.startsWith(name + "{") || line.startsWith(name + " ")) {
                    sum += Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
                }
            }
        }
        return (long) sum;
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(15, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        Files.deleteIfExists(config);
    }
}
