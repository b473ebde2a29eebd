package io.spanweir.perf.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Another JVM with the class path of this one, pinned to core 0 where {@code taskset} is installed.
 * Speaks in lines: what it prints is read, what is asked is written. Threading: one thread.
 */
public final class ServerProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;
    private final PrintStream questions;

    public ServerProcess(List<String> jvmOptions, Class<?> main, String... args) throws IOException {
        List<String> command = new ArrayList<>();
        if (pins()) {
            command.addAll(List.of("taskset", "-c", "0"));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(args));
        process = ChildProcess.start(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT));
        answers = process.inputReader(StandardCharsets.US_ASCII);
        questions = new PrintStream(process.getOutputStream(), true, StandardCharsets.US_ASCII);
    }

    /** Whether servers are pinned to a core of their own. */
    public static boolean pins() {
        return Files.isExecutable(Path.of("/usr/bin/taskset"));
    }

    public Process process() {
        return process;
    }

    /** The next line. */
    public String line() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("the server process ended");
        }
        return line;
    }

    /** The line of numbers that an empty question is answered with. */
    public long[] numbers() throws IOException {
        questions.println();
        String[] words = line().split(" ", -1);
        long[] numbers = new long[words.length];
        for (int i = 0; i < words.length; i++) {
            numbers[i] = Long.parseLong(words[i]);
        }
        return numbers;
    }

    /** Ends the process by the end of its input. */
    @Override
    public void close() throws IOException {
        questions.close();
        try {
            if (!process.waitFor(10, java.util.concurrent.TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
