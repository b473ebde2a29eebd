package io.spanweir.perf.overload;

import java.io.IOException;

/** Daemon threads whose I/O may fail: the other side has closed, which ends the thread. */
final class Threads {
    private Threads() {}

    /** What such a thread does. */
    interface Io {
        void run() throws IOException, InterruptedException;
    }

    static Thread start(String name, Io task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException closed) {
                        return; // the end of the thread is all that follows from it
                    } catch (InterruptedException stopped) {
                        Thread.currentThread().interrupt();
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
