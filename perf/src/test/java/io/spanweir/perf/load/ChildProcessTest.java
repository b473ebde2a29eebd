package io.spanweir.perf.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ChildProcessTest {
    /** Waits until somebody ends it. */
    static final class Child {
        public static void main(String[] arguments) throws InterruptedException {
            Thread.currentThread().join();
        }
    }

    /** Has a child, and prints its id. */
    static final class Parent {
        public static void main(String[] arguments) throws Exception {
            System.out.println(ChildProcess.start(java(Child.class)).pid());
            Thread.currentThread().join();
        }
    }

    private static ProcessBuilder java(Class<?> main) {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx32m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
    }

    private static ProcessHandle child(Process parent) throws IOException {
        String pid = parent.inputReader(StandardCharsets.US_ASCII).readLine();
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    }

    @Test
    void aChildEndsWithAParentThatIsTerminated() throws Exception {
        Process parent = java(Parent.class).start();
        ProcessHandle child = child(parent);
        try {
            assertThat(child.isAlive()).isTrue();
            parent.destroy();
            assertThat(parent.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(child.isAlive()).isFalse();
        } finally {
            parent.destroyForcibly();
            child.destroyForcibly();
        }
    }
}
