package io.spanweir.net;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.ScheduledFuture;
import io.spanweir.config.Secret;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks a proxy for a way through to the target; when it is open, nothing of HTTP is left in the pipeline. Source: RFC 9110,
 * section 9.3.6. Threading: the event loop.
 */
final class HttpTunnel extends SimpleChannelInboundHandler<HttpObject> {
    /** Told exactly once. */
    interface Outcome {
        /** Every byte goes to the target and comes from it. */
        void opened();

        /** The text continues "the proxy": {@code answered 407 Proxy Authentication Required}. */
        void refused(String problem);
    }

    private static final Duration ANSWER_TIME_MAX = Duration.ofSeconds(30);

    private final HttpClientCodec codec;
    private final ScheduledFuture<?> timeout;
    private @Nullable Outcome outcome;
    private boolean open;

    private HttpTunnel(HttpClientCodec codec, Channel channel, Outcome outcome) {
        this.codec = codec;
        this.outcome = outcome;
        this.timeout = channel.eventLoop()
                .schedule(
                        () -> refuse("did not answer within " + Sentences.duration(ANSWER_TIME_MAX)),
                        ANSWER_TIME_MAX.toNanos(),
                        TimeUnit.NANOSECONDS);
    }

    /**
     * Asks on a connection to the proxy.
     *
     * @param target {@code host:port}
     */
    static void open(Channel channel, HttpProxy proxy, String target, HttpClientCodec codec, Outcome outcome) {
        HttpTunnel tunnel = new HttpTunnel(codec, channel, outcome);
        channel.pipeline().addLast(codec, tunnel);
        FullHttpRequest connect =
                new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.CONNECT, target, Unpooled.EMPTY_BUFFER);
        connect.headers().set(HttpHeaderNames.HOST, target);
        connect.headers().set(HttpHeaderNames.USER_AGENT, ProductVersion.userAgent());
        Secret authorization = proxy.authorization();
        if (authorization != null) {
            connect.headers().set(HttpHeaderNames.PROXY_AUTHORIZATION, authorization.reveal());
        }
        channel.writeAndFlush(connect).addListener(written -> {
            if (!written.isSuccess()) {
                tunnel.refuse("did not answer (" + Sentences.cause(written.cause()) + ")");
            }
        });
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
        if (message.decoderResult().isFailure()) {
            refuse("did not answer (" + Sentences.cause(message.decoderResult().cause()) + ")");
            return;
        }
        if (message instanceof HttpResponse response
                && response.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
            if (response.status().code() == HttpResponseStatus.OK.code()) {
                open = true;
            } else {
                refuse(("answered " + response.status().code() + " "
                                + Sentences.line(response.status().reasonPhrase()))
                        .strip());
            }
        }
        Outcome told = outcome;
        if (open && message instanceof LastHttpContent && told != null) {
            outcome = null;
            timeout.cancel(false);
            ctx.pipeline().remove(this);
            ctx.pipeline().remove(codec);
            told.opened();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        refuse("closed the connection before it had answered");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        refuse("did not answer (" + Sentences.cause(cause) + ")");
    }

    private void refuse(String problem) {
        Outcome told = outcome;
        if (told != null) {
            outcome = null;
            timeout.cancel(false);
            told.refused(problem);
        }
    }
}
