package io.spanweir.perf.load;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Starts processes that end when this one ends, by a signal too. Threading: any thread. */
public final class ChildProcess {
    private static final int PATIENCE_SECONDS = 3;

    private ChildProcess() {}

    public static Process start(ProcessBuilder builder) throws IOException {
        Process process = builder.start();
        Thread end = new Thread(() -> end(process), "end-child");
        try {
            Runtime.getRuntime().addShutdownHook(end);
        } catch (IllegalStateException ending) {
            end(process);
            throw new IOException("this process is ending", ending);
        }
        var unused = process.onExit().thenRun(() -> forget(end));
        return process;
    }

    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroy); // a launcher that builds waits for them
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static void forget(Thread end) {
        try {
            Runtime.getRuntime().removeShutdownHook(end);
        } catch (IllegalStateException ending) {
            // it runs already, or finds nothing to end
        }
    }
}
