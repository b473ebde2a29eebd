package io.spanweir.net;

import io.spanweir.component.SendOutcome;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer to an export request that was taken: {@code Export…ServiceResponse{1 partial_success{1 rejected_…, 2
 * error_message}}}, alike for all signals. Threading: any thread.
 */
public final class PartialSuccess {
    private PartialSuccess() {}

    /** The outcome that the protobuf answer tells; broken bytes count as an empty answer. */
    public static SendOutcome read(byte[] protobuf) {
        long rejectedItems = 0;
        String message = "";
        AnswerReader reader = new AnswerReader(protobuf, 0, protobuf.length);
        while (reader.next()) {
            if (reader.isBytes(1)) {
                AnswerReader partial = reader.message();
                while (partial.next()) {
                    if (partial.isNumber(1)) {
                        rejectedItems = partial.number();
                    } else if (partial.isBytes(2)) {
                        message = partial.text();
                    }
                }
            }
        }
        return outcome(rejectedItems, message);
    }

    /** The outcome that the JSON answer tells; broken text counts as an empty answer. */
    public static SendOutcome readJson(byte[] json) {
        if (!(AnswerJson.parse(json) instanceof Map<?, ?> answer)
                || !(answer.get("partialSuccess") instanceof Map<?, ?> partial)) {
            return SendOutcome.sent();
        }
        Object rejected = firstOf(partial, "rejectedSpans", "rejectedLogRecords", "rejectedDataPoints");
        String message = partial.get("errorMessage") instanceof String text ? text : "";
        return outcome(AnswerJson.number(rejected), message);
    }

    private static @Nullable Object firstOf(Map<?, ?> object, String... names) {
        for (String name : names) {
            Object value = object.get(name);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    private static SendOutcome outcome(long rejectedItems, String message) {
        return rejectedItems <= 0 && message.isEmpty()
                ? SendOutcome.sent()
                : SendOutcome.partial(Math.max(0, rejectedItems), Sentences.line(message));
    }
}
