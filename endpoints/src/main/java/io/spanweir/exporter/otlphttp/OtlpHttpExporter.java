package io.spanweir.exporter.otlphttp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslContext;
import io.spanweir.component.Exporter;
import io.spanweir.component.ExporterContext;
import io.spanweir.component.Runner;
import io.spanweir.component.SendOutcome;
import io.spanweir.config.Target;
import io.spanweir.data.ExportRequest;
import io.spanweir.net.ClientLoop;
import io.spanweir.net.ClientTls;
import io.spanweir.net.ContentEncoder;
import io.spanweir.net.ContentEncoders;
import io.spanweir.net.HttpAnswer;
import io.spanweir.net.HttpClient;
import io.spanweir.net.HttpProxy;
import io.spanweir.net.ProductVersion;
import io.spanweir.time.Clock;
import io.spanweir.wire.OtlpJsonWriter;
import io.spanweir.wire.Signal;
import java.io.IOException;
import java.io.OutputStream;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sends OTLP as the bodies of POST requests. Encoding, compression, connections and outcomes are on one I/O thread. A body is
 * copied out of the request before {@link #send} returns, compressed or not.
 */
final class OtlpHttpExporter implements Exporter {
    /** The place that a connection goes to; signals with the same one share connections. */
    private record Origin(Target.Scheme scheme, String host, int port) {}

    private record Route(HttpClient client, Target target) {}

    /** Compressed bodies are a fraction of the request; the buffer grows when they are not. */
    private static final int BODY_CAPACITY_FIRST = 128 << 10;

    private final OtlpHttpConfig config;
    private final Clock clock;
    private final ClientLoop loop;
    private final HttpHeaders headers;
    private final @Nullable ContentEncoder encoder;
    private final OtlpJsonWriter json = new OtlpJsonWriter(); // I/O thread
    private final Map<Signal, Route> routes = new EnumMap<>(Signal.class);

    OtlpHttpExporter(OtlpHttpConfig config, ExporterContext context) {
        this.config = config;
        this.clock = context.clock();
        this.loop = new ClientLoop("exporter-" + context.id());
        this.encoder = ContentEncoders.of(config.compression(), config.compressionLevel());
        this.headers = headers();
    }

    private HttpHeaders headers() {
        HttpHeaders all = new DefaultHttpHeaders();
        all.set(HttpHeaderNames.USER_AGENT, ProductVersion.userAgent());
        config.headers().forEach((name, value) -> all.set(name, value.reveal()));
        all.set(
                HttpHeaderNames.CONTENT_TYPE,
                config.encoding() == OtlpHttpConfig.Encoding.JSON ? "application/json" : "application/x-protobuf");
        if (encoder != null) {
            all.set(HttpHeaderNames.CONTENT_ENCODING, encoder.token());
        }
        if (!config.limits().keepAlive()) {
            all.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        return all;
    }

    @Override
    public void start() throws IOException {
        ClientTls tls = null;
        SslContext context = null;
        Map<Origin, HttpClient> clients = new HashMap<>();
        for (Signal signal : Signal.values()) {
            Target target = config.endpoint(signal);
            if (target == null) {
                continue;
            }
            boolean secure = target.scheme() == Target.Scheme.HTTPS;
            if (secure && tls == null) {
                tls = ClientTls.load(config.tls());
                context = config.http2() ? tls.context("h2", "http/1.1") : tls.context("http/1.1");
            }
            Origin origin = new Origin(target.scheme(), target.host(), target.port());
            HttpClient client = clients.get(origin);
            if (client == null) {
                client = new HttpClient(
                        loop.eventLoop(),
                        new HttpClient.Peer(
                                target, config.proxy(), secure ? context : null, tls == null ? null : tls.serverName()),
                        config.limits());
                clients.put(origin, client);
            }
            routes.put(signal, new Route(client, target));
        }
    }

    @Override
    public Runner runner() {
        return loop;
    }

    @Override
    public void send(ExportRequest request, Callback callback) {
        Route route = routes.get(request.signal());
        if (route == null) {
            String name = request.signal().pipelineName();
            callback.done(SendOutcome.permanent(
                    "there is no endpoint for " + name + "; set endpoint or " + name + "_endpoint"));
            return;
        }
        Target target = route.target;
        boolean asItIs = encoder == null && config.encoding() == OtlpHttpConfig.Encoding.PROTO;
        ByteBuf body = ByteBufAllocator.DEFAULT.ioBuffer(
                asItIs ? request.lengthBytes() : Math.min(request.lengthBytes(), BODY_CAPACITY_FIRST));
        try {
            encode(request, body);
        } catch (IOException e) {
            body.release();
            callback.done(SendOutcome.permanent("the request could not be encoded (" + e.getMessage() + ")"));
            return;
        }
        FullHttpRequest post = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1,
                HttpMethod.POST,
                target.path().isEmpty() ? "/" : target.path(),
                body,
                headers.copy(),
                EmptyHttpHeaders.INSTANCE);
        post.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        if (!post.headers().contains(HttpHeaderNames.HOST)) {
            post.headers().set(HttpHeaderNames.HOST, host(target));
        }
        route.client.send(post, config.timeout().toNanos(), new Answer(peer(target), callback));
    }

    /** Who answers or does not, for messages. */
    private String peer(Target target) {
        HttpProxy proxy = config.proxy();
        return proxy == null ? target.authority() : target.authority() + " through proxy " + proxy.authority();
    }

    private static String host(Target target) {
        int usual = target.scheme() == Target.Scheme.HTTPS ? 443 : 80;
        String authority = target.authority();
        return target.port() == usual ? authority.substring(0, authority.lastIndexOf(':')) : authority;
    }

    private void encode(ExportRequest request, ByteBuf body) throws IOException {
        OutputStream plain = new ByteBufOutputStream(body);
        OutputStream target = encoder == null ? plain : encoder.stream(plain);
        try (target) {
            if (config.encoding() == OtlpHttpConfig.Encoding.JSON) {
                byte[] protobuf = request.sliceCount() == 1 ? request.slice(0) : request.toByteArray();
                json.clear();
                json.write(request.signal().request(), protobuf, 0, request.lengthBytes());
                target.write(json.output(), 0, json.length());
            } else {
                request.writeTo(target);
            }
        }
    }

    private final class Answer implements HttpClient.Callback {
        private final String peer;
        private final Callback callback;

        Answer(String peer, Callback callback) {
            this.peer = peer;
            this.callback = callback;
        }

        @Override
        public void answered(HttpAnswer answer) {
            callback.done(HttpOutcome.of(answer, peer, clock.unixNanos()));
        }

        @Override
        public void failed(String problem) {
            callback.done(SendOutcome.retryable(peer + " " + problem, 0));
        }
    }

    @Override
    public void stop() {
        routes.values().forEach(route -> route.client.close());
        loop.close();
    }
}
