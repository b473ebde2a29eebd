package io.spanweir.perf.compare;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How the engines are run. */
final class EngineCommand {
    /** As the program's launcher sets it where there are no more than two cores. */
    private static final String COLLECTOR = "-XX:+UseSerialGC -Xmn12m -XX:MinHeapFreeRatio=20 -XX:MaxHeapFreeRatio=40";

    /** The program's launcher sets these. */
    private static final List<String> JVM = List.of(
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:-UsePerfData",
            "-Dio.netty.leakDetection.level=disabled",
            "-Dio.netty.allocator.type=pooled",
            "-Dio.netty.machineId=02:00:00:00:00:01",
            "-Dio.netty.processId=1",
            "-Dspanweir.tty=false");

    private static final List<String> JVM_FROM_24 =
            List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

    private final CompareOptions options;
    private final Map<String, String> environment;
    private final String java;
    private final String javaVersion;

    EngineCommand(CompareOptions options, Map<String, String> environment) throws IOException {
        this.options = options;
        this.environment = environment;
        java = environment.getOrDefault(
                "SPANWEIR_JAVA",
                Path.of(System.getProperty("java.home"), "bin", "java").toString());
        javaVersion = version(java);
    }

    static boolean pins() {
        return Files.isExecutable(Path.of("/usr/bin/taskset"));
    }

    int engineCore() {
        return Integer.parseInt(environment.getOrDefault("ENGINE_CORE", "0"));
    }

    /** Of the JVM that runs Spanweir. */
    String javaVersion() {
        return javaVersion;
    }

    /** {@code engine.memory} of Spanweir. */
    String memory(CompareCase what) {
        return !options.memory().isEmpty() ? options.memory() : Room.of(what).memory;
    }

    /** Those that are chosen here; the launcher's come on top. */
    String jvmOptions(CompareCase what) {
        return !options.jvmOptions().isEmpty() ? options.jvmOptions() : Room.of(what).jvmOptions;
    }

    /** Memory that fits the work: what only passes needs little, and what waits at full speed is what the image gives it. */
    private enum Room {
        PASSING("512MiB", COLLECTOR + " -Xmx1g"),
        WAITING("1GiB", COLLECTOR + " -Xmx2g"),
        WAITING_AT_FULL_SPEED("40%", COLLECTOR + " -XX:MaxRAMPercentage=60");

        private final String memory;
        private final String jvmOptions;

        Room(String memory, String jvmOptions) {
            this.memory = memory;
            this.jvmOptions = jvmOptions;
        }

        static Room of(CompareCase what) {
            if (what.work() != Work.TAIL_SAMPLING) {
                return PASSING;
            }
            return what.paced() ? WAITING : WAITING_AT_FULL_SPEED;
        }
    }

    ProcessBuilder process(Engine engine, CompareCase what, Path config) {
        List<String> command = new ArrayList<>();
        if (pins()) {
            command.addAll(List.of("/usr/bin/taskset", "-c", Integer.toString(engineCore())));
        }
        switch (engine) {
            case SPANWEIR -> {
                command.add(java);
                command.addAll(List.of(jvmOptions(what).strip().split("\\s+", -1)));
                command.addAll(JVM);
                if (feature() >= 24) {
                    command.addAll(JVM_FROM_24);
                }
                command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.spanweir.server.Main"));
                command.addAll(List.of("run", "--config", config.toString(), "--shutdown-timeout", "1s"));
            }
            case COLLECTOR ->
                command.addAll(List.of(environment.getOrDefault("OTELCOL", ""), "--config", config.toString()));
            case DATAFLOW -> command.addAll(List.of(environment.getOrDefault("DFE", ""), config.toString()));
        }
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("GOMAXPROCS", "1");
        return builder;
    }

    private int feature() {
        return Integer.parseInt(javaVersion.split("[.+-]", 2)[0]);
    }

    private static String version(String java) throws IOException {
        Process process = new ProcessBuilder(java, "-XshowSettings:properties", "-version")
                .redirectErrorStream(true)
                .start();
        String version = "";
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.strip().startsWith("java.version = ")) {
                    version = line.substring(line.indexOf('=') + 2);
                }
            }
        }
        if (version.isEmpty()) {
            throw new IOException(java + " does not tell its version");
        }
        return version;
    }
}
