package io.spanweir.net;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something read from files, read again when it is older than the interval; what cannot be read keeps the old. Threading: any
 * thread.
 */
final class Reloading<T> {
    private static final Logger LOG = LoggerFactory.getLogger(Reloading.class);

    /** Reads the files. */
    interface Source<T> {
        T read() throws IOException;
    }

    private final Source<T> source;
    private final long intervalNanos;
    private volatile T current;
    private long readNanos = System.nanoTime();

    /** @param interval null for never again */
    Reloading(Source<T> source, @Nullable Duration interval) throws IOException {
        this.source = source;
        this.intervalNanos = interval == null ? Long.MAX_VALUE : interval.toNanos();
        this.current = source.read();
    }

    T current() {
        return intervalNanos == Long.MAX_VALUE ? current : fresh();
    }

    private synchronized T fresh() {
        long now = System.nanoTime();
        if (now - readNanos >= intervalNanos) {
            readNanos = now;
            try {
                current = source.read();
            } catch (IOException e) {
                LOG.warn("TLS files cannot be read again, the old ones stay in use. problem={}", e.getMessage());
            }
        }
        return current;
    }
}
