package io.spanweir.extension.healthcheck;

import io.netty.channel.EventLoopGroup;
import io.spanweir.component.EngineStatus;
import io.spanweir.component.Extension;
import io.spanweir.component.ExtensionContext;
import io.spanweir.net.EventLoops;
import io.spanweir.net.HttpCall;
import io.spanweir.net.HttpHandler;
import io.spanweir.net.HttpReply;
import io.spanweir.net.HttpServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Answers 200 while the engine works and 503 while it does not. Threading: its own I/O thread; reads the engine's status. */
final class HealthCheckExtension implements Extension, HttpHandler {
    private static final long STOP_NANOS_MAX = 1_000_000_000;

    private final HealthCheckConfig config;
    private final ExtensionContext context;
    private @Nullable EventLoopGroup loops;
    private @Nullable HttpServer server;

    HealthCheckExtension(HealthCheckConfig config, ExtensionContext context) {
        this.config = config;
        this.context = context;
    }

    @Override
    public void start() throws IOException {
        EventLoopGroup one = EventLoops.create("extension-" + context.id(), 1);
        loops = one;
        HttpServer http = new HttpServer(config.server(), one, this);
        context.listening("http", http.start());
        server = http;
    }

    @Override
    public @Nullable HttpReply refuse(HttpCall call) {
        if (!call.path().equals(config.path())) {
            return HttpReply.text(404, "not found; the health is at " + config.path() + "\n");
        }
        boolean reads = call.method().equals("GET") || call.method().equals("HEAD");
        return reads
                ? null
                : HttpReply.text(405, "only GET and HEAD are answered\n").with("allow", "GET, HEAD");
    }

    @Override
    public void handle(HttpCall call) {
        boolean healthy = context.status().healthy();
        int status = healthy ? 200 : 503;
        HealthCheckConfig.ResponseBody body = config.responseBody();
        if (body != null) {
            call.answer(HttpReply.text(status, healthy ? body.healthy() : body.unhealthy()));
        } else {
            byte[] json = json(healthy).getBytes(StandardCharsets.UTF_8);
            call.answer(HttpReply.of(status, "application/json", json));
        }
    }

    private String json(boolean healthy) {
        EngineStatus status = context.status();
        long upSince = status.upSinceUnixNanos();
        StringBuilder json = new StringBuilder("{\"status\":\"")
                .append(healthy ? "Server available" : "Server not available")
                .append("\",\"upSince\":\"")
                .append(upSince == 0 ? "" : Instant.ofEpochSecond(0, upSince))
                .append("\",\"uptime\":\"")
                .append(
                        upSince == 0
                                ? ""
                                : uptime(Duration.ofNanos(context.clock().unixNanos() - upSince)))
                .append('"');
        if (!healthy) {
            json.append(",\"reason\":\"").append(escaped(status.reason())).append('"');
        }
        return json.append('}').toString();
    }

    /** As Go writes durations: {@code 1h2m3.5s}. */
    static String uptime(Duration duration) {
        Duration positive = duration.isNegative() ? Duration.ZERO : duration;
        StringBuilder text = new StringBuilder();
        if (positive.toHours() > 0) {
            text.append(positive.toHours()).append('h');
        }
        if (positive.toMinutes() > 0) {
            text.append(positive.toMinutesPart()).append('m');
        }
        text.append(positive.toSecondsPart());
        if (positive.toMillisPart() > 0) {
            text.append('.')
                    .append(String.format("%03d", positive.toMillisPart()).replaceFirst("0+$", ""));
        }
        return text.append('s').toString();
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int index = 0; index < text.length(); index++) {
            char letter = text.charAt(index);
            if (letter == '"' || letter == '\\') {
                escaped.append('\\').append(letter);
            } else {
                escaped.append(letter < ' ' ? ' ' : letter);
            }
        }
        return escaped.toString();
    }

    @Override
    public void stop() {
        HttpServer http = server;
        if (http != null) {
            http.stop(System.nanoTime() + STOP_NANOS_MAX);
        }
        EventLoopGroup one = loops;
        if (one != null) {
            one.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
        }
        if (http != null) {
            http.close();
        }
    }
}
