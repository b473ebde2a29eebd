package io.spanweir.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a client, a request, its answer, the next request; or one stream of HTTP/2 with a single request.
 * Threading: the event loop.
 */
final class HttpConnection extends SimpleChannelInboundHandler<HttpObject> {
    /** To whom a connection belongs. Threading: the event loop. */
    interface Owner {
        /** A connection has nothing to do any more. */
        void free(HttpConnection connection);

        /** A connection is gone; may be told more than once. */
        void gone(HttpConnection connection);

        /** The server closed before it said anything, as it may when a connection was kept: once more, on a new one. */
        void again(HttpExchange exchange);
    }

    private final Owner owner;
    private final boolean kept;
    private final int answerLengthMax;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);
    private @Nullable ChannelHandlerContext context;
    private @Nullable HttpExchange exchange;
    private @Nullable HttpResponse head;
    private @Nullable ChannelFuture written;
    private @Nullable ScheduledFuture<?> expiry;
    private boolean bodyCut;
    private boolean answering;
    private int requestCount;

    /** @param kept whether others were asked on the same connection before */
    HttpConnection(Owner owner, int answerLengthMax, boolean kept) {
        this.owner = owner;
        this.answerLengthMax = answerLengthMax;
        this.kept = kept;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    void send(HttpExchange next) {
        ChannelHandlerContext open = context;
        cancelExpiry();
        if (open == null || !open.channel().isActive()) {
            close();
            owner.again(next);
            return;
        }
        exchange = next;
        next.connection = this;
        answering = false;
        requestCount++;
        ChannelFuture write = open.writeAndFlush(next.toWrite());
        written = write;
        write.addListener(future -> {
            if (!future.isSuccess()) {
                lost(future.cause());
            }
        });
    }

    void expireIn(Duration idleTimeout) {
        ChannelHandlerContext open = context;
        if (open != null && !idleTimeout.isZero()) {
            expiry = open.executor().schedule(this::close, idleTimeout.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void cancelExpiry() {
        ScheduledFuture<?> pending = expiry;
        if (pending != null) {
            pending.cancel(false);
            expiry = null;
        }
    }

    void close() {
        cancelExpiry();
        owner.gone(this);
        ChannelHandlerContext open = context;
        if (open != null) {
            var unused = open.close();
        }
        lost(null);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) throws IOException {
        if (message.decoderResult().isFailure()) {
            lost(message.decoderResult().cause());
            return;
        }
        if (exchange == null) {
            close(); // nobody asked; what follows could be taken for the answer to the next request
            return;
        }
        if (message instanceof HttpResponse response) {
            answering = true;
            head = response;
            body.reset();
            bodyCut = false;
        }
        if (message instanceof HttpContent content) {
            gather(content.content());
        }
        if (message instanceof LastHttpContent) {
            end();
        }
    }

    private void gather(ByteBuf part) throws IOException {
        int room = answerLengthMax - body.size();
        int length = Math.min(room, part.readableBytes());
        part.readBytes(body, length);
        if (part.isReadable()) {
            bodyCut = true;
            end();
        }
    }

    private void end() {
        HttpResponse answered = head;
        HttpExchange current = exchange;
        if (answered == null || current == null || isInformational(answered)) {
            return;
        }
        exchange = null;
        head = null;
        current.connection = null;
        boolean reusable = !bodyCut && written != null && written.isSuccess() && HttpUtil.isKeepAlive(answered);
        HttpAnswer answer = new HttpAnswer(
                answered.status().code(),
                answered.status().reasonPhrase(),
                new DefaultHttpHeaders().set(answered.headers()),
                body.toByteArray(),
                bodyCut);
        if (reusable) {
            owner.free(this);
        } else {
            close();
        }
        current.answer(answer);
    }

    /** {@code 100 Continue} and its like come before the answer. */
    private static boolean isInformational(HttpResponse response) {
        return response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        lost(null);
        owner.gone(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        lost(cause);
        var unused = ctx.close();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof Http2ResetFrame reset) {
            Http2Error error = Http2Error.valueOf(reset.errorCode());
            lost(new IOException("the request was reset" + (error == null ? "" : " with " + error)));
        }
        ctx.fireUserEventTriggered(event);
    }

    private void lost(@Nullable Throwable cause) {
        HttpExchange current = exchange;
        if (current == null) {
            return;
        }
        exchange = null;
        current.connection = null;
        boolean stale = (kept || requestCount > 1) && !answering && !current.repeated && !current.done;
        close();
        if (stale) {
            current.repeated = true;
            owner.again(current);
        } else {
            current.fail(
                    cause == null
                            ? "closed the connection before it had answered"
                            : "did not answer (" + Sentences.cause(cause) + ")");
        }
    }
}
