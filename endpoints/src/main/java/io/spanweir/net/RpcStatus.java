package io.spanweir.net;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What matters of a {@code google.rpc.Status}: {1 code, 2 message, 3 details: Any{1 type_url, 2 value}}, and of its detail
 * {@code google.rpc.RetryInfo}: {1 Duration{1 seconds, 2 nanos}}. Threading: any thread, immutable.
 *
 * @param retryDelayNanos at least 0; {@link #NO_RETRY_INFO} when the server did not say
 */
public record RpcStatus(int code, String message, long retryDelayNanos) {
    public static final long NO_RETRY_INFO = -1;

    /** Longer delays are as good as never. */
    private static final long RETRY_DELAY_SECONDS_MAX = 24L * 60 * 60;

    private static final String RETRY_INFO = "google.rpc.RetryInfo";

    /** Reads what is there; broken bytes give an empty status. */
    public static RpcStatus read(byte[] protobuf) {
        int code = 0;
        String message = "";
        long retryDelayNanos = NO_RETRY_INFO;
        AnswerReader reader = new AnswerReader(protobuf, 0, protobuf.length);
        while (reader.next()) {
            if (reader.isNumber(1)) {
                code = (int) reader.number();
            } else if (reader.isBytes(2)) {
                message = reader.text();
            } else if (reader.isBytes(3)) {
                retryDelayNanos = Math.max(retryDelayNanos, retryDelayNanos(reader.message()));
            }
        }
        return new RpcStatus(code, message, retryDelayNanos);
    }

    /** Reads the JSON form; null when the text is no object. */
    public static @Nullable RpcStatus readJson(byte[] json) {
        if (!(AnswerJson.parse(json) instanceof Map<?, ?> status)) {
            return null;
        }
        String message = status.get("message") instanceof String text ? text : "";
        int code = (int) AnswerJson.number(status.get("code"));
        return new RpcStatus(code, message, NO_RETRY_INFO);
    }

    private static long retryDelayNanos(AnswerReader any) {
        boolean retryInfo = false;
        AnswerReader value = null;
        while (any.next()) {
            if (any.isBytes(1)) {
                String url = any.text();
                retryInfo = url.substring(url.lastIndexOf('/') + 1).equals(RETRY_INFO);
            } else if (any.isBytes(2)) {
                value = any.message();
            }
        }
        if (!retryInfo) {
            return NO_RETRY_INFO;
        }
        long nanos = 0;
        while (value != null && value.next()) {
            if (value.isBytes(1)) {
                nanos = durationNanos(value.message());
            }
        }
        return nanos;
    }

    private static long durationNanos(AnswerReader duration) {
        long seconds = 0;
        long nanos = 0;
        while (duration.next()) {
            if (duration.isNumber(1)) {
                seconds = Math.max(0, Math.min(RETRY_DELAY_SECONDS_MAX, duration.number()));
            } else if (duration.isNumber(2)) {
                nanos = Math.max(0, Math.min(999_999_999, duration.number()));
            }
        }
        return seconds * 1_000_000_000 + nanos;
    }
}
