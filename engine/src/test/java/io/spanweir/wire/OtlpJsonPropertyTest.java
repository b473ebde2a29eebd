package io.spanweir.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.spanweir.testkit.Seeds;
import io.spanweir.testkit.WireMutator;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Reader and writer against protobuf-java over random requests. */
class OtlpJsonPropertyTest {
    private static final int MESSAGES = 1500;
    private static final int MUTATIONS = 6000;

    private final OtlpJsonReader reader = new OtlpJsonReader();
    private final OtlpJsonWriter writer = new OtlpJsonWriter();

    static Stream<Arguments> requests() {
        return Stream.of(
                argumentSet("traces", OtlpSchema.TRACE_REQUEST),
                argumentSet("logs", OtlpSchema.LOGS_REQUEST),
                argumentSet("metrics", OtlpSchema.METRICS_REQUEST));
    }

    private static String repeat(int round) {
        return Seeds.repeat(OtlpJsonPropertyTest.class, round);
    }

    private static SplittableRandom random(String purpose, int round) {
        return Seeds.random(OtlpJsonPropertyTest.class, purpose, round);
    }

    private static Message type(OtlpSchema.Message request) {
        Message type = OtlpJsonOracle.REQUESTS.get(request);
        assertThat(type).isNotNull();
        return type;
    }

    private byte[] read(OtlpSchema.Message request, byte[] json, int offset, int length, int round) {
        int size = reader.read(request, json, offset, length);
        assertThat(size)
                .as("%s in %s%n%s", reader.problem(), new String(json, StandardCharsets.UTF_8), repeat(round))
                .isNotNegative();
        return Arrays.copyOf(reader.output(), size);
    }

    private String written(OtlpSchema.Message request, byte[] protobuf) {
        writer.clear();
        writer.write(request, protobuf, 0, protobuf.length);
        return new String(writer.output(), 0, writer.length(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @MethodSource("requests")
    void readingTheCanonicalTextGivesTheBytesOfProtobufJava(OtlpSchema.Message request) {
        for (int round = 0; round < MESSAGES; round++) {
            SplittableRandom random = random("canonical " + request.name(), round);
            Message message = OtlpJsonOracle.random(type(request), random);
            byte[] json = OtlpJsonOracle.json(message).getBytes(StandardCharsets.UTF_8);
            byte[] expected = message.toByteArray();
            assertThat(read(request, json, 0, json.length, round))
                    .as(repeat(round))
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("requests")
    void readingToleratedSpellingsGivesTheSameMessage(OtlpSchema.Message request)
            throws InvalidProtocolBufferException {
        for (int round = 0; round < MESSAGES; round++) {
            SplittableRandom random = random("tolerated " + request.name(), round);
            Message message = OtlpJsonOracle.random(type(request), random);
            String text = OtlpJsonOracle.tolerated(message, random);
            byte[] json =
                    ("}" + text + "{").getBytes(StandardCharsets.UTF_8); // what surrounds the range must not matter
            byte[] protobuf = read(request, json, 1, json.length - 2, round);
            Message actual = type(request).getParserForType().parseFrom(protobuf);
            assertThat(actual).as("%s%n%s", text, repeat(round)).isEqualTo(message);
            assertThat(actual.getUnknownFields().getSerializedSize()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("requests")
    void writingGivesTheTextOfTheOracle(OtlpSchema.Message request) {
        for (int round = 0; round < MESSAGES; round++) {
            SplittableRandom random = random("writing " + request.name(), round);
            Message message = OtlpJsonOracle.random(type(request), random);
            String text = written(request, message.toByteArray());
            OtlpJsonOracle.assertSameJson(text, OtlpJsonOracle.json(message), repeat(round));
            byte[] json = text.getBytes(StandardCharsets.UTF_8);
            assertThat(read(request, json, 0, json.length, round))
                    .as(repeat(round))
                    .isEqualTo(message.toByteArray());
        }
    }

    @ParameterizedTest
    @MethodSource("requests")
    void writingMergesWhatProtobufMerges(OtlpSchema.Message request) throws InvalidProtocolBufferException {
        for (int round = 0; round < MESSAGES; round++) {
            SplittableRandom random = random("merging " + request.name(), round);
            // Bytes of two messages in the one element of a request: fields occur twice and stand apart.
            ByteArrayOutputStream element = new ByteArrayOutputStream();
            for (int part = 0; part < 2; part++) {
                Message message = OtlpJsonOracle.random(elementType(request), random);
                element.writeBytes(message.toByteArray());
            }
            byte[] protobuf = new WireWriter().bytes(1, element.toByteArray()).toByteArray();
            Message merged = type(request).getParserForType().parseFrom(protobuf);
            OtlpJsonOracle.assertSameJson(written(request, protobuf), OtlpJsonOracle.json(merged), repeat(round));
        }
    }

    @ParameterizedTest
    @MethodSource("requests")
    void writingTakesWhatNoEncoderWouldWrite(OtlpSchema.Message request) throws InvalidProtocolBufferException {
        for (int round = 0; round < MESSAGES; round++) {
            SplittableRandom random = random("wild " + request.name(), round);
            Message message = OtlpJsonOracle.random(type(request), random);
            byte[] protobuf = WireMutator.wild(random).mutate(message.toByteArray(), message.getDescriptorForType());
            Message meant = type(request).getParserForType().parseFrom(protobuf);
            OtlpJsonOracle.assertSameJson(written(request, protobuf), OtlpJsonOracle.json(meant), repeat(round));
        }
    }

    @ParameterizedTest
    @MethodSource("requests")
    void whatIsReadPassesTheScan(OtlpSchema.Message request) {
        OtlpScanner scanner = new OtlpScanner(OtlpLimits.DEFAULTS);
        int inPlace = 0;
        for (int round = 0; round < MESSAGES; round++) {
            SplittableRandom random = random("scan " + request.name(), round);
            Message message = OtlpJsonOracle.random(type(request), random);
            byte[] json = OtlpJsonOracle.tolerated(message, random).getBytes(StandardCharsets.UTF_8);
            byte[] protobuf = read(request, json, 0, json.length, round);
            int items = scanner.scan(signal(request), protobuf, 0, protobuf.length);
            // A resource behind its scopes is rewritten first; nothing else is.
            assertThat(items)
                    .as("%s, %s", scanner.problem(), repeat(round))
                    .matches(count -> count >= 0 || count == OtlpScanner.NEEDS_CANONICAL);
            inPlace += items >= 0 ? 1 : 0;
        }
        assertThat(inPlace).isBetween(MESSAGES / 10, MESSAGES - 1);
    }

    private static Signal signal(OtlpSchema.Message request) {
        if (request == OtlpSchema.TRACE_REQUEST) {
            return Signal.TRACES;
        }
        return request == OtlpSchema.LOGS_REQUEST ? Signal.LOGS : Signal.METRICS;
    }

    private static Message elementType(OtlpSchema.Message request) {
        Message.Builder builder = type(request).newBuilderForType();
        return builder.newBuilderForField(builder.getDescriptorForType().findFieldByNumber(1))
                .getDefaultInstanceForType();
    }

    @ParameterizedTest
    @MethodSource("requests")
    void brokenTextIsAResultAndNeverAnException(OtlpSchema.Message request) throws InvalidProtocolBufferException {
        OtlpJsonReader strict = new OtlpJsonReader(30, 2000);
        int refused = 0;
        for (int round = 0; round < MUTATIONS; round++) {
            SplittableRandom random = random("broken " + request.name(), round);
            Message message = OtlpJsonOracle.random(elementType(request), random);
            String name =
                    type(request).getDescriptorForType().findFieldByNumber(1).getJsonName();
            String text = "{\"" + name + "\":[" + OtlpJsonOracle.tolerated(message, random) + "]}";
            byte[] json = mutated(text.getBytes(StandardCharsets.UTF_8), random);
            int length = reader.read(request, json, 0, json.length);
            if (length < 0) {
                refused++;
                assertThat(reader.problem()).as(repeat(round)).matches("(?s).+ \\(line \\d+, column \\d+\\)");
            } else {
                assertThat(reader.problem()).isEmpty();
                type(request).getParserForType().parseFrom(Arrays.copyOf(reader.output(), length)); // legal protobuf
            }
            int strictLength = strict.read(request, json, 0, json.length);
            assertThat(strictLength).as(repeat(round)).isIn(-1, length).isLessThanOrEqualTo(2000);
        }
        assertThat(refused).isBetween(MUTATIONS / 10, MUTATIONS - 1);
    }

    private static byte[] mutated(byte[] original, SplittableRandom random) {
        byte[] json = original;
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count && json.length > 0; i++) {
            int at = random.nextInt(json.length);
            int to = Math.min(json.length, at + 1 + random.nextInt(12));
            switch (random.nextInt(5)) {
                case 0 -> json = Arrays.copyOf(json, at); // torn
                case 1 -> json[at] = (byte) random.nextInt(256);
                case 2 -> json[at] = (byte) "{}[]:,\"\\0-eEnu. ".charAt(random.nextInt(16));
                case 3 -> json = spliced(json, at, to, new byte[0]);
                default -> json = spliced(json, at, at, Arrays.copyOfRange(json, at, to));
            }
        }
        return json;
    }

    private static byte[] spliced(byte[] json, int from, int to, byte[] replacement) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(json, 0, from);
        bytes.writeBytes(replacement);
        bytes.write(json, to, json.length - to);
        return bytes.toByteArray();
    }
}
