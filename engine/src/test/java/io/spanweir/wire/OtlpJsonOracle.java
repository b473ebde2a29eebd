package io.spanweir.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * The slow twin: random OTLP messages from the descriptors of protobuf-java, and their JSON by walking those descriptors. With
 * a source of chance it writes every spelling that readers have to take.
 */
final class OtlpJsonOracle {
    /** Pairs of our type and protobuf-java's. */
    static final Map<OtlpSchema.Message, Message> REQUESTS = Map.of(
            OtlpSchema.TRACE_REQUEST, ExportTraceServiceRequest.getDefaultInstance(),
            OtlpSchema.LOGS_REQUEST, ExportLogsServiceRequest.getDefaultInstance(),
            OtlpSchema.METRICS_REQUEST, ExportMetricsServiceRequest.getDefaultInstance());

    private static final String[] TEXTS = {
        "",
        "a",
        "http.request.method",
        "quote\" back\\slash /",
        "line\nreturn\rtab\tbell\u0007nul\u0000",
        "grün",
        "日本語",
        "\uD83D\uDE00 smile",
        "\u2028\u2029\u007F",
        "a text of more than one hundred and twenty-eight bytes, which takes a "
                + "length of two bytes in protobuf, and that is the reason why it is here"
    };
    private static final double[] DOUBLES = {
        0,
        -0.0,
        1,
        -1,
        0.1,
        1e-7,
        1e15,
        1e16,
        1e22,
        Double.parseDouble("1e23"),
        123456789.125,
        Math.PI,
        Double.MIN_VALUE,
        Double.MAX_VALUE,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY
    };
    private static final long[] LONGS = {0, 1, -1, 127, 128, 1000, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 53, 1L << 32};
    private static final int[] INTS = {0, 1, -1, 127, 128, 1000, Integer.MAX_VALUE, Integer.MIN_VALUE};

    private OtlpJsonOracle() {}

    static Message random(Message type, SplittableRandom random) {
        return random(type, random, 0);
    }

    private static Message random(Message type, SplittableRandom random, int depth) {
        Message.Builder builder = type.newBuilderForType();
        for (FieldDescriptor field : type.getDescriptorForType().getFields()) {
            // One member of a oneof: the others would be cleared. Deep messages get fewer fields, so that they end.
            boolean skipped = field.getContainingOneof() != null
                    && random.nextInt(field.getContainingOneof().getFieldCount()) != 0;
            if (skipped || random.nextInt(10) < (depth < 5 ? 2 : depth - 1)) {
                continue;
            }
            if (field.isRepeated()) {
                int count = random.nextInt(4);
                for (int i = 0; i < count; i++) {
                    builder.addRepeatedField(field, value(builder, field, random, depth));
                }
            } else {
                builder.setField(field, value(builder, field, random, depth));
            }
        }
        return builder.build();
    }

    private static Object value(Message.Builder builder, FieldDescriptor field, SplittableRandom random, int depth) {
        return switch (field.getJavaType()) {
            case MESSAGE -> random(builder.newBuilderForField(field).getDefaultInstanceForType(), random, depth + 1);
            case STRING -> TEXTS[random.nextInt(TEXTS.length)];
            case BOOLEAN -> random.nextBoolean();
            case ENUM ->
                field.getEnumType()
                        .findValueByNumberCreatingIfUnknown(
                                random.nextInt(field.getEnumType().getValues().size() + 1));
            case INT -> random.nextBoolean() ? INTS[random.nextInt(INTS.length)] : random.nextInt();
            case LONG -> random.nextBoolean() ? LONGS[random.nextInt(LONGS.length)] : random.nextLong();
            case DOUBLE ->
                random.nextBoolean()
                        ? DOUBLES[random.nextInt(DOUBLES.length)]
                        : finite(Double.longBitsToDouble(random.nextLong()));
            case BYTE_STRING -> {
                byte[] bytes = new byte[isId(field) ? random.nextInt(8) == 0 ? 0 : idLength(field) : random.nextInt(9)];
                random.nextBytes(bytes);
                yield ByteString.copyFrom(bytes);
            }
            case FLOAT -> throw new IllegalStateException("OTLP has no float");
        };
    }

    private static double finite(double value) {
        return Double.isFinite(value) ? value : 0.5;
    }

    private static boolean isId(FieldDescriptor field) {
        return field.getName().endsWith("trace_id") || field.getName().endsWith("span_id");
    }

    private static int idLength(FieldDescriptor field) {
        return field.getName().equals("trace_id") ? 16 : 8;
    }

    /** As writers must write it. */
    static String json(Message message) {
        StringBuilder text = new StringBuilder();
        new Spelling(null).message(text, message);
        return text.toString();
    }

    /** One of the forms that readers must take; fields in any order. */
    static String tolerated(Message message, SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        Spelling spelling = new Spelling(random);
        spelling.space(text);
        spelling.message(text, message);
        spelling.space(text);
        return text.toString();
    }

    private record Spelling(SplittableRandom random) {
        boolean chance(int oneIn) {
            return random != null && random.nextInt(oneIn) == 0;
        }

        void space(StringBuilder text) {
            text.append(chance(6) ? " \n\t\r ".substring(random.nextInt(5)) : "");
        }

        void message(StringBuilder text, Message message) {
            List<Map.Entry<FieldDescriptor, Object>> fields =
                    new ArrayList<>(new TreeMap<>(message.getAllFields()).entrySet());
            if (random != null) {
                Collections.shuffle(fields, new java.util.Random(random.nextLong()));
            }
            text.append('{');
            space(text);
            String separator = "";
            for (Map.Entry<FieldDescriptor, Object> entry : fields) {
                FieldDescriptor field = entry.getKey();
                text.append(separator);
                if (chance(12)) {
                    text.append("\"not_otlp\":[{\"a\":[null,true,1.5e3,\"\\ud800\"]},{}],");
                }
                string(text, field.getJsonName());
                space(text);
                text.append(':');
                space(text);
                if (field.isRepeated()) {
                    array(text, field, (List<?>) entry.getValue());
                } else {
                    value(text, field, entry.getValue());
                }
                space(text);
                separator = ",";
            }
            if (chance(12)) {
                text.append(separator).append("\"unknown\":{},\"unknown\":null");
            }
            text.append('}');
        }

        void array(StringBuilder text, FieldDescriptor field, List<?> values) {
            text.append('[');
            String separator = "";
            for (Object value : values) {
                text.append(separator);
                space(text);
                value(text, field, value);
                space(text);
                separator = ",";
            }
            text.append(']');
        }

        void value(StringBuilder text, FieldDescriptor field, Object value) {
            switch (field.getType()) {
                case MESSAGE -> message(text, (Message) value);
                case STRING -> string(text, (String) value);
                case BOOL -> text.append(value);
                case ENUM -> enumValue(text, (EnumValueDescriptor) value);
                case BYTES -> string(text, isId(field) ? hex((ByteString) value) : base64((ByteString) value));
                case UINT32, FIXED32 -> integer(text, Integer.toUnsignedString((Integer) value), false);
                case UINT64, FIXED64 -> integer(text, Long.toUnsignedString((Long) value), true);
                case INT64, SFIXED64 -> integer(text, value.toString(), true);
                case DOUBLE -> doubleValue(text, (Double) value);
                default -> integer(text, value.toString(), false);
            }
        }

        void enumValue(StringBuilder text, EnumValueDescriptor value) {
            if (chance(4) && value.getIndex() >= 0) {
                string(text, value.getName());
            } else {
                integer(text, Integer.toString(value.getNumber()), false);
            }
        }

        void integer(StringBuilder text, String digits, boolean quoted) {
            String form = digits;
            if (chance(3)) {
                form = switch (random.nextInt(4)) {
                    case 0 -> digits + ".0";
                    case 1 -> digits + "e0";
                    case 2 -> digits.equals("0") ? "0E-2" : digits + "00E-2";
                    default -> new BigDecimal(digits).movePointLeft(3).toPlainString() + "e+3";
                };
            }
            boolean asString = quoted != chance(3);
            text.append(asString ? "\"" + form + '"' : form);
        }

        void doubleValue(StringBuilder text, double value) {
            if (!Double.isFinite(value)) {
                text.append('"').append(value).append('"');
                return;
            }
            String form = Double.toString(value);
            if (chance(3) && Math.abs(value) < 1e30 && Math.abs(value) > 1e-30) {
                form = new BigDecimal(value).toPlainString();
            }
            text.append(chance(4) ? '"' + form + '"' : form);
        }

        String hex(ByteString bytes) {
            String hex = HexFormat.of().formatHex(bytes.toByteArray());
            return chance(3) ? hex.toUpperCase(Locale.ROOT) : hex;
        }

        String base64(ByteString bytes) {
            Base64.Encoder encoder = chance(2) ? Base64.getUrlEncoder() : Base64.getEncoder();
            return (chance(2) ? encoder.withoutPadding() : encoder).encodeToString(bytes.toByteArray());
        }

        void string(StringBuilder text, String value) {
            text.append('"');
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                if (c == '/' && chance(2)) {
                    text.append("\\/");
                } else if (Character.isHighSurrogate(c)) { // both halves in one form, or the text has no UTF-8
                    String pair = value.substring(i, i + 2);
                    text.append(chance(2) ? "\\u%04x\\u%04X".formatted((int) c, (int) pair.charAt(1)) : pair);
                    i++;
                } else if (c < ' ' || c == '"' || c == '\\' || chance(40)) {
                    int named = "\n\r\t\"\\".indexOf(c);
                    text.append(
                            named >= 0 && !chance(2) ? "\\" + "nrt\"\\".charAt(named) : "\\u%04x".formatted((int) c));
                } else {
                    text.append(c);
                }
            }
            text.append('"');
        }
    }

    /** The tokens of a text; numbers by their value, so that {@code 1.0} and {@code 1} are the same. */
    static List<String> tokens(String json) {
        List<String> tokens = new ArrayList<>();
        try (JsonParser parser = new JsonFactory().createParser(json.getBytes(StandardCharsets.UTF_8))) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                tokens.add(token.isNumeric() ? number(parser.getText()) : token + " " + parser.getText());
            }
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + json, e);
        }
        return tokens;
    }

    private static String number(String text) {
        BigDecimal value = new BigDecimal(text);
        boolean negativeZero = value.signum() == 0 && text.startsWith("-");
        return negativeZero ? "-0" : value.stripTrailingZeros().toString();
    }

    /** Fails with the first token that differs and those before it. */
    static void assertSameJson(String actual, String expected, String description) {
        List<String> actualTokens = tokens(actual);
        List<String> expectedTokens = tokens(expected);
        int same = 0;
        while (same < Math.min(actualTokens.size(), expectedTokens.size())
                && actualTokens.get(same).equals(expectedTokens.get(same))) {
            same++;
        }
        int from = Math.max(0, same - 12);
        assertThat(actualTokens.subList(from, Math.min(same + 4, actualTokens.size())))
                .as(description)
                .isEqualTo(expectedTokens.subList(from, Math.min(same + 4, expectedTokens.size())));
    }
}
