package io.spanweir.it;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A Redis server of its own that keeps nothing on disk. */
final class Redis implements AutoCloseable {
    private final ProcessUnderTest process;
    private final int port;

    private Redis(ProcessUnderTest process, int port) {
        this.process = process;
        this.port = port;
    }

    static Redis start() throws IOException {
        int port = Ports.free();
        String program = Project.program("redis-server", "Redis").toString();
        ProcessUnderTest process = ProcessUnderTest.start(
                "redis",
                Map.of(),
                Project.output(),
                List.of(program, "--bind", "127.0.0.1", "--port", "" + port, "--save", "", "--appendonly", "no"));
        try {
            process.awaitLine("Ready to accept connections", Duration.ofSeconds(20));
        } catch (RuntimeException | Error e) {
            process.close();
            throw e;
        }
        return new Redis(process, port);
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    @Override
    public void close() {
        process.close();
    }
}
