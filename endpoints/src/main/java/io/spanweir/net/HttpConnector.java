package io.spanweir.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Makes the connections of a client: resolves the name on a thread of its own, tries its addresses in turn, goes through the
 * proxy, shakes hands. Threading: the event loop, except {@link #close}.
 */
final class HttpConnector implements AutoCloseable {
    /** Told exactly once how it went, on the event loop. */
    interface Outcome {
        /** @param multiplexed whether HTTP/2 was agreed on; no handler of HTTP is in the pipeline yet */
        void connected(Channel channel, boolean multiplexed);

        /** The text is a sentence's end: {@code is not reachable (connection refused)}. */
        void failed(String problem);
    }

    private static final int CONNECT_MILLIS_MAX = 30_000;
    private static final int HEADERS_LENGTH_MAX = 64 << 10;
    private static final int LINE_LENGTH_MAX = 8 << 10;
    private static final int CHUNK_LENGTH_MAX = 64 << 10;

    private final EventLoop loop;
    private final HttpClient.Peer peer;
    private final String firstHost;
    private final int firstPort;
    private final ThreadPoolExecutor resolver;

    HttpConnector(EventLoop loop, HttpClient.Peer peer) {
        this.loop = loop;
        this.peer = peer;
        HttpProxy proxy = peer.proxy();
        this.firstHost = proxy == null ? peer.target().host() : proxy.host();
        this.firstPort = proxy == null ? peer.target().port() : proxy.port();
        this.resolver = new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, "resolve-" + firstHost);
            thread.setDaemon(true);
            return thread;
        });
        resolver.allowCoreThreadTimeOut(true);
    }

    static HttpClientCodec codec() {
        return new HttpClientCodec(LINE_LENGTH_MAX, HEADERS_LENGTH_MAX, CHUNK_LENGTH_MAX);
    }

    void connect(Outcome outcome) {
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(firstHost);
        if (literal != null) {
            try {
                connect(outcome, new InetAddress[] {InetAddress.getByAddress(firstHost, literal)}, 0);
            } catch (UnknownHostException impossible) {
                unreachable(outcome, impossible);
            }
            return;
        }
        resolver.execute(() -> {
            try {
                InetAddress[] addresses = InetAddress.getAllByName(firstHost);
                onLoop(() -> connect(outcome, addresses, 0));
            } catch (UnknownHostException e) {
                onLoop(() -> unreachable(outcome, e));
            }
        });
    }

    private void onLoop(Runnable task) {
        if (!loop.isShuttingDown()) {
            loop.execute(task);
        }
    }

    private void connect(Outcome outcome, InetAddress[] addresses, int index) {
        ChannelFuture opened = new Bootstrap()
                .group(loop)
                .channel(EventLoops.clientChannel())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS_MAX)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(new InetSocketAddress(addresses[index], firstPort));
        opened.addListener(future -> {
            if (future.isSuccess()) {
                passProxy(opened.channel(), outcome);
            } else if (index + 1 < addresses.length) {
                connect(outcome, addresses, index + 1);
            } else {
                unreachable(outcome, future.cause());
            }
        });
    }

    private void unreachable(Outcome outcome, Throwable cause) {
        outcome.failed(
                peer.proxy() == null
                        ? "is not reachable (" + Sentences.cause(cause) + ")"
                        : "is not reachable (the proxy is not: " + Sentences.cause(cause) + ")");
    }

    /** Plain text needs no tunnel: the proxy reads the target in each request. */
    private void passProxy(Channel channel, Outcome outcome) {
        SslContext tls = peer.tls();
        HttpProxy proxy = peer.proxy();
        if (tls == null) {
            outcome.connected(channel, false);
        } else if (proxy == null) {
            shakeHands(channel, tls, outcome);
        } else {
            HttpTunnel.open(channel, proxy, peer.target().authority(), codec(), new HttpTunnel.Outcome() {
                @Override
                public void opened() {
                    shakeHands(channel, tls, outcome);
                }

                @Override
                public void refused(String problem) {
                    var unused = channel.close();
                    outcome.failed("is not reachable (the proxy " + problem + ")");
                }
            });
        }
    }

    private void shakeHands(Channel channel, SslContext tls, Outcome outcome) {
        String name = peer.tlsName() == null ? peer.target().host() : peer.tlsName();
        channel.pipeline()
                .addLast(tls.newHandler(channel.alloc(), name, peer.target().port()), new Agreed(outcome));
    }

    /** Says which protocol was agreed on, and keeps what the server sends until there is a handler for it. */
    private static final class Agreed extends ApplicationProtocolNegotiationHandler {
        private final Outcome outcome;
        private boolean told;

        Agreed(Outcome outcome) {
            super(ApplicationProtocolNames.HTTP_1_1);
            this.outcome = outcome;
        }

        @Override
        protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
            if (!told) {
                told = true;
                outcome.connected(ctx.channel(), protocol.equals(ApplicationProtocolNames.HTTP_2));
            }
        }

        @Override
        protected void handshakeFailure(ChannelHandlerContext ctx, Throwable cause) {
            fail(ctx, cause);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            fail(ctx, cause);
        }

        private void fail(ChannelHandlerContext ctx, Throwable cause) {
            if (!told) {
                told = true;
                outcome.failed("refused the TLS handshake or was refused (" + Sentences.cause(cause) + ")");
            }
            var unused = ctx.close();
        }
    }

    /** Threading: any thread. */
    @Override
    public void close() {
        resolver.shutdown();
    }
}
