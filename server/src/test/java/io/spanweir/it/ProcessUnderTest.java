package io.spanweir.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A process that a test started, its output in a file under {@code target/it}. It is ended when it is closed, and with the
 * JVM of the tests at the latest; no other process ever is.
 */
final class ProcessUnderTest implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final int TAIL_LINES = 30;

    private final String name;
    private final Path log;
    private final Process process;
    private final Thread atExit;

    private ProcessUnderTest(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.process = process;
        atExit = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** @param environment added to that of the tests, from which the variables of OpenTelemetry are taken away */
    static ProcessUnderTest start(String name, Map<String, String> environment, Path directory, List<String> command)
            throws IOException {
        Path log = Files.createTempFile(Project.output(), name + "-", ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(variable -> variable.startsWith("OTEL_"));
        builder.environment().putAll(environment);
        return new ProcessUnderTest(name, log, builder.start());
    }

    /** Runs a program to its end, which must be 0. */
    static void run(String name, Path directory, Duration limit, List<String> command) throws IOException {
        try (ProcessUnderTest program = start(name, Map.of(), directory, command)) {
            assertThat(program.exitCode(limit)).as("exit code of %s", program).isZero();
        }
    }

    /** Waits for output that matches. */
    Matcher awaitLine(String regex, Duration limit) {
        Pattern pattern = Pattern.compile(regex);
        return await("\"" + regex + "\" from " + name)
                .atMost(limit)
                .pollInterval(Duration.ofMillis(50))
                .failFast(() ->
                        assertThat(process.isAlive()).as("%s is alive", this).isTrue())
                .until(() -> pattern.matcher(output()), Matcher::find);
    }

    /** Waits for the end. */
    int exitCode(Duration limit) {
        try {
            assertThat(process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS))
                    .as("end of %s within %s", this, limit)
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
        return process.exitValue();
    }

    /** Sends SIGTERM. */
    void askToStop() {
        process.destroy();
    }

    /** Sends SIGTERM, and waits for the end. */
    int stop(Duration limit) {
        askToStop();
        return exitCode(limit);
    }

    @Override
    public void close() {
        try {
            process.destroy();
            if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private String output() {
        try {
            return Files.readString(log, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With the last lines of its output, for the message of a failure. */
    @Override
    public String toString() {
        List<String> lines = output().lines().toList();
        return name + " (process " + process.pid() + ", " + log + ")\n  "
                + String.join("\n  ", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size())) + "\n";
    }
}
