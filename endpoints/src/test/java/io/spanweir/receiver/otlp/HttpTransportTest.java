package io.spanweir.receiver.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import io.spanweir.net.Compressed;
import io.spanweir.net.ContentEncoding;
import io.spanweir.wire.Signal;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class HttpTransportTest {
    private static final String PROTOBUF = "application/x-protobuf";
    private static final String JSON = "application/json";
    private static final String TRACE_JSON =
            "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"name\":\"GET /orders\"}]}]}]}";

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static HttpRequest.Builder to(Running running, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + running.context.port("http") + path));
    }

    private HttpResponse<byte[]> post(Running running, String path, String type, byte[] body, String... headers)
            throws Exception {
        HttpRequest.Builder request =
                to(running, path).header("Content-Type", type).POST(BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    private static String type(HttpResponse<?> response) {
        return response.headers().firstValue("Content-Type").orElse("");
    }

    /** The code and message of a google.rpc.Status, read without our own reader. */
    static String status(byte[] protobuf) throws IOException {
        UnknownFieldSet fields = UnknownFieldSet.parseFrom(protobuf);
        return fields.getField(1).getVarintList().get(0) + " "
                + fields.getField(2).getLengthDelimitedList().get(0).toStringUtf8();
    }

    static Stream<Arguments> signals() {
        return Stream.of(
                argumentSet("traces", Signal.TRACES, "/v1/traces", Requests.TRACES),
                argumentSet("metrics", Signal.METRICS, "/v1/metrics", Requests.METRICS),
                argumentSet("logs", Signal.LOGS, "/v1/logs", Requests.LOGS));
    }

    @ParameterizedTest
    @MethodSource("signals")
    void aRequestIsTakenByteByByteAndAnsweredWithAnEmptyMessage(Signal signal, String path, Message request)
            throws Exception {
        try (Running running = Running.http("")) {
            HttpResponse<byte[]> response = post(running, path, PROTOBUF, request.toByteArray());

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEmpty();
            assertThat(type(response)).isEqualTo(PROTOBUF);
            assertThat(running.context.taken).singleElement().satisfies(taken -> {
                assertThat(taken.signal()).isEqualTo(signal);
                assertThat(taken.transport()).isEqualTo("http");
                assertThat(taken.message()).isEqualTo(request);
                assertThat(taken.metadata().isEmpty()).isTrue();
                assertThat(taken.thread()).startsWith("spanweir-otlp");
            });
        }
    }

    @ParameterizedTest
    @MethodSource("signals")
    void aSignalThatNoPipelineListsHasNoPath(Signal signal, String path, Message request) throws Exception {
        Signal other = signal == Signal.LOGS ? Signal.TRACES : Signal.LOGS;
        try (Running running = Running.http("", other)) {
            assertThat(post(running, path, PROTOBUF, request.toByteArray()).statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void jsonIsTakenAsProtobufAndAnsweredInJson() throws Exception {
        try (Running running = Running.http("")) {
            HttpResponse<byte[]> response = post(
                    running,
                    "/v1/traces",
                    "application/json; charset=utf-8",
                    TRACE_JSON.getBytes(StandardCharsets.UTF_8));

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).asString().isEqualTo("{}");
            assertThat(type(response)).isEqualTo(JSON);
            assertThat(running.context.taken.get(0).message().toString()).contains("GET /orders");
        }
    }

    @ParameterizedTest
    @EnumSource(ContentEncoding.class)
    void everyEncodingIsUndone(ContentEncoding encoding) throws Exception {
        Message request = Requests.tracesOfLength(200_000);
        try (Running running = Running.http("")) {
            HttpResponse<byte[]> response = post(
                    running,
                    "/v1/traces",
                    PROTOBUF,
                    Compressed.with(encoding, request.toByteArray()),
                    "Content-Encoding",
                    encoding.token().isEmpty() ? "identity" : encoding.token());

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(running.context.taken)
                    .singleElement()
                    .satisfies(taken -> assertThat(taken.message()).isEqualTo(request));
        }
    }

    @ParameterizedTest
    @EnumSource(ContentEncoding.class)
    void aBodyOfTheLimitIsTakenAndOneByteMoreIsTooLarge(ContentEncoding encoding) throws Exception {
        String name = encoding.token().isEmpty() ? "identity" : encoding.token();
        try (Running running = Running.http("max_request_body_size: 50000")) {
            byte[] fits = Requests.tracesOfLength(50_000).toByteArray();
            byte[] tooLong = Requests.tracesOfLength(50_001).toByteArray();

            assertThat(post(running, "/v1/traces", PROTOBUF, Compressed.with(encoding, fits), "Content-Encoding", name)
                            .statusCode())
                    .isEqualTo(200);
            HttpResponse<byte[]> refused =
                    post(running, "/v1/traces", PROTOBUF, Compressed.with(encoding, tooLong), "Content-Encoding", name);
            assertThat(refused.statusCode()).isEqualTo(413);
            assertThat(status(refused.body())).isEqualTo("8 request body is larger than 50000 bytes");
            assertThat(refused.headers().firstValue("Retry-After")).isEmpty();
            assertThat(running.context.failed).hasValue(1);
            assertThat(running.context.taken).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource(ContentEncoding.class)
    void aBombIsTooLarge(ContentEncoding encoding) throws Exception {
        try (Running running = Running.http("max_request_body_size: 100KiB")) {
            byte[] bomb = Compressed.with(encoding, new byte[16 << 20]);
            HttpResponse<byte[]> response = post(
                    running,
                    "/v1/traces",
                    JSON,
                    bomb,
                    "Content-Encoding",
                    encoding.token().isEmpty() ? "identity" : encoding.token());

            assertThat(response.statusCode()).isEqualTo(413);
            assertThat(type(response)).isEqualTo(JSON);
            assertThat(response.body())
                    .asString()
                    .isEqualTo("{\"code\":8,\"message\":\"request body is larger than 102400 bytes\"}");
        }
    }

    @Test
    void aBodyWithoutContentLengthIsTaken() throws Exception {
        Message request = Requests.tracesOfLength(300_000);
        try (Running running = Running.http("")) {
            HttpRequest chunked = to(running, "/v1/traces")
                    .header("Content-Type", PROTOBUF)
                    .POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(request.toByteArray())))
                    .build();

            assertThat(client.send(chunked, BodyHandlers.ofByteArray()).statusCode())
                    .isEqualTo(200);
            assertThat(running.context.taken.get(0).message()).isEqualTo(request);
        }
    }

    record Situation(String method, String path, String type, String encoding, byte[] body) {}

    private static Situation post(String path, String type, String encoding, String body) {
        return new Situation("POST", path, type, encoding, body.getBytes(StandardCharsets.UTF_8));
    }

    static Stream<Arguments> situations() {
        return Stream.of(
                argumentSet("another path", post("/v1/spans", PROTOBUF, "", "x"), 404, "404 page not found"),
                argumentSet("a path below", post("/v1/traces/", PROTOBUF, "", "x"), 404, "404 page not found"),
                argumentSet(
                        "GET",
                        new Situation("GET", "/v1/traces", PROTOBUF, "", new byte[0]),
                        405,
                        "405 method not allowed, supported: [POST]"),
                argumentSet(
                        "OPTIONS without CORS",
                        new Situation("OPTIONS", "/v1/traces", PROTOBUF, "", new byte[0]),
                        405,
                        "405 method not allowed, supported: [POST]"),
                argumentSet(
                        "text",
                        post("/v1/traces", "text/plain", "", "x"),
                        415,
                        "415 unsupported media type, supported: [application/json, application/x-protobuf]"),
                argumentSet(
                        "an unknown encoding",
                        post("/v1/traces", PROTOBUF, "br", "x"),
                        400,
                        "3 unsupported Content-Encoding \"br\"; supported: identity, gzip, zstd, zlib, snappy, deflate, lz4,"
                                + " x-snappy-framed"),
                argumentSet(
                        "an unknown encoding of JSON",
                        post("/v1/traces", JSON, "br", "x"),
                        400,
                        "{\"code\":3,\"message\":\"unsupported Content-Encoding \\\"br\\\"; supported: identity, gzip, zstd,"
                                + " zlib, snappy, deflate, lz4, x-snappy-framed\"}"),
                argumentSet(
                        "damaged gzip",
                        post("/v1/traces", PROTOBUF, "gzip", "not gzip at all"),
                        400,
                        "3 request body: the gzip header is damaged or cut short"),
                argumentSet(
                        "no protobuf",
                        post("/v1/traces", PROTOBUF, "", "\n\u0020no"),
                        400,
                        "3 resource_spans[0].scope_spans[0].spans[1].trace_id: 15 bytes at offset 9, expected 16"));
    }

    @ParameterizedTest
    @MethodSource("situations")
    void whatIsWrongIsSaid(Situation situation, int status, String expected) throws Exception {
        try (Running running = Running.http("")) {
            HttpRequest.Builder request = to(running, situation.path)
                    .header("Content-Type", situation.type)
                    .method(situation.method, BodyPublishers.ofByteArray(situation.body));
            if (!situation.encoding.isEmpty()) {
                request.header("Content-Encoding", situation.encoding);
            }
            HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());

            assertThat(response.statusCode()).isEqualTo(status);
            String text = type(response).equals(PROTOBUF)
                    ? status(response.body())
                    : new String(response.body(), StandardCharsets.UTF_8);
            assertThat(text).isEqualTo(expected);
            assertThat(running.context.taken).isEmpty();
        }
    }

    @Test
    void malformedJsonIsAnsweredWithItsPlace() throws Exception {
        try (Running running = Running.http("")) {
            HttpResponse<byte[]> response = post(
                    running,
                    "/v1/traces",
                    JSON,
                    "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"traceId\":\"5b8e\"}]}]}]}"
                            .getBytes(StandardCharsets.UTF_8));

            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(response.body())
                    .asString()
                    .contains("\"code\":3", "resourceSpans[0].scopeSpans[0].spans[0].traceId");
            assertThat(running.context.failed).hasValue(1);
        }
    }

    @ParameterizedTest
    @MethodSource("emptyBodies")
    void anEmptyRequestSucceeds(String type, String body, String expected) throws Exception {
        try (Running running = Running.http("")) {
            HttpResponse<byte[]> response = post(running, "/v1/logs", type, body.getBytes(StandardCharsets.UTF_8));

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).asString().isEqualTo(expected);
            assertThat(running.context.taken).isEmpty();
        }
    }

    static Stream<Arguments> emptyBodies() {
        return Stream.of(argumentSet("no bytes", PROTOBUF, "", ""), argumentSet("an empty object", JSON, "{}", "{}"));
    }

    @ParameterizedTest
    @MethodSource("delays")
    void aRefusalAsksToComeBackInWholeSeconds(long delayNanos, String retryAfter) throws Exception {
        try (Running running = Running.http("")) {
            running.context.full = true;
            running.context.retryDelayNanos = delayNanos;
            HttpResponse<byte[]> response = post(running, "/v1/traces", PROTOBUF, Requests.TRACES.toByteArray());

            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.headers().firstValue("Retry-After")).contains(retryAfter);
            assertThat(status(response.body())).isEqualTo("14 " + RecordingContext.REFUSAL);
        }
    }

    static Stream<Arguments> delays() {
        return Stream.of(
                argumentSet("less than a second", 20_000_000L, "1"),
                argumentSet("just a second", 1_000_000_000L, "1"),
                argumentSet("more than a second", 1_000_000_001L, "2"),
                argumentSet("unknown", 0L, "1"));
    }

    @Test
    void aFullRingAndAFullStoreLookAlikeToTheSender() throws Exception {
        try (Running running = Running.http("")) {
            running.context.ringFull = true;
            HttpResponse<byte[]> response =
                    post(running, "/v1/traces", JSON, TRACE_JSON.getBytes(StandardCharsets.UTF_8));

            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.body())
                    .asString()
                    .isEqualTo("{\"code\":14,\"message\":\"" + RecordingContext.REFUSAL + "\"}");
        }
    }

    @Test
    void aDefectIsAnsweredAndTheConnectionLivesOn() throws Exception {
        try (Running running = Running.http("")) {
            running.context.broken = true;
            assertThat(post(running, "/v1/traces", PROTOBUF, Requests.TRACES.toByteArray())
                            .statusCode())
                    .isEqualTo(500);
            running.context.broken = false;
            assertThat(post(running, "/v1/traces", PROTOBUF, Requests.TRACES.toByteArray())
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @MethodSource("outcomes")
    void anAnswerThatWaitsForTheResultTellsIt(String failure, boolean retryable, int status) throws Exception {
        try (Running running = Running.http("")) {
            running.context.waitsForResult = true;
            CompletableFuture<HttpResponse<byte[]>> response = client.sendAsync(
                    to(running, "/v1/traces")
                            .header("Content-Type", PROTOBUF)
                            .POST(BodyPublishers.ofByteArray(Requests.TRACES.toByteArray()))
                            .build(),
                    BodyHandlers.ofByteArray());
            await().until(() -> running.context.unsettled.size() == 1);
            assertThat(response).isNotDone();

            if (failure.isEmpty()) {
                running.context.unsettled.get(0).settle();
            } else {
                running.context.unsettled.get(0).fail(failure, retryable);
            }
            assertThat(response.get().statusCode()).isEqualTo(status);
        }
    }

    static Stream<Arguments> outcomes() {
        return Stream.of(
                argumentSet("delivered", "", false, 200),
                argumentSet("not now", "tempo does not answer", true, 503),
                argumentSet("never", "tempo refuses it", false, 500));
    }

    @Test
    void metadataStaysWithTheDataWhenAskedFor() throws Exception {
        try (Running running = Running.http("include_metadata: true")) {
            post(running, "/v1/traces", PROTOBUF, Requests.TRACES.toByteArray(), "X-Tenant", "a", "X-Tenant", "b");

            assertThat(running.context.taken.get(0).metadata().get("x-tenant")).isEqualTo(List.of("a", "b"));
            assertThat(running.context.taken.get(0).metadata().get("Host")).hasSize(1);
        }
    }

    @Test
    void pathsAndHeadersAndEncodingsCanBeConfigured() throws Exception {
        try (Running running = Running.http(
                "traces_url_path: /in/spans, response_headers: {x-served-by: weir}, compression_algorithms: [gzip]")) {
            byte[] gzip = Compressed.with(ContentEncoding.GZIP, Requests.TRACES.toByteArray());
            HttpResponse<byte[]> taken = post(running, "/in/spans", PROTOBUF, gzip, "Content-Encoding", "gzip");
            HttpResponse<byte[]> old = post(running, "/v1/traces", PROTOBUF, new byte[0]);
            HttpResponse<byte[]> zstd = post(running, "/in/spans", PROTOBUF, gzip, "Content-Encoding", "zstd");

            assertThat(taken.statusCode()).isEqualTo(200);
            assertThat(taken.headers().firstValue("x-served-by")).contains("weir");
            assertThat(old.statusCode()).isEqualTo(404);
            assertThat(old.headers().firstValue("x-served-by")).contains("weir");
            assertThat(zstd.statusCode()).isEqualTo(400);
        }
    }

    private static RawHttp.Reply preflight(Running running, String origin, String headers) throws Exception {
        return RawHttp.exchange(
                running.context.port("http"),
                "OPTIONS /v1/traces HTTP/1.1\r\nHost: a\r\nOrigin: " + origin
                        + "\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: " + headers
                        + "\r\nConnection: close\r\n\r\n");
    }

    @ParameterizedTest
    @MethodSource("preflights")
    void browsersAreToldWhatTheyMaySend(String origin, String headers, String allowedOrigin) throws Exception {
        try (Running running = Running.http("cors: {allowed_origins: [\"https://*.example.com\"], allowed_headers:"
                + " [X-Key], exposed_headers: [X-Served-By], max_age: 600}")) {
            RawHttp.Reply answer = preflight(running, origin, headers);

            assertThat(answer.status()).isEqualTo(204);
            assertThat(answer.header("Access-Control-Allow-Methods")).isEqualTo(allowedOrigin.isEmpty() ? "" : "POST");
            assertThat(answer.header("Access-Control-Max-Age")).isEqualTo(allowedOrigin.isEmpty() ? "" : "600");
            assertThat(answer.header("Vary")).contains("Origin");
        }
    }

    static Stream<Arguments> preflights() {
        return Stream.of(
                argumentSet("an allowed page", "https://shop.example.com", "content-type, x-key", "yes"),
                argumentSet("an allowed page without headers", "https://shop.example.com", "", "yes"),
                argumentSet("another page", "https://evil.com", "content-type", ""),
                argumentSet("a header that is not allowed", "https://shop.example.com", "x-other", ""));
    }

    @ParameterizedTest
    @MethodSource("origins")
    void answersToPagesNameTheirOrigin(String allowed, String origin, String expected) throws Exception {
        try (Running running =
                Running.http("cors: {allowed_origins: [" + allowed + "], exposed_headers: [X-Served-By]}")) {
            RawHttp.Reply answer = RawHttp.exchange(
                    running.context.port("http"),
                    "POST /v1/traces HTTP/1.1\r\nHost: a\r\nOrigin: " + origin
                            + "\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo(expected);
            assertThat(answer.header("Access-Control-Expose-Headers"))
                    .isEqualTo(expected.isEmpty() ? "" : "X-Served-By");
        }
    }

    static Stream<Arguments> origins() {
        return Stream.of(
                argumentSet("by name", "\"https://a.example\"", "https://a.example", "https://a.example"),
                argumentSet("any", "\"*\"", "https://a.example", "*"),
                argumentSet("another", "\"https://a.example\"", "https://b.example", ""));
    }
}
