package io.spanweir.net;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import java.net.SocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One request and its answer. Threading: I/O thread, but {@link #answer}: any thread. */
public final class HttpCall {
    private final ServerConnection connection;
    private final HttpRequest request;
    private final String path;
    private final String query;
    private final AtomicBoolean answered = new AtomicBoolean();
    private final boolean keepAlive;

    private @Nullable ByteBuf plainBody;
    private byte[] decodedBody = {};
    private int bodyLength;

    HttpCall(ServerConnection connection, HttpRequest request, boolean keepAlive) {
        this.connection = connection;
        this.request = request;
        this.keepAlive = keepAlive;
        String target = request.uri();
        int mark = target.indexOf('?');
        path = mark < 0 ? target : target.substring(0, mark);
        query = mark < 0 ? "" : target.substring(mark + 1);
    }

    /** In upper case, as sent. */
    public String method() {
        return request.method().name();
    }

    /** As sent, without the query; not decoded. */
    public String path() {
        return path;
    }

    /** What follows the question mark, not decoded; empty when there is none. */
    public String query() {
        return query;
    }

    /** The first value of a header; null when absent. */
    public @Nullable String header(CharSequence name) {
        return request.headers().get(name);
    }

    /** All headers by lower-case name, in the order of their values; the host too. */
    public Map<String, List<String>> headers() {
        Map<String, List<String>> all = new TreeMap<>();
        for (String name : request.headers().names()) {
            if (!name.startsWith("x-http2-")) {
                all.put(name.toLowerCase(Locale.ROOT), request.headers().getAll(name));
            }
        }
        return all;
    }

    /** The media type in lower case without its parameters; empty when absent. */
    public String mediaType() {
        String value = header(HttpHeaderNames.CONTENT_TYPE);
        if (value == null) {
            return "";
        }
        int parameters = value.indexOf(';');
        return (parameters < 0 ? value : value.substring(0, parameters)).strip().toLowerCase(Locale.ROOT);
    }

    public @Nullable SocketAddress remoteAddress() {
        return connection.remoteAddress();
    }

    /** Bytes of the body after decompression. */
    public int bodyLength() {
        return bodyLength;
    }

    /** Copies the whole body. Valid during {@link HttpHandler#handle} only. */
    public void copyBody(byte[] target, int offset) {
        ByteBuf plain = plainBody;
        if (plain != null) {
            plain.getBytes(plain.readerIndex(), target, offset, bodyLength);
        } else {
            System.arraycopy(decodedBody, 0, target, offset, bodyLength);
        }
    }

    /** Answers. @throws IllegalStateException when it has been answered */
    public void answer(HttpReply answer) {
        if (!answered.compareAndSet(false, true)) {
            throw new IllegalStateException("request to " + path + " answered twice");
        }
        connection.answer(this, answer);
    }

    /** Whether it is answered now, by this call or before. */
    boolean claim() {
        return answered.compareAndSet(false, true);
    }

    HttpRequest request() {
        return request;
    }

    boolean keepAlive() {
        return keepAlive;
    }

    void plainBody(ByteBuf body) {
        plainBody = body;
        bodyLength = body.readableBytes();
    }

    void decodedBody(byte[] bytes, int length) {
        decodedBody = bytes;
        bodyLength = length;
    }

    /** The memory of the body is somebody else's from now on. */
    void forgetBody() {
        plainBody = null;
        decodedBody = new byte[0];
        bodyLength = 0;
    }
}
