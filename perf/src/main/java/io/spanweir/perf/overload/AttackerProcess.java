package io.spanweir.perf.overload;

import io.spanweir.perf.load.ChildProcess;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The attacker as a process of its own, with the lowest priority: it gets what the clients that behave leave of their core, so
 * that it reaches them through the program only. {@code AttackerProcess ATTACK GRPC_PORT HTTP_PORT SECONDS ADDRESS} connects
 * from that address once it has read a line. Threading: one thread.
 */
final class AttackerProcess implements Closeable {
    private static final Path NICE = Path.of("/usr/bin/nice");
    private static final String READY = "ready";

    private final Process process;

    /** Returns when it is ready to begin. */
    AttackerProcess(Attack attack, Program program, long seconds, String address) throws IOException {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(NICE)) {
            command.addAll(List.of(NICE.toString(), "-n", "19"));
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                AttackerProcess.class.getName(),
                attack.name(),
                Integer.toString(program.grpcPort),
                Integer.toString(program.httpPort),
                Long.toString(seconds),
                address));
        process = ChildProcess.start(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT));
        if (!READY.equals(process.inputReader(StandardCharsets.UTF_8).readLine())) {
            close();
            throw new IOException("the attacker does not start; its output is above");
        }
    }

    /** Attacks, and returns what it has to say of itself. */
    String attack() throws IOException, InterruptedException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
        String summary = process.inputReader(StandardCharsets.UTF_8).readLine();
        process.waitFor(5, TimeUnit.SECONDS);
        return summary == null ? "failed" : summary;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** The process itself. */
    public static void main(String[] args) throws IOException {
        Attack attack = Attack.valueOf(args[0]);
        System.out.println(READY);
        BufferedReader in = new BufferedReader(new java.io.InputStreamReader(System.in, StandardCharsets.UTF_8));
        if (in.readLine() == null) {
            return;
        }
        Attack.Target target = new Attack.Target(
                Integer.parseInt(args[1]),
                Integer.parseInt(args[2]),
                System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.parseLong(args[3])),
                InetAddress.getByName(args[4]));
        attack.run(target);
        System.out.println(target.connections() + " connections");
        System.exit(0);
    }
}
