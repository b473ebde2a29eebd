package io.spanweir.data;

import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows one received batch to its end: settled when every part of it was exported, dropped or taken into keeping by a
 * processor that waits. Whoever passes the batch on holds it once more, whoever is done settles once; the last one tells the
 * listener. Threading: any thread.
 */
public final class Settlement {
    /** Told once, on the thread that settles last. */
    public interface Listener {
        /** @param failure empty when every destination took the batch, else the text of one that did not */
        void settled(String failure, boolean retryable);
    }

    private static final Failure NONE = new Failure("", false);

    /** One value, so that two that fail at once cannot mix. */
    private record Failure(String why, boolean retryable) {}

    private static final Logger log = LoggerFactory.getLogger(Settlement.class);

    private final AtomicInteger pending = new AtomicInteger(1);
    private final Listener listener;
    private volatile Failure failure = NONE;

    /** Begins with one hold. */
    public Settlement(Listener listener) {
        this.listener = listener;
    }

    public void hold() {
        hold(1);
    }

    public void hold(int count) {
        if (pending.getAndAdd(count) <= 0) {
            throw new IllegalStateException("held after it was settled");
        }
    }

    /** One holder is done and its destination took the data. */
    public void settle() {
        int left = pending.decrementAndGet();
        if (left < 0) {
            throw new IllegalStateException("settled more often than held");
        }
        if (left == 0) {
            tell();
        }
    }

    /** What a listener throws must not hurt who happened to settle last. */
    private void tell() {
        try {
            Failure last = failure;
            listener.settled(last.why, last.retryable);
        } catch (RuntimeException e) {
            log.error("A listener of a settlement failed.", e);
        }
    }

    /** One holder is done and its data did not arrive. */
    public void fail(String why, boolean mayRetry) {
        failure = new Failure(why, mayRetry);
        settle();
    }
}
