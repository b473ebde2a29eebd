package io.spanweir.net;

import io.netty.handler.codec.http.FullHttpRequest;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/** One request on its way and the answer that comes. Threading: the event loop. */
final class HttpExchange {
    private final FullHttpRequest request;
    private final HttpClient.Callback callback;
    io.netty.util.concurrent.@Nullable ScheduledFuture<?> timeout;

    @Nullable
    HttpConnection connection;

    boolean done;
    boolean repeated;

    HttpExchange(FullHttpRequest request, HttpClient.Callback callback) {
        this.request = request;
        this.callback = callback;
    }

    /** The request to write; the body stays with the exchange, so that it can be written once more. */
    FullHttpRequest toWrite() {
        return request.retainedDuplicate();
    }

    void fail(String problem) {
        if (end()) {
            HttpConnection used = connection;
            if (used != null) {
                used.close();
            }
            callback.failed(problem);
        }
    }

    void answer(HttpAnswer answer) {
        if (end()) {
            callback.answered(answer);
        }
    }

    private boolean end() {
        if (done) {
            return false;
        }
        done = true;
        ScheduledFuture<?> running = timeout;
        if (running != null) {
            running.cancel(false);
        }
        request.release();
        return true;
    }
}
