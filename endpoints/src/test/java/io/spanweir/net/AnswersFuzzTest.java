package io.spanweir.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.spanweir.component.SendOutcome;
import io.spanweir.testkit.Poison;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Any bytes as the answer of a backend, in protobuf and in JSON: never an exception, and what other parsers read. */
class AnswersFuzzTest {
    private static final int TEXT_LENGTH_MAX = 4096;
    private static final int DEPTH_MAX = 32;
    private static final int DIGITS_MAX = 40;
    private static final JsonFactory JACKSON = new JsonFactory();

    @FuzzTest(maxDuration = "1m")
    void read(byte[] answer) {
        protobuf(answer);
        json(answer);
        String first = null;
        for (Poison poison : Poison.protobuf()) {
            byte[] around = poison.surround(answer);
            StringBuilder fields = new StringBuilder();
            walk(new AnswerReader(around, Poison.OFFSET, answer.length), 0, fields);
            assertThat(fields.toString())
                    .as("with %s around", poison)
                    .isEqualTo(first == null ? fields.toString() : first);
            first = fields.toString();
        }
    }

    private static void walk(AnswerReader reader, int depth, StringBuilder to) {
        while (reader.next() && to.length() < 100_000) {
            to.append('[');
            for (int number = 0; number < 4; number++) {
                if (reader.isNumber(number)) {
                    to.append(number).append('=').append(reader.number());
                } else if (reader.isBytes(number)) {
                    to.append(number).append('=').append(reader.text());
                    if (depth < 4) {
                        walk(reader.message(), depth + 1, to);
                    }
                }
            }
            to.append(']');
        }
    }

    private static void protobuf(byte[] answer) {
        RpcStatus status = RpcStatus.read(answer);
        assertThat(status.retryDelayNanos()).isBetween(RpcStatus.NO_RETRY_INFO, 86_401_000_000_000L);
        assertThat(status.message().length()).isLessThanOrEqualTo(TEXT_LENGTH_MAX);
        SendOutcome outcome = PartialSuccess.read(answer);
        assertThat(outcome.kind()).isEqualTo(SendOutcome.Kind.SENT);
        ExportTraceServiceResponse parsed;
        try {
            parsed = ExportTraceServiceResponse.parseFrom(answer);
        } catch (InvalidProtocolBufferException e) {
            return;
        }
        ExportTracePartialSuccess partial = parsed.getPartialSuccess();
        if (hasGroups(parsed.getUnknownFields())
                || hasGroups(partial.getUnknownFields())
                || partial.getErrorMessageBytes().size() > TEXT_LENGTH_MAX) {
            return; // groups end the reading; longer texts are cut
        }
        assertThat(outcome).isEqualTo(expected(partial.getRejectedSpans(), partial.getErrorMessage()));
    }

    private static SendOutcome expected(long rejected, String message) {
        return rejected <= 0 && message.isEmpty()
                ? SendOutcome.sent()
                : SendOutcome.partial(Math.max(0, rejected), Sentences.line(message));
    }

    private static boolean hasGroups(UnknownFieldSet fields) {
        return fields.asMap().values().stream()
                .anyMatch(field -> !field.getGroupList().isEmpty());
    }

    private static void json(byte[] answer) {
        Object ours = AnswerJson.parse(answer);
        assertThat(PartialSuccess.readJson(answer).kind()).isEqualTo(SendOutcome.Kind.SENT);
        RpcStatus status = RpcStatus.readJson(answer);
        assertThat(status != null).isEqualTo(ours instanceof Map);
        Object theirs;
        try (JsonParser parser = JACKSON.createParser(new String(answer, StandardCharsets.UTF_8))) {
            if (parser.nextToken() == null) {
                return;
            }
            theirs = value(parser, 0);
            if (parser.nextToken() != null) {
                return;
            }
        } catch (IOException | TooDeep e) {
            return;
        }
        assertThat(same(ours, theirs)).as("%s, Jackson reads %s", ours, theirs).isTrue();
    }

    private static final class TooDeep extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static @Nullable Object value(JsonParser parser, int depth) throws IOException {
        if (depth > DEPTH_MAX) {
            throw new TooDeep();
        }
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            Map<String, @Nullable Object> members = new HashMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                members.put(name, value(parser, depth + 1));
            }
            return members;
        }
        if (token == JsonToken.START_ARRAY) {
            List<@Nullable Object> items = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                items.add(value(parser, depth + 1));
            }
            return items;
        }
        if (token == JsonToken.VALUE_NULL) {
            return null;
        }
        if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
            return token == JsonToken.VALUE_TRUE;
        }
        return token == JsonToken.VALUE_STRING ? parser.getText() : new Digits(parser.getText());
    }

    private record Digits(String text) {}

    /** The whole number; 0 when its exponent is beyond what Java counts with. */
    private static long whole(String digits) {
        try {
            return new BigDecimal(digits).longValue();
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static boolean same(@Nullable Object ours, @Nullable Object theirs) {
        if (theirs instanceof Map<?, ?> members) {
            return ours instanceof Map<?, ?> own
                    && own.keySet().equals(members.keySet())
                    && own.entrySet().stream().allMatch(entry -> same(entry.getValue(), members.get(entry.getKey())));
        }
        if (theirs instanceof List<?> items) {
            if (!(ours instanceof List<?> own) || own.size() != items.size()) {
                return false;
            }
            for (int i = 0; i < items.size(); i++) {
                if (!same(own.get(i), items.get(i))) {
                    return false;
                }
            }
            return true;
        }
        if (theirs instanceof Digits digits) {
            return digits.text.length() > DIGITS_MAX || AnswerJson.number(ours) == whole(digits.text);
        }
        return theirs == null ? ours == null : theirs.equals(ours);
    }
}
