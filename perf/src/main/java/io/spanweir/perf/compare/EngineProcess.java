package io.spanweir.perf.compare;

import io.spanweir.perf.load.ChildProcess;
import io.spanweir.perf.load.LoadProtocol;
import io.spanweir.perf.load.RequestImages;
import io.spanweir.perf.load.WireLoad;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** An engine that runs. Ends with {@link #close}. Threading: one thread. */
final class EngineProcess implements AutoCloseable {
    private static final long START_NANOS_MAX = 30_000_000_000L;
    private static final long POLL_NANOS = 2_000_000;
    private static final int LOG_LINES = 5;

    private final Process process;
    private final Path directory;
    private final Path log;
    private final InetSocketAddress address;
    private final long startNanos;

    /** @param yaml its configuration, which makes it listen on that port */
    EngineProcess(EngineCommand command, Engine engine, CompareCase what, String yaml, int port) throws IOException {
        directory = Files.createTempDirectory("perf-compare");
        Path config = Files.writeString(directory.resolve("config.yaml"), yaml);
        log = directory.resolve("log");
        address = new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
        startNanos = System.nanoTime();
        process = ChildProcess.start(
                command.process(engine, what, config).redirectErrorStream(true).redirectOutput(log.toFile()));
    }

    /** A port that nobody listens on now. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            return socket.getLocalPort();
        }
    }

    long pid() {
        return process.pid();
    }

    long startNanos() {
        return startNanos;
    }

    boolean alive() {
        return process.isAlive();
    }

    /** Connects as soon as it listens; nothing when it ended or does not come up in time. */
    @Nullable
    WireLoad connect(LoadProtocol protocol, RequestImages images, int connections, int calls) throws IOException {
        while (alive() && System.nanoTime() - startNanos < START_NANOS_MAX) {
            WireLoad load;
            try {
                load = new WireLoad(protocol, address, images, connections, calls);
            } catch (IOException notYet) {
                LockSupport.parkNanos(POLL_NANOS);
                continue;
            }
            if (load.awaitAccepted(START_NANOS_MAX - (System.nanoTime() - startNanos))) {
                return load;
            }
            load.close();
        }
        return null;
    }

    /** The end of what it printed. */
    String lastWords() throws IOException {
        List<String> lines = Arrays.asList(new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                .strip()
                .split("\n", -1));
        return String.join(" | ", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(3, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(3, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        for (String file : List.of("config.yaml", "log")) {
            Files.deleteIfExists(directory.resolve(file));
        }
        Files.deleteIfExists(directory);
    }
}
