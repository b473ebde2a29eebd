package io.spanweir.net;

import org.jspecify.annotations.Nullable;

/** What an {@link HttpServer} serves. Threading: I/O thread; must not block. */
public interface HttpHandler {
    /**
     * Sees the head of a request before its body is read.
     *
     * @return an answer that needs no body (no such path, no such method), or null to have the body read
     */
    @Nullable
    HttpReply refuse(HttpCall call);

    /**
     * Takes a whole request. The body can be read during the call only; {@link HttpCall#answer} may come later and from any
     * thread, but must come.
     */
    void handle(HttpCall call);

    /**
     * Words a problem that the server found itself: a body that is too large, an encoding nobody knows, a slow client.
     *
     * @param call null when the head could not be read
     */
    default HttpReply problem(@Nullable HttpCall call, int status, String message) {
        return HttpReply.text(status, message);
    }
}
