package io.spanweir.testsink;

import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How the sink answers one request; immutable, each {@code with…} gives a copy.
 *
 * @param grpcCode for gRPC
 * @param httpStatus for HTTP
 * @param message of the status or of the partial success
 * @param retryDelay null: no RetryInfo, no Retry-After
 * @param rejectedItems of a partial success
 * @param delay before the answer
 * @param body null: made from the above
 */
public record SinkAnswer(
        Manner manner,
        Status.Code grpcCode,
        int httpStatus,
        String message,
        Duration retryDelay,
        long rejectedItems,
        Duration delay,
        byte[] body,
        Map<String, String> headers) {
    /** What the sink does with the connection. */
    public enum Manner {
        ANSWER,
        /** Never answers. */
        SILENT,
        /** Ends the connection (gRPC: the stream) in place of an answer. */
        RESET,
        /** HTTP: a byte of the body every 20 ms, so that the answer never ends in time. */
        TRICKLE
    }

    public static SinkAnswer ok() {
        return new SinkAnswer(
                Manner.ANSWER, Status.Code.OK, 200, "", null, 0, Duration.ZERO, null, new LinkedHashMap<>());
    }

    public static SinkAnswer grpc(Status.Code code, String message) {
        return new SinkAnswer(Manner.ANSWER, code, 500, message, null, 0, Duration.ZERO, null, new LinkedHashMap<>());
    }

    public static SinkAnswer http(int status, String message) {
        return new SinkAnswer(
                Manner.ANSWER,
                Status.Code.UNKNOWN,
                status,
                message,
                null,
                0,
                Duration.ZERO,
                null,
                new LinkedHashMap<>());
    }

    public static SinkAnswer partial(long rejectedItems, String message) {
        return new SinkAnswer(
                Manner.ANSWER,
                Status.Code.OK,
                200,
                message,
                null,
                rejectedItems,
                Duration.ZERO,
                null,
                new LinkedHashMap<>());
    }

    public static SinkAnswer of(Manner manner) {
        return new SinkAnswer(manner, Status.Code.OK, 200, "", null, 0, Duration.ZERO, null, new LinkedHashMap<>());
    }

    public SinkAnswer withRetryDelay(Duration longer) {
        return new SinkAnswer(manner, grpcCode, httpStatus, message, longer, rejectedItems, delay, body, headers);
    }

    public SinkAnswer withDelay(Duration longer) {
        return new SinkAnswer(manner, grpcCode, httpStatus, message, retryDelay, rejectedItems, longer, body, headers);
    }

    /** HTTP only: exactly this body. */
    public SinkAnswer withBody(String contentType, String text) {
        return withBody(contentType, text.getBytes(StandardCharsets.UTF_8));
    }

    /** HTTP only: exactly this body. */
    public SinkAnswer withBody(String contentType, byte[] bytes) {
        return new SinkAnswer(manner, grpcCode, httpStatus, message, retryDelay, rejectedItems, delay, bytes, headers)
                .withHeader("content-type", contentType);
    }

    /** HTTP only. */
    public SinkAnswer withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new SinkAnswer(manner, grpcCode, httpStatus, message, retryDelay, rejectedItems, delay, body, more);
    }
}
