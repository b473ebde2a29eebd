package io.spanweir.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoopGroup;
import io.spanweir.config.Endpoint;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The server as the receivers, the health check and the admin API see it. */
class HttpServerTest {
    private static final int BODY_BYTES_ALL_MAX = 100_000;

    private final EventLoopGroup loops = EventLoops.create("test");
    private final HttpClient client = HttpClient.newHttpClient();
    private @Nullable HttpServer server;
    private int port;

    private void serve(HttpHandler handler) throws IOException {
        server = new HttpServer(
                HttpServerConfig.of(new Endpoint("127.0.0.1", 0)),
                loops,
                handler,
                BODY_BYTES_ALL_MAX,
                HttpServer.CONNECTIONS_MAX);
        port = server.start().getPort();
    }

    @AfterEach
    void stop() throws Exception {
        if (server != null) {
            server.stop(System.nanoTime() + TimeUnit.SECONDS.toNanos(5));
            assertThat(server.bodies().usedBytes()).isZero();
        }
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        if (server != null) {
            server.close();
        }
    }

    /** Says back what it was sent; fails at {@code /defect}. */
    private static final class Echo implements HttpHandler {
        @Override
        public @Nullable HttpReply refuse(HttpCall call) {
            return null;
        }

        @Override
        public void handle(HttpCall call) {
            if (call.path().equals("/defect")) {
                throw new IllegalStateException("a defect");
            }
            byte[] body = new byte[call.bodyLength()];
            call.copyBody(body, 0);
            String text = call.method() + " " + call.path() + "?" + call.query() + " " + call.mediaType() + " "
                    + new String(body, StandardCharsets.UTF_8);
            call.answer(HttpReply.text(200, text).with("X-Length", Integer.toString(body.length)));
        }
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    @Test
    void aHandlerSeesTheRequestAndItsAnswerArrives() throws Exception {
        serve(new Echo());
        HttpResponse<String> answer = client.send(
                to("/a/b?c=d")
                        .header("Content-Type", "Text/Plain; charset=utf-8")
                        .POST(BodyPublishers.ofString("hello"))
                        .build(),
                BodyHandlers.ofString());

        assertThat(answer.body()).isEqualTo("POST /a/b?c=d text/plain hello");
        assertThat(answer.headers().firstValue("x-length")).contains("5");
    }

    @Test
    void headIsAnsweredWithoutBody() throws Exception {
        serve(new Echo());
        HttpResponse<String> answer =
                client.send(to("/a").method("HEAD", BodyPublishers.noBody()).build(), BodyHandlers.ofString());

        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers().firstValue("content-length")).contains("10");
    }

    @Test
    void aHandlerThatThrowsAnswers500AndTheServerGoesOn() throws Exception {
        serve(new Echo());

        assertThat(client.send(to("/defect").build(), BodyHandlers.ofString()).statusCode())
                .isEqualTo(500);
        assertThat(client.send(to("/fine").build(), BodyHandlers.ofString()).statusCode())
                .isEqualTo(200);
    }

    @Test
    void bodiesOfAllConnectionsTogetherAreBounded() throws Exception {
        serve(new Echo());
        HttpRequest small =
                to("/").POST(BodyPublishers.ofByteArray(new byte[20_000])).build();
        try (Socket slow = new Socket("127.0.0.1", port)) {
            slow.getOutputStream()
                    .write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 90001\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            slow.getOutputStream().write(new byte[90_000]);
            slow.getOutputStream().flush();
            await().until(() -> server.bodies().usedBytes() == 90_000);

            // The second is refused while the first is young; afterwards the first has to make room.
            int second = client.send(small, BodyHandlers.ofString()).statusCode();
            assertThat(second).isIn(200, 503);
            if (second == 503) {
                slow.getOutputStream().write(0);
            }
            assertThat(new String(slow.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                    .isEqualTo(second == 503 ? "HTTP/1.1 200" : "HTTP/1.1 503");
            assertThat(client.send(small, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aSlowBodyIsGivenUpWhenOthersNeedItsRoom() throws Exception {
        serve(new Echo());
        HttpRequest small =
                to("/").POST(BodyPublishers.ofByteArray(new byte[20_000])).build();
        try (Socket slow = new Socket("127.0.0.1", port)) {
            slow.getOutputStream()
                    .write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 90001\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            slow.getOutputStream().write(new byte[90_000]);
            slow.getOutputStream().flush();
            await().until(() -> server.bodies().usedBytes() == 90_000);

            await("room for others")
                    .until(() -> client.send(small, BodyHandlers.ofString()).statusCode() == 200);
            assertThat(new String(slow.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 503");
        }
    }

    @Test
    void aBodyOfAClientThatLeavesIsNoLongerCounted() throws Exception {
        serve(new Echo());
        try (Socket slow = new Socket("127.0.0.1", port)) {
            slow.getOutputStream()
                    .write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 90001\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            slow.getOutputStream().write(new byte[90_000]);
            slow.getOutputStream().flush();
            await().until(() -> server.bodies().usedBytes() == 90_000);
        }
        await().until(() -> server.bodies().usedBytes() == 0);
    }
}
