package io.spanweir.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.spanweir.testkit.Poison;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Any bytes as OTLP/JSON: refused with a place, or the protobuf of what they say. What is accepted is JSON to Jackson too, its
 * protobuf passes the scan, and the text that the oracle makes of that protobuf is read as the same bytes. The first byte of
 * the input chooses the signal.
 */
class OtlpJsonReaderFuzzTest {
    private static final List<OtlpSchema.Message> REQUESTS =
            List.of(OtlpSchema.TRACE_REQUEST, OtlpSchema.METRICS_REQUEST, OtlpSchema.LOGS_REQUEST);
    private static final JsonFactory JACKSON = new JsonFactory();

    private final OtlpJsonReader reader = new OtlpJsonReader();
    private final OtlpJsonWriter writer = new OtlpJsonWriter();
    private final OtlpScanner scanner = new OtlpScanner(OtlpLimits.DEFAULTS);

    @FuzzTest(maxDuration = "1m")
    void read(byte[] input) throws InvalidProtocolBufferException {
        if (input.length == 0) {
            return;
        }
        int choice = (input[0] & 0xFF) % 3;
        OtlpSchema.Message request = REQUESTS.get(choice);
        byte[] json = Arrays.copyOfRange(input, 1, input.length);
        byte[] protobuf = null;
        String first = null;
        for (Poison poison : Poison.text()) {
            byte[] around = poison.surround(json);
            int length = reader.read(request, around, Poison.OFFSET, json.length);
            protobuf = length < 0 ? null : Arrays.copyOf(reader.output(), length);
            String seen = length < 0 ? reader.problem() : Arrays.toString(protobuf);
            poison.assertIntact(around, json);
            if (!seen.equals(first == null ? seen : first)) {
                assertThat(seen).as("with %s around", poison).isEqualTo(first);
            }
            first = seen;
        }
        String problem = String.valueOf(first);
        if (protobuf == null) {
            assertThat(problem).matches("(?s).+ \\(line \\d+, column \\d+\\)");
        } else {
            judge(Signal.values()[choice], request, json, protobuf);
        }
    }

    private void judge(Signal signal, OtlpSchema.Message request, byte[] json, byte[] protobuf)
            throws InvalidProtocolBufferException {
        assertThat(noJson(json)).as(new String(json, StandardCharsets.UTF_8)).isNull();
        Message type = OtlpJsonOracle.REQUESTS.get(request);
        if (type == null) {
            throw new AssertionError(request.name());
        }
        Message message = type.getParserForType().parseFrom(protobuf);
        assertThat(message.getUnknownFields().getSerializedSize()).isZero();
        int count = scanner.scan(signal, protobuf, 0, protobuf.length);
        if (count != OtlpScanner.OVER_LIMIT && count != OtlpScanner.NEEDS_CANONICAL) {
            assertThat(count).as(scanner.problem()).isEqualTo(OtlpOracle.itemCount(signal, message));
        }
        byte[] spelled = OtlpJsonOracle.json(message).getBytes(StandardCharsets.UTF_8);
        int length = reader.read(request, spelled, 0, spelled.length);
        assertThat(length).as(reader.problem()).isNotNegative();
        assertThat(Arrays.copyOf(reader.output(), length)).isEqualTo(message.toByteArray());
        writer.clear();
        writer.write(request, protobuf, 0, protobuf.length);
        String written = new String(writer.output(), 0, writer.length(), StandardCharsets.UTF_8);
        OtlpJsonOracle.assertSameJson(written, new String(spelled, StandardCharsets.UTF_8), "written");
    }

    /** Why Jackson does not take it, or null. Half of a pair in a name that nobody knows is JSON by its grammar, not to Jackson. */
    private static @Nullable String noJson(byte[] json) {
        try (JsonParser parser = JACKSON.createParser(json)) {
            while (parser.nextToken() != null) {
                parser.getText();
            }
            return null;
        } catch (IOException e) {
            String why = e.toString();
            return why.contains("surrogate") ? null : why;
        }
    }
}
