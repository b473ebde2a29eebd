package io.spanweir.net;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.util.ReferenceCountUtil;
import io.spanweir.time.LogInterval;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of HTTP/1.1, or one stream of HTTP/2. The socket is read only while a request is awaited or under way, so
 * that pipelined requests are answered in order: what one read brought too much waits in a queue. Threading: I/O thread.
 *
 * <pre>
 *            head                 last content            answer()
 *   WAITING ──────► BODY ─────────────────────► HANDLING ──────────► WAITING or closed
 *      │              │ refused
 *      └──────────────┴─────► DISCARDING: reads what the client still sends, then answers
 *                     └─────► LINGERING:  has answered, reads on for a while so that the answer is not lost, then closes
 * </pre>
 */
@SuppressWarnings("FutureReturnValueIgnored") // how a write or a close ends shows in channelInactive
final class ServerConnection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(ServerConnection.class);
    private static final LogInterval DEFECTS = new LogInterval(System::nanoTime);

    /** A refused body up to this length is read to its end, and the connection lives on. */
    private static final int DISCARDED_BYTES_MAX = 256 << 10;

    /** After an early answer the client may send this much until the connection is cut. */
    private static final int LINGERING_BYTES_MAX = 4 << 20;

    private static final long LINGERING_NANOS = Duration.ofSeconds(2).toNanos();

    /** With {@code read_timeout: 0} a body may take for ever as long as something arrives. */
    private static final long BODY_PROGRESS_NANOS = Duration.ofMinutes(1).toNanos();

    private static final String BODIES_ALL_FULL = "too many request bodies are being received at once";

    private enum State {
        WAITING,
        BODY,
        HANDLING,
        DISCARDING,
        LINGERING,
        CLOSED
    }

    private final HttpServer server;
    private final boolean http2;
    private final Queue<Object> arrived = new ArrayDeque<>();
    private @Nullable ChannelHandlerContext context;
    private @Nullable ConnectionDeadline deadline;
    private State state = State.WAITING;
    private boolean draining;
    private boolean headBegun = true; // a new connection has sent nothing, but owes the head of a request
    private boolean closeAfterAnswer;

    private @Nullable HttpCall call;
    private @Nullable RequestBody body;
    private ContentEncoding encoding = ContentEncoding.IDENTITY;
    private int lingeringBytes;
    private @Nullable HttpReply earlyAnswer;

    ServerConnection(HttpServer server, boolean http2) {
        this.server = server;
        this.http2 = http2;
    }

    @Nullable
    SocketAddress remoteAddress() {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            return null;
        }
        return http2 && ctx.channel().parent() != null
                ? ctx.channel().parent().remoteAddress()
                : ctx.channel().remoteAddress();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        deadline = new ConnectionDeadline(ctx, this::expired);
        server.opened(this);
        if (ctx.channel().isActive()) {
            begin(ctx);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.fireChannelActive();
        begin(ctx);
    }

    private void begin(ChannelHandlerContext ctx) {
        expireAfter(server.timeouts().readHeader().toNanos());
        ctx.read();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        close();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        close();
    }

    private void close() {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        releaseBody();
        arrived.forEach(ReferenceCountUtil::release);
        arrived.clear();
        if (deadline != null) {
            deadline.end();
        }
        server.closed(this);
    }

    private void releaseBody() {
        if (body != null) {
            body.release();
            body = null;
        }
    }

    private void expireAfter(long nanos) {
        if (deadline != null) {
            deadline.set(nanos);
        }
    }

    /** Bytes have arrived from the network. */
    void bytesArrived() {
        if (state == State.WAITING && !headBegun) {
            headBegun = true;
            expireAfter(server.timeouts().readHeader().toNanos());
        } else if (state == State.BODY && server.timeouts().read().isZero()) {
            expireAfter(BODY_PROGRESS_NANOS);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (state == State.CLOSED) {
            ReferenceCountUtil.release(message);
            return;
        }
        arrived.add(message);
        drain(ctx);
    }

    /** A loop and not a call within a call: one read can bring thousands of pipelined requests. */
    private void drain(ChannelHandlerContext ctx) {
        if (draining) {
            return;
        }
        draining = true;
        try {
            while (state != State.HANDLING) {
                Object message = arrived.poll();
                if (message == null) {
                    return;
                }
                try {
                    accept(ctx, message);
                } finally {
                    ReferenceCountUtil.release(message);
                }
            }
        } finally {
            draining = false;
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (state != State.HANDLING && state != State.CLOSED) {
            ctx.read();
        }
        ctx.fireChannelReadComplete();
    }

    private void accept(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HttpRequest request) {
            head(ctx, request);
        }
        if (message instanceof HttpContent content) {
            content(ctx, content);
        }
    }

    private void head(ChannelHandlerContext ctx, HttpRequest request) {
        if (state != State.WAITING) {
            return; // behind a request that made the connection close
        }
        if (request.decoderResult().isFailure()) {
            unreadable(ctx, request.decoderResult().cause());
            return;
        }
        boolean keepAlive =
                http2 || (HttpUtil.isKeepAlive(request) && server.timeouts().keepAlive());
        HttpCall current = new HttpCall(this, request, keepAlive);
        call = current;
        encoding = ContentEncoding.IDENTITY;
        long readNanos = server.timeouts().read().toNanos();
        expireAfter(readNanos == 0 ? BODY_PROGRESS_NANOS : readNanos);
        HttpReply refusal = refusal(current, request);
        boolean continueExpected = HttpUtil.is100ContinueExpected(request);
        if (refusal != null) {
            refuse(ctx, current, refusal, continueExpected);
            return;
        }
        state = State.BODY;
        body = new RequestBody(server, HttpUtil.getContentLength(request, -1L), () -> giveUp(ctx, current));
        if (continueExpected) {
            ctx.writeAndFlush(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
        }
    }

    private @Nullable HttpReply refusal(HttpCall current, HttpRequest request) {
        Cors cors = server.cors();
        if (cors != null && Cors.isPreflight(current)) {
            return cors.preflight(current);
        }
        HttpReply refusal = server.handler().refuse(current);
        if (refusal != null) {
            return refusal;
        }
        if (request.headers().contains(HttpHeaderNames.EXPECT) && !HttpUtil.is100ContinueExpected(request)) {
            return server.handler().problem(current, 417, "unknown expectation; only \"100-continue\" is known");
        }
        String named = request.headers().get(HttpHeaderNames.CONTENT_ENCODING);
        ContentEncoding known = ContentEncoding.of(named);
        if (known == null || !server.config().encodings().contains(known)) {
            String shown = named == null ? "identity" : Sentences.line(named);
            return server.handler()
                    .problem(
                            current,
                            400,
                            "unsupported Content-Encoding \"" + shown + "\"; supported: " + server.encodingNames());
        }
        encoding = known;
        return HttpUtil.getContentLength(request, -1L) > server.config().maxRequestBodyBytes()
                ? tooLarge(current)
                : null;
    }

    private HttpReply tooLarge(HttpCall current) {
        return server.handler()
                .problem(
                        current,
                        413,
                        "request body is larger than " + server.config().maxRequestBodyBytes() + " bytes");
    }

    private void content(ChannelHandlerContext ctx, HttpContent content) {
        if (content.decoderResult().isFailure()) {
            unreadable(ctx, content.decoderResult().cause());
            return;
        }
        boolean last = content instanceof LastHttpContent;
        if (state == State.BODY) {
            append(ctx, content, last);
        }
        if (state == State.DISCARDING && last) {
            HttpCall current = call;
            HttpReply answer = earlyAnswer;
            if (current != null && answer != null) {
                state = State.HANDLING;
                write(ctx, current, answer);
            }
        } else if (state == State.LINGERING) {
            lingeringBytes += content.content().readableBytes();
            if (last || lingeringBytes > LINGERING_BYTES_MAX) {
                endAnswered(ctx);
            }
        }
    }

    private void append(ChannelHandlerContext ctx, HttpContent content, boolean last) {
        HttpCall current = call;
        RequestBody receiving = body;
        if (current == null || receiving == null) {
            return;
        }
        switch (receiving.append(ctx.alloc(), content.content(), last)) {
            case TAKEN -> {
                if (last) {
                    complete(ctx, current, receiving);
                }
            }
            case TOO_LARGE -> refuse(ctx, current, tooLarge(current), false);
            case NO_ROOM -> refuse(ctx, current, server.handler().problem(current, 503, BODIES_ALL_FULL), false);
        }
    }

    private void complete(ChannelHandlerContext ctx, HttpCall current, RequestBody received) {
        state = State.HANDLING;
        body = null; // the answer may come at once, and the next request with it
        expireAfter(server.timeouts().write().toNanos());
        if (encoding == ContentEncoding.IDENTITY || received.length() == 0) {
            received.plainInto(current);
            handle(current, received);
            return;
        }
        int limit = server.config().maxRequestBodyBytes();
        int tried = Math.min(limit, DecodingThreads.APART_BYTES_MIN);
        ContentDecoders decoders = server.decoders();
        ContentDecoders.Result result = DecodingThreads.apartAtOnce(received.length())
                ? ContentDecoders.Result.TOO_LARGE
                : received.decode(decoders, encoding, tried);
        if (result != ContentDecoders.Result.TOO_LARGE || tried == limit) {
            decoded(current, received, result, decoders);
        } else if (!server.decodingThreads().tryDecode(apart(current, received, encoding), ctx.executor())) {
            received.release();
            current.answer(server.handler().problem(current, 503, BODIES_ALL_FULL));
        }
    }

    private DecodingThreads.Work apart(HttpCall current, RequestBody received, ContentEncoding compressedBy) {
        return new DecodingThreads.Work() {
            @Override
            public ContentDecoders.Result decode(ContentDecoders decoders) {
                return received.decode(decoders, compressedBy, server.config().maxRequestBodyBytes());
            }

            @Override
            public void decoded(ContentDecoders.Result result, ContentDecoders decoders) {
                if (state == State.HANDLING && call == current) {
                    ServerConnection.this.decoded(current, received, result, decoders);
                } else {
                    received.release(); // the client has gone
                }
            }

            @Override
            public void abandoned() {
                received.release();
            }
        };
    }

    private void decoded(
            HttpCall current, RequestBody received, ContentDecoders.Result result, ContentDecoders decoders) {
        if (result == ContentDecoders.Result.DECODED) {
            current.decodedBody(decoders.bytes(), decoders.length());
            handle(current, received);
            return;
        }
        received.release();
        current.answer(
                result == ContentDecoders.Result.TOO_LARGE
                        ? tooLarge(current)
                        : server.handler().problem(current, 400, "request body: " + decoders.problem()));
    }

    private void handle(HttpCall current, RequestBody received) {
        try {
            server.handler().handle(current);
        } catch (RuntimeException e) {
            long leftOut = DEFECTS.leftOut();
            if (leftOut != LogInterval.NOT_YET) {
                LOG.error(
                        "A request cannot be handled. path={} left_out={}", Sentences.line(current.path()), leftOut, e);
            }
            if (current.claim()) {
                answer(current, server.handler().problem(current, 500, "internal error"));
            }
        } finally {
            current.forgetBody();
            received.release();
        }
    }

    /** Answers without the body: when the rest of it has been read, or now when that is too much. */
    private void refuse(ChannelHandlerContext ctx, HttpCall current, HttpReply answer, boolean continueExpected) {
        releaseBody();
        if (!current.claim()) {
            return;
        }
        long announced = HttpUtil.isTransferEncodingChunked(current.request())
                ? Long.MAX_VALUE
                : HttpUtil.getContentLength(current.request(), 0L);
        if (announced == 0 || (announced <= DISCARDED_BYTES_MAX && !continueExpected)) {
            state = State.DISCARDING;
            earlyAnswer = answer;
            return;
        }
        state = State.LINGERING;
        lingeringBytes = 0;
        expireAfter(LINGERING_NANOS);
        ctx.writeAndFlush(response(current, answer, false));
    }

    /** The answer of the handler. Threading: any thread. */
    void answer(HttpCall answered, HttpReply answer) {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            return;
        }
        if (ctx.executor().inEventLoop()) {
            write(ctx, answered, answer);
            return;
        }
        try {
            ctx.executor().execute(() -> write(ctx, answered, answer));
        } catch (RejectedExecutionException ended) {
            LOG.debug("An answer comes after its server has ended. path={}", answered.path());
        }
    }

    private void write(ChannelHandlerContext ctx, HttpCall answered, HttpReply answer) {
        if (state != State.HANDLING || call != answered) {
            return; // the client has gone
        }
        boolean keepAlive = answered.keepAlive() && !closeAfterAnswer && !server.stopping();
        ctx.writeAndFlush(response(answered, answer, keepAlive)).addListener(future -> {
            if (!future.isSuccess() || (!keepAlive && !http2)) {
                ctx.close();
            } else if (state == State.HANDLING && !http2) {
                next(ctx);
            }
        });
    }

    private void next(ChannelHandlerContext ctx) {
        state = State.WAITING;
        call = null;
        earlyAnswer = null;
        headBegun = !arrived.isEmpty();
        expireAfter(server.timeouts().idle().toNanos());
        if (!draining) {
            drain(ctx);
            if (state != State.HANDLING && state != State.CLOSED) {
                ctx.read();
            }
        }
    }

    private FullHttpResponse response(@Nullable HttpCall answered, HttpReply answer, boolean keepAlive) {
        boolean bodyless = answered != null && answered.method().equals("HEAD");
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(answer.status()),
                bodyless ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(answer.body()));
        server.writeConfiguredHeaders(response.headers());
        answer.headers().forEach((name, value) -> response.headers().set(name, value));
        if (answer.contentType() != null) {
            response.headers().set(HttpHeaderNames.CONTENT_TYPE, answer.contentType());
        }
        if (answer.status() != 204) {
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, answer.body().length);
        }
        Cors cors = server.cors();
        if (cors != null && answered != null) {
            cors.decorate(answered, response.headers());
        }
        if (!http2 && !keepAlive) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (!http2 && answered != null) {
            HttpUtil.setKeepAlive(response.headers(), answered.request().protocolVersion(), true);
        }
        return response;
    }

    /** What arrived is not HTTP, or more of it than a head may have. */
    private void unreadable(ChannelHandlerContext ctx, @Nullable Throwable cause) {
        int status = cause instanceof TooLongHttpHeaderException
                ? 431
                : cause instanceof TooLongHttpLineException ? 414 : 400;
        String message = switch (status) {
            case 431 -> "request headers are larger than " + HttpServer.HEADER_BYTES_MAX + " bytes";
            case 414 -> "request line is larger than " + HttpServer.LINE_BYTES_MAX + " bytes";
            default -> "not an HTTP request";
        };
        closeWith(ctx, status, message);
    }

    private void closeWith(ChannelHandlerContext ctx, int status, String message) {
        releaseBody();
        HttpCall current = call;
        if (state == State.LINGERING || state == State.CLOSED || (current != null && !current.claim())) {
            ctx.close();
            return;
        }
        state = State.LINGERING;
        lingeringBytes = 0;
        expireAfter(LINGERING_NANOS);
        HttpReply answer = server.handler().problem(current, status, message);
        ctx.writeAndFlush(response(current, answer, false)).addListener(future -> endAnswered(ctx));
    }

    /** Others need the room that a slow body takes. Threading: any thread. */
    private void giveUp(ChannelHandlerContext ctx, HttpCall slow) {
        ctx.executor().execute(() -> {
            if (state == State.BODY && call == slow) {
                closeWith(ctx, 503, BODIES_ALL_FULL);
            }
        });
    }

    private void expired() {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            return;
        }
        if (state == State.BODY) {
            closeWith(ctx, 408, "the request body did not arrive in time");
        } else if (state == State.LINGERING) {
            endAnswered(ctx);
        } else {
            ctx.close();
        }
    }

    /** A stream that was answered is reset without an error, so that the client keeps its answer. Source: RFC 9113, 8.1. */
    private void endAnswered(ChannelHandlerContext ctx) {
        if (http2) {
            ctx.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR)).addListener(future -> ctx.close());
        } else {
            ctx.close();
        }
    }

    /** The server stops: an idle connection is closed, a busy one after its answer. Threading: any thread. */
    void stop() {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            ctx.executor().execute(() -> {
                closeAfterAnswer = true;
                if (state == State.WAITING && !http2) {
                    ctx.close();
                }
            });
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // A reset, a failed handshake, bytes that are no TLS: the peer's affair, and as frequent as the peer likes.
        LOG.debug("A connection failed. peer={} problem={}", remoteAddress(), Sentences.cause(cause));
        ctx.close();
    }
}
