package io.spanweir.interleaving;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The model checks can see: with a bug planted its test fails, at the number of interleavings that it has in every build. Each
 * bug has a JVM of its own, because the model checker follows only the class path and keeps what it has once transformed.
 */
class PlantedBugsTest {
    private static final long SECONDS_MAX = 60;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource(PlantedBug.class)
    void bugIsFound(PlantedBug bug) throws Exception {
        Path file = directory.resolve(bug.className.replace('.', '/') + ".class");
        Files.createDirectories(file.getParent());
        Files.write(file, planted(bug));
        Ended ended = run(bug.test);
        assertThat(ended.status).as("how it ended: %s", ended.text).isEqualTo(PlantedBugMain.FOUND);
        assertThat(ended.text).contains("Concurrent test failed");
    }

    /** So that it is not the other JVM that is found. */
    @Test
    void withoutABugTheTestHolds() throws Exception {
        Ended ended = run(PlantedBug.WAKE_LOST.test);
        assertThat(ended.status).as("how it ended: %s", ended.text).isEqualTo(PlantedBugMain.NOT_FOUND);
    }

    private record Ended(int status, String text) {}

    private Ended run(String test) throws Exception {
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:+EnableDynamicAgentLoading",
                        "-cp",
                        directory + File.pathSeparator + System.getProperty("java.class.path"),
                        PlantedBugMain.class.getName(),
                        test)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(SECONDS_MAX, TimeUnit.SECONDS))
                    .as("ended in time")
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Ended(process.exitValue(), Files.readString(output));
    }

    private static byte[] planted(PlantedBug bug) throws IOException {
        AtomicInteger hits = new AtomicInteger();
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        ClassVisitor planting = new ClassVisitor(Opcodes.ASM9, writer) {
            @Override
            public MethodVisitor visitMethod(
                    int access, String name, String descriptor, String signature, String[] exceptions) {
                MethodVisitor code = super.visitMethod(access, name, descriptor, signature, exceptions);
                return name.equals(bug.method) ? bug.edit.in(code, hits::incrementAndGet) : code;
            }
        };
        String resource = "/" + bug.className.replace('.', '/') + ".class";
        try (InputStream in = PlantedBugsTest.class.getResourceAsStream(resource)) {
            new ClassReader(in.readAllBytes()).accept(planting, 0);
        }
        assertThat(hits.get())
                .as("places for the bug; adapt PlantedBug to the code")
                .isPositive();
        return writer.toByteArray();
    }
}
