package io.spanweir.exporter.otlphttp;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.spanweir.component.SendOutcome;
import io.spanweir.net.HttpAnswer;
import io.spanweir.net.PartialSuccess;
import io.spanweir.net.RpcStatus;
import io.spanweir.net.Sentences;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * What an HTTP answer means for the request. Source: OTLP specification, "OTLP/HTTP Response" and "OTLP/HTTP Throttling".
 * Threading: any thread.
 */
final class HttpOutcome {
    private static final int TEXT_LENGTH_MAX = 2048;
    private static final long RETRY_AFTER_SECONDS_MAX = 24L * 60 * 60;

    private HttpOutcome() {}

    /**
     * The outcome of an answer.
     *
     * @param peer {@code host:port}, for the message
     * @param nowUnixNanos for a {@code Retry-After} that is a date
     */
    static SendOutcome of(HttpAnswer answer, String peer, long nowUnixNanos) {
        int status = answer.statusCode();
        if (status >= 200 && status < 300) {
            return taken(answer, peer);
        }
        String message = message(answer, peer);
        boolean retryable = status == 429 || status == 502 || status == 503 || status == 504;
        return retryable
                ? SendOutcome.retryable(message, retryAfterNanos(answer, nowUnixNanos))
                : SendOutcome.permanent(message);
    }

    private static SendOutcome taken(HttpAnswer answer, String peer) {
        if (answer.bodyCut()) {
            return SendOutcome.partial(
                    0,
                    peer + " took the request; its answer is longer than " + answer.body().length
                            + " bytes and was not read");
        }
        String type = contentType(answer);
        if (type.equals("application/json")) {
            return PartialSuccess.readJson(answer.body());
        }
        return type.equals("application/x-protobuf") || type.isEmpty()
                ? PartialSuccess.read(answer.body())
                : SendOutcome.sent();
    }

    private static String message(HttpAnswer answer, String peer) {
        String message = (peer + " answered " + answer.statusCode() + " " + Sentences.line(answer.reason())).strip();
        String said = said(answer);
        if (answer.statusCode() / 100 == 3) {
            String location = answer.headers().get(HttpHeaderNames.LOCATION, "");
            said = "redirects are not followed"
                    + (location.isEmpty() ? "" : "; it points to " + Sentences.line(location));
        }
        return said.isEmpty() ? message : message + " (" + said + ")";
    }

    /** The message of a google.rpc.Status, or the beginning of a text. */
    private static String said(HttpAnswer answer) {
        byte[] body = answer.body();
        String type = contentType(answer);
        if (type.equals("application/x-protobuf")) {
            return Sentences.line(RpcStatus.read(body).message());
        }
        if (type.equals("application/json")) {
            RpcStatus status = RpcStatus.readJson(body);
            if (status != null && !status.message().isEmpty()) {
                return Sentences.line(status.message());
            }
        }
        boolean text = type.startsWith("text/plain") || type.equals("application/json") || type.isEmpty();
        return text
                ? Sentences.line(new String(body, 0, Math.min(body.length, TEXT_LENGTH_MAX), StandardCharsets.UTF_8))
                : "";
    }

    /** The media type without parameters, in lower case; empty when absent. */
    private static String contentType(HttpAnswer answer) {
        String value = answer.headers().get(HttpHeaderNames.CONTENT_TYPE, "");
        int semicolon = value.indexOf(';');
        return (semicolon < 0 ? value : value.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
    }

    private static long retryAfterNanos(HttpAnswer answer, long nowUnixNanos) {
        String value = answer.headers().get(HttpHeaderNames.RETRY_AFTER, "").strip();
        if (value.isEmpty()) {
            return 0;
        }
        if (value.chars().allMatch(letter -> letter >= '0' && letter <= '9')) {
            long seconds = value.length() > 9 ? RETRY_AFTER_SECONDS_MAX : Long.parseLong(value);
            return Math.min(seconds, RETRY_AFTER_SECONDS_MAX) * 1_000_000_000;
        }
        try {
            Instant until = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            long seconds = Math.min(until.getEpochSecond() - nowUnixNanos / 1_000_000_000, RETRY_AFTER_SECONDS_MAX);
            long nanos = seconds * 1_000_000_000 - nowUnixNanos % 1_000_000_000;
            return Math.max(0, nanos);
        } catch (DateTimeException noDate) {
            return 0;
        }
    }
}
