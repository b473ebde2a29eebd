package io.spanweir.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A PostgreSQL server of its own, in a directory that goes with it. It refuses to run as root, so it runs as postgres there. */
final class PostgreSql implements AutoCloseable {
    private static final String DEBIAN = "/usr/lib/postgresql/*/bin";
    private static final String PURPOSE = "PostgreSQL";
    private static final String ACCOUNT = "postgres";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final ProcessUnderTest process;
    private final Path directory;
    private final int port;

    private PostgreSql(ProcessUnderTest process, Path directory, int port) {
        this.process = process;
        this.directory = directory;
        this.port = port;
    }

    static PostgreSql start() throws IOException {
        Path initdb = Project.program("initdb", PURPOSE, DEBIAN);
        Path postgres = Project.program(ACCOUNT, PURPOSE, DEBIAN);
        boolean root = "root".equals(System.getProperty("user.name"));
        List<String> as = root
                ? List.of(
                        Project.program("setpriv", "util-linux").toString(),
                        "--reuid=" + ACCOUNT,
                        "--regid=" + ACCOUNT,
                        "--init-groups")
                : List.of();
        Path directory = Files.createTempDirectory("orders-it");
        if (root) {
            Files.setOwner(
                    directory,
                    directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(ACCOUNT));
        }
        Path data = directory.resolve("pg");
        int port = Ports.free();
        ProcessUnderTest.run(
                "initdb",
                directory,
                LIMIT,
                command(as, initdb, "-D", data, "-U", "orders", "--auth=trust", "--no-sync"));
        ProcessUnderTest process = ProcessUnderTest.start(
                "postgres",
                Map.of(),
                directory,
                command(as, postgres, "-h", "127.0.0.1", "-p", port, "-k", "", "-c", "fsync=off", "-D", data));
        PostgreSql server = new PostgreSql(process, directory, port);
        try {
            process.awaitLine("ready to accept connections", LIMIT);
        } catch (RuntimeException | Error e) {
            server.close();
            throw e;
        }
        return server;
    }

    /** For the Go driver. */
    String url() {
        return "postgres://orders@127.0.0.1:" + port + "/postgres?sslmode=disable";
    }

    private static List<String> command(List<String> as, Object... words) {
        List<String> command = new ArrayList<>(as);
        for (Object word : words) {
            command.add(word.toString());
        }
        return command;
    }

    @Override
    public void close() throws IOException {
        process.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
