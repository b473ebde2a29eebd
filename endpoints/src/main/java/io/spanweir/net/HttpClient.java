package io.spanweir.net;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.ssl.SslContext;
import io.spanweir.config.Target;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client of one origin on one event loop. Over HTTP/1.1 connections are kept alive, one request at a time on each; where
 * the TLS handshake agrees on HTTP/2, all requests share one connection. Redirects are not followed. Threading: the event
 * loop, except {@link #close}.
 */
public final class HttpClient implements AutoCloseable {
    /**
     * Who is asked and by which way.
     *
     * @param proxy null for none
     * @param tls null for plain text; HTTP/2 is spoken when it offers {@code h2} and the server takes it
     * @param tlsName the name to ask for and to verify; null for the target's host
     */
    public record Peer(
            Target target,
            @Nullable HttpProxy proxy,
            @Nullable SslContext tls,
            @Nullable String tlsName) {}

    /**
     * The bounds of a client.
     *
     * @param connectionsMax 0: as many as there are requests under way
     * @param idleConnectionsMax 0: no bound
     * @param idleTimeout after which an unused connection is closed; zero: never
     * @param keepAlive false: a connection for each request
     * @param pings of an HTTP/2 connection
     */
    public record Limits(
            int connectionsMax,
            int idleConnectionsMax,
            Duration idleTimeout,
            boolean keepAlive,
            int answerLengthMax,
            Pings pings) {}

    /**
     * When a shared connection is asked whether it is alive.
     *
     * @param afterSilence of the server; zero: never
     * @param timeout until the answer, else the connection is closed
     */
    public record Pings(Duration afterSilence, Duration timeout) {}

    /** Told exactly once how a request ended. */
    public interface Callback {
        void answered(HttpAnswer answer);

        /** No answer came. The text is a sentence's end: {@code is not reachable (connection refused)}. */
        void failed(String problem);
    }

    private static final String STOPPED = "was not asked, the client is closed";

    private final EventLoop loop;
    private final Peer peer;
    private final Limits limits;
    private final HttpConnector connector;
    private final Deque<HttpConnection> idle = new ArrayDeque<>();
    private final Set<HttpConnection> connections = new HashSet<>();
    private final Deque<HttpExchange> waiting = new ArrayDeque<>();
    private final Set<HttpExchange> connecting = new HashSet<>();
    private @Nullable HttpMultiplexer multiplexer;
    /** Whether the next connection may turn out to be one for all; until the first handshake, whether that is offered. */
    private boolean multiplexing;

    private boolean closed;

    public HttpClient(EventLoop loop, Peer peer, Limits limits) {
        this.loop = loop;
        this.peer = peer;
        this.limits = limits;
        this.connector = new HttpConnector(loop, peer);
        SslContext tls = peer.tls();
        this.multiplexing =
                tls != null && tls.applicationProtocolNegotiator().protocols().contains("h2");
    }

    /**
     * Sends one request; takes over its body.
     *
     * @param timeoutNanos until the whole answer; 0: no limit
     */
    public void send(FullHttpRequest request, long timeoutNanos, Callback callback) {
        assert loop.inEventLoop();
        HttpProxy proxy = peer.proxy();
        if (proxy != null && peer.tls() == null) {
            addressThrough(proxy, request);
        }
        HttpExchange exchange = new HttpExchange(request, callback);
        if (timeoutNanos > 0) {
            exchange.timeout = loop.schedule(
                    () -> {
                        exchange.fail("did not answer within " + Sentences.duration(Duration.ofNanos(timeoutNanos)));
                        waiting.remove(exchange);
                    },
                    timeoutNanos,
                    TimeUnit.NANOSECONDS);
        }
        dispatch(exchange);
    }

    /** The proxy reads from the request where it goes. Source: RFC 9112, section 3.2.2. */
    private void addressThrough(HttpProxy proxy, FullHttpRequest request) {
        request.setUri("http://" + peer.target().authority() + request.uri());
        if (proxy.authorization() != null) {
            request.headers()
                    .set(
                            HttpHeaderNames.PROXY_AUTHORIZATION,
                            proxy.authorization().reveal());
        }
    }

    /** On the shared connection, else on an idle one, else on a new one, else when there is one. */
    private void dispatch(HttpExchange exchange) {
        HttpMultiplexer shared = multiplexer;
        if (closed) {
            exchange.fail(STOPPED);
        } else if (shared != null) {
            shared.send(exchange);
        } else if (!idle.isEmpty()) {
            idle.removeLast().send(exchange);
        } else if (mayConnect()) {
            connect(exchange);
        } else {
            waiting.add(exchange);
        }
    }

    private boolean mayConnect() {
        if (multiplexing) {
            return connecting.isEmpty();
        }
        return limits.connectionsMax == 0 || connections.size() + connecting.size() < limits.connectionsMax;
    }

    private void connect(HttpExchange exchange) {
        connecting.add(exchange);
        connector.connect(new HttpConnector.Outcome() {
            @Override
            public void connected(Channel channel, boolean multiplexed) {
                connecting.remove(exchange);
                if (closed) {
                    var unused = channel.close();
                    exchange.fail(STOPPED);
                    return;
                }
                multiplexing = multiplexed;
                if (multiplexed) {
                    share(channel, exchange);
                } else {
                    keep(channel, exchange);
                }
                next();
            }

            @Override
            public void failed(String problem) {
                connecting.remove(exchange);
                exchange.fail(problem);
                next();
            }
        });
    }

    private void keep(Channel channel, HttpExchange exchange) {
        HttpConnection connection = new HttpConnection(new Pool(), limits.answerLengthMax, false);
        channel.pipeline().addLast(HttpConnector.codec(), connection);
        connections.add(connection);
        if (exchange.done) {
            free(connection);
        } else {
            connection.send(exchange);
        }
    }

    private void share(Channel channel, HttpExchange exchange) {
        if (multiplexer == null) {
            multiplexer = HttpMultiplexer.install(channel, this, limits);
        } else {
            var unused = channel.close(); // two were opened at once, because the last one spoke HTTP/1.1
        }
        if (!exchange.done) {
            dispatch(exchange);
        }
    }

    private void free(HttpConnection connection) {
        HttpExchange first = waiting.poll();
        if (first != null) {
            connection.send(first);
        } else if (!limits.keepAlive || (limits.idleConnectionsMax > 0 && idle.size() >= limits.idleConnectionsMax)) {
            connection.close();
        } else {
            idle.addLast(connection);
            connection.expireIn(limits.idleTimeout);
        }
    }

    /** The shared connection takes no more requests. */
    void gone(HttpMultiplexer shared) {
        if (multiplexer == shared) {
            multiplexer = null;
        }
    }

    /** A kept connection was closed by the server before it said anything. */
    void again(HttpExchange exchange) {
        if (closed || multiplexing) {
            dispatch(exchange);
        } else {
            connect(exchange); // not on an idle connection, which may be closed as well
        }
    }

    private void next() {
        while (!closed && (multiplexer != null || mayConnect())) {
            HttpExchange first = waiting.poll();
            if (first == null) {
                return;
            }
            dispatch(first);
        }
    }

    /** The connections of HTTP/1.1. */
    private final class Pool implements HttpConnection.Owner {
        @Override
        public void free(HttpConnection connection) {
            HttpClient.this.free(connection);
        }

        @Override
        public void gone(HttpConnection connection) {
            idle.remove(connection);
            if (connections.remove(connection)) {
                next();
            }
        }

        @Override
        public void again(HttpExchange exchange) {
            HttpClient.this.again(exchange);
        }
    }

    /** Fails what is under way and closes all connections. Threading: any thread. */
    @Override
    public void close() {
        connector.close();
        if (loop.inEventLoop()) {
            closeAll();
        } else if (!loop.isShuttingDown()) {
            loop.execute(this::closeAll);
        }
    }

    private void closeAll() {
        closed = true;
        for (HttpExchange exchange : waiting) {
            exchange.fail(STOPPED);
        }
        waiting.clear();
        for (HttpExchange exchange : Set.copyOf(connecting)) {
            exchange.fail(STOPPED);
        }
        for (HttpConnection connection : Set.copyOf(connections)) {
            connection.close();
        }
        HttpMultiplexer shared = multiplexer;
        if (shared != null) {
            shared.close();
        }
    }
}
