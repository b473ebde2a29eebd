package io.spanweir.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.spanweir.config.Endpoint;
import io.spanweir.config.TlsServerConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A server of HTTP/1.1 and HTTP/2 (by ALPN under TLS, by prior knowledge in plain text) with the options of the collector's
 * confighttp. Bodies are decompressed and bounded before a handler sees them. Threading: any thread.
 *
 * <p>What it can be made to hold: {@link #CONNECTIONS_MAX} connections, each with at most one request under way (HTTP/2: {@link
 * #STREAMS_MAX}), and of their bodies together no more than an eighth of the heap or two bodies of the largest size. Beyond the
 * first, connections are closed at once; beyond the second, requests are answered with 503.
 */
public final class HttpServer {
    static final int LINE_BYTES_MAX = 8 << 10;
    static final int HEADER_BYTES_MAX = 32 << 10;
    static final int STREAMS_MAX = 100;
    public static final int CONNECTIONS_MAX = 10_000;
    private static final int BACKLOG = 1024;
    /** One read of a connection in each turn, then the others'. */
    private static final Supplier<ReadSizes> READ_SIZES = ReadSizes.upTo(64 << 10);

    private final HttpServerConfig config;
    private final EventLoopGroup loops;
    private final HttpHandler handler;
    private final @Nullable Cors cors;
    private final String encodingNames;
    private final BodyBudget bodies;
    private final int connectionsMax;
    private final Offenders offenders = new Offenders();
    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Set<ServerConnection> connections = ConcurrentHashMap.newKeySet();
    private final Queue<ContentDecoders> allDecoders = new ConcurrentLinkedQueue<>();
    private final FastThreadLocal<ContentDecoders> decoders = new FastThreadLocal<>() {
        @Override
        protected ContentDecoders initialValue() {
            ContentDecoders own = new ContentDecoders();
            allDecoders.add(own);
            return own;
        }
    };
    private final DecodingThreads decodingThreads = new DecodingThreads(EventLoops.threadCount());
    private volatile boolean stopping;
    private @Nullable Channel listener;

    /**
     * @param loops threads of the owner, who ends them after {@link #stop}
     */
    public HttpServer(HttpServerConfig config, EventLoopGroup loops, HttpHandler handler) {
        this(config, loops, handler, BodyBudget.capacityBytes(config.maxRequestBodyBytes()), CONNECTIONS_MAX);
    }

    /**
     * @param bodyBytesAllMax of the bodies that are received at one time on all connections
     * @param connectionsMax as {@link #CONNECTIONS_MAX}
     */
    public HttpServer(
            HttpServerConfig config,
            EventLoopGroup loops,
            HttpHandler handler,
            long bodyBytesAllMax,
            int connectionsMax) {
        this.connectionsMax = connectionsMax;
        this.config = config;
        this.loops = loops;
        this.handler = handler;
        CorsConfig corsConfig = config.cors();
        this.cors = corsConfig == null ? null : new Cors(corsConfig);
        this.encodingNames = config.encodings().stream()
                .sorted()
                .map(one -> one == ContentEncoding.IDENTITY ? "identity" : one.token())
                .collect(Collectors.joining(", "));
        this.bodies = new BodyBudget(bodyBytesAllMax);
    }

    /**
     * Begins to listen.
     *
     * @return the address with the port that was really taken
     * @throws IOException when the address is taken or unknown, or the certificates cannot be read; the message is for the user
     */
    public InetSocketAddress start() throws IOException {
        TlsServerConfig tlsConfig = config.tls();
        SslContext tls = tlsConfig == null ? null : ServerTls.context(tlsConfig, "h2", "http/1.1");
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(EventLoops.serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .handler(new ConnectionDoor(connectionsMax, offenders, HttpServer::limitReads))
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        accept(channel, tls);
                    }
                });
        ChannelFuture bound = bootstrap.bind(address(config.endpoint())).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            Throwable cause = bound.cause();
            throw new IOException("cannot listen on " + config.endpoint() + " (" + Sentences.cause(cause) + ")", cause);
        }
        listener = bound.channel();
        return (InetSocketAddress) bound.channel().localAddress();
    }

    private static void limitReads(Channel accepted) {
        accepted.config().setRecvByteBufAllocator(READ_SIZES.get());
    }

    /** Where an endpoint listens; an empty host is every address of the machine. */
    public static InetSocketAddress address(Endpoint endpoint) {
        return endpoint.host().isEmpty()
                ? new InetSocketAddress(endpoint.port())
                : new InetSocketAddress(endpoint.host(), endpoint.port());
    }

    private void accept(SocketChannel channel, @Nullable SslContext tls) {
        if (stopping) {
            var unused = channel.close();
            return;
        }
        channels.add(channel);
        HttpProtocols.begin(channel, this, tls);
    }

    /**
     * Stops listening, closes idle connections, lets requests under way finish, and cuts what is left at the deadline.
     * Handlers are still called for what arrives on connections that are busy.
     */
    public void stop(long deadlineNanos) {
        stopping = true;
        if (listener != null) {
            listener.close().awaitUninterruptibly();
        }
        for (ServerConnection connection : connections) {
            connection.stop();
        }
        for (Channel channel : channels) {
            HttpProtocols.goAway(channel);
        }
        long left = deadlineNanos - System.nanoTime();
        if (left > 0) {
            channels.newCloseFuture().awaitUninterruptibly(left, TimeUnit.NANOSECONDS);
        }
        for (Channel channel : channels) {
            HttpProtocols.cut(channel);
        }
    }

    /** Frees what the I/O threads kept. To be called when they have ended. */
    public void close() {
        decodingThreads.close();
        allDecoders.forEach(ContentDecoders::close);
        allDecoders.clear();
    }

    void opened(ServerConnection connection) {
        connections.add(connection);
        if (stopping) {
            connection.stop();
        }
    }

    void closed(ServerConnection connection) {
        connections.remove(connection);
    }

    HttpServerConfig config() {
        return config;
    }

    HttpServerConfig.Timeouts timeouts() {
        return config.timeouts();
    }

    HttpHandler handler() {
        return handler;
    }

    @Nullable
    Cors cors() {
        return cors;
    }

    String encodingNames() {
        return encodingNames;
    }

    Offenders offenders() {
        return offenders;
    }

    BodyBudget bodies() {
        return bodies;
    }

    /** Those of this I/O thread. */
    ContentDecoders decoders() {
        return decoders.get();
    }

    DecodingThreads decodingThreads() {
        return decodingThreads;
    }

    boolean stopping() {
        return stopping;
    }

    void writeConfiguredHeaders(HttpHeaders headers) {
        for (Map.Entry<String, io.spanweir.config.Secret> header :
                config.responseHeaders().entrySet()) {
            headers.set(header.getKey(), header.getValue().reveal());
        }
    }
}
