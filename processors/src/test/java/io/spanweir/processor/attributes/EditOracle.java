package io.spanweir.processor.attributes;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Actions as the collector's documentation describes them, on a map of protobuf values; the slow twin of the processor. */
final class EditOracle {
    /** Expressions that Java and RE2 read alike. */
    private static final String[] KEY_PATTERNS = {"^a", "user|db", "e.*e", "🦊", "^$", "."};

    private static final String[] GROUPS = {"(?P<head>..)(?P<k>.*)", "^(?P<x>[a-z]+)|(?P<new>é)", "(?P<absent>nowhere)"
    };
    private static final String[] KEYS = {"http.route", "db.system", "k", "größe", "a.b", "user.id", "🦊", "x", "new"};
    private static final String[] CONSTANTS = {
        "5", "true", "'5'", "2.5", "'größe <'", "[a, 1, {k: v}]", "{b: [1], a: }", "''"
    };
    private static final Object[] CONSTANT_VALUES = {
        5, true, "5", 2.5, "größe <", List.of("a", 1, Map.of("k", "v")), ordered("b", List.of(1), "a", null), ""
    };

    private record Step(String yaml, Edit edit) {}

    private interface Edit {
        void apply(Map<String, AnyValue> attributes);
    }

    private final List<Step> steps = new ArrayList<>();

    /** A random list of actions. */
    EditOracle(SplittableRandom random) {
        for (int i = random.nextInt(6); i >= 0; i--) {
            String key = key(random);
            String other = key(random);
            switch (random.nextInt(9)) {
                case 0, 1 -> steps.add(put(random, key));
                case 2 -> copy(random, key, other);
                case 3 ->
                    steps.add(new Step("{key: %s, action: delete}".formatted(quoted(key)), map -> map.remove(key)));
                case 4 -> steps.add(deleteByPattern(random, key));
                case 5 -> steps.add(hash(random, key));
                case 6 -> steps.add(extract(random, key));
                default -> steps.add(convert(random, key));
            }
        }
    }

    private static Map<String, Object> ordered(Object... keysAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }

    /** As an option of a processor. */
    String yaml(String option) {
        StringBuilder yaml = new StringBuilder(option).append(":\n");
        steps.forEach(step -> yaml.append("- ").append(step.yaml).append('\n'));
        return yaml.toString();
    }

    Map<String, AnyValue> edited(List<KeyValue> attributes) {
        Map<String, AnyValue> map = asMap(attributes);
        steps.forEach(step -> step.edit.apply(map));
        return map;
    }

    /** Of a key that is there more than once, the first counts. */
    static Map<String, AnyValue> asMap(List<KeyValue> attributes) {
        Map<String, AnyValue> map = new TreeMap<>();
        attributes.forEach(attribute -> map.putIfAbsent(attribute.getKey(), attribute.getValue()));
        return map;
    }

    private static String key(SplittableRandom random) {
        return KEYS[random.nextInt(KEYS.length)];
    }

    private static String quoted(String text) {
        return "'" + text + "'";
    }

    private static Step put(SplittableRandom random, String key) {
        String action = new String[] {"insert", "update", "upsert"}[random.nextInt(3)];
        int constant = random.nextInt(CONSTANTS.length);
        String option = random.nextInt(4) == 0 ? "default_value" : "value";
        AnyValue value = Attributes.value(CONSTANT_VALUES[constant]);
        return new Step(
                "{key: %s, action: %s, %s: %s}".formatted(quoted(key), action, option, CONSTANTS[constant]),
                map -> put(map, action, key, value));
    }

    private static void put(Map<String, AnyValue> map, String action, String key, AnyValue value) {
        boolean wanted = action.equals("upsert") || action.equals("update") == map.containsKey(key);
        if (wanted && value != null) {
            map.put(key, value);
        }
    }

    /** With the removal of the original often right behind. */
    private void copy(SplittableRandom random, String from, String to) {
        String action = new String[] {"insert", "update", "upsert"}[random.nextInt(3)];
        boolean fallback = random.nextInt(4) == 0;
        steps.add(new Step(
                "{key: %s, action: %s, from_attribute: %s%s}"
                        .formatted(quoted(to), action, quoted(from), fallback ? ", default_value: none" : ""),
                map -> put(map, action, to, map.getOrDefault(from, fallback ? Attributes.value("none") : null))));
        if (random.nextInt(3) > 0) {
            steps.add(new Step("{key: %s, action: delete}".formatted(quoted(from)), map -> map.remove(from)));
        }
    }

    private static Step deleteByPattern(SplittableRandom random, String key) {
        String expression = KEY_PATTERNS[random.nextInt(KEY_PATTERNS.length)];
        Pattern pattern = Pattern.compile(expression);
        return new Step("{key: %s, action: delete, pattern: %s}".formatted(quoted(key), quoted(expression)), map -> {
            map.remove(key);
            map.keySet().removeIf(found -> pattern.matcher(found).find());
        });
    }

    private static Step hash(SplittableRandom random, String key) {
        String expression = KEY_PATTERNS[random.nextInt(KEY_PATTERNS.length)];
        boolean byPattern = random.nextBoolean();
        Pattern pattern = Pattern.compile(expression);
        return new Step(
                "{key: %s, action: hash%s}".formatted(quoted(key), byPattern ? ", pattern: " + quoted(expression) : ""),
                map -> {
                    map.computeIfPresent(key, (found, value) -> hashed(value));
                    map.replaceAll((found, value) ->
                            byPattern && pattern.matcher(found).find() ? hashed(value) : value);
                });
    }

    private static AnyValue hashed(AnyValue value) {
        byte[] content = switch (value.getValueCase()) {
            case STRING_VALUE -> value.getStringValue().getBytes(UTF_8);
            case BOOL_VALUE -> new byte[] {(byte) (value.getBoolValue() ? 1 : 0)};
            case INT_VALUE -> little().putLong(value.getIntValue()).array();
            case DOUBLE_VALUE -> little().putDouble(value.getDoubleValue()).array();
            default -> new byte[0];
        };
        if (content.length == 0) {
            return Attributes.value("");
        }
        try {
            return Attributes.value(HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(content)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static ByteBuffer little() {
        return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static Step extract(SplittableRandom random, String key) {
        String expression = GROUPS[random.nextInt(GROUPS.length)];
        Pattern pattern = Pattern.compile(expression.replace("?P<", "?<"), Pattern.DOTALL);
        List<String> names = new ArrayList<>();
        Matcher name = Pattern.compile("<([a-z]+)>").matcher(expression);
        while (name.find()) {
            names.add(name.group(1));
        }
        return new Step(
                "{key: %s, action: extract, pattern: %s}".formatted(quoted(key), quoted("(?s)" + expression)), map -> {
                    AnyValue value = map.get(key);
                    if (value == null || !value.hasStringValue()) {
                        return;
                    }
                    Matcher matcher = pattern.matcher(value.getStringValue());
                    if (matcher.find()) {
                        for (String group : names) {
                            String text = matcher.group(group);
                            map.put(group, Attributes.value(text == null ? "" : text));
                        }
                    }
                });
    }

    private static Step convert(SplittableRandom random, String key) {
        String type = new String[] {"int", "double", "string"}[random.nextInt(3)];
        return new Step(
                "{key: %s, action: convert, converted_type: %s}".formatted(quoted(key), type),
                map -> map.computeIfPresent(key, (found, value) -> switch (type) {
                    case "int" -> toInt(value);
                    case "double" -> toDouble(value);
                    default -> value.hasStringValue() ? value : Attributes.value(text(value));
                }));
    }

    private static AnyValue toInt(AnyValue value) {
        return switch (value.getValueCase()) {
            case DOUBLE_VALUE -> Attributes.value((long) value.getDoubleValue());
            case BOOL_VALUE -> Attributes.value(value.getBoolValue() ? 1 : 0);
            case STRING_VALUE ->
                value.getStringValue().matches("[+-]?[0-9]{1,18}")
                        ? Attributes.value(Long.parseLong(value.getStringValue()))
                        : value;
            default -> value;
        };
    }

    private static AnyValue toDouble(AnyValue value) {
        return switch (value.getValueCase()) {
            case INT_VALUE -> Attributes.value((double) value.getIntValue());
            case BOOL_VALUE -> Attributes.value(value.getBoolValue() ? 1.0 : 0.0);
            case STRING_VALUE ->
                value.getStringValue().matches("[+-]?[0-9]+(\\.[0-9]+)?")
                        ? Attributes.value(Double.parseDouble(value.getStringValue()))
                        : value;
            default -> value;
        };
    }

    static String text(AnyValue value) {
        return switch (value.getValueCase()) {
            case STRING_VALUE -> value.getStringValue();
            case DOUBLE_VALUE ->
                Double.isFinite(value.getDoubleValue())
                        ? decimal(value.getDoubleValue())
                        : "json: unsupported value: "
                                + (Double.isNaN(value.getDoubleValue())
                                        ? "NaN"
                                        : value.getDoubleValue() > 0 ? "+Inf" : "-Inf");
            case BYTES_VALUE ->
                Base64.getEncoder().encodeToString(value.getBytesValue().toByteArray());
            case ARRAY_VALUE, KVLIST_VALUE -> broken(value) ? "" : json(value);
            case BOOL_VALUE, INT_VALUE -> json(value);
            default -> "";
        };
    }

    private static boolean broken(AnyValue value) {
        return switch (value.getValueCase()) {
            case DOUBLE_VALUE -> !Double.isFinite(value.getDoubleValue());
            case ARRAY_VALUE -> value.getArrayValue().getValuesList().stream().anyMatch(EditOracle::broken);
            case KVLIST_VALUE -> entries(value).values().stream().anyMatch(EditOracle::broken);
            default -> false;
        };
    }

    /** By key in the order of its UTF-8; the last of equal keys counts. */
    private static Map<String, AnyValue> entries(AnyValue map) {
        Map<String, AnyValue> entries =
                new TreeMap<>((a, b) -> Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8)));
        map.getKvlistValue().getValuesList().forEach(entry -> entries.put(entry.getKey(), entry.getValue()));
        return entries;
    }

    private static String json(AnyValue value) {
        return switch (value.getValueCase()) {
            case STRING_VALUE -> escaped(value.getStringValue());
            case BOOL_VALUE -> String.valueOf(value.getBoolValue());
            case INT_VALUE -> String.valueOf(value.getIntValue());
            case DOUBLE_VALUE -> decimal(value.getDoubleValue());
            case BYTES_VALUE -> '"' + text(value) + '"';
            case ARRAY_VALUE -> {
                List<String> items = new ArrayList<>();
                value.getArrayValue().getValuesList().forEach(item -> items.add(json(item)));
                yield "[" + String.join(",", items) + "]";
            }
            case KVLIST_VALUE -> {
                List<String> items = new ArrayList<>();
                entries(value).forEach((key, item) -> items.add(escaped(key) + ":" + json(item)));
                yield "{" + String.join(",", items) + "}";
            }
            default -> "null";
        };
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder("\"");
        text.chars().forEach(c -> {
            int short_ = "\"\\\n\r\t\b\f".indexOf(c);
            if (short_ >= 0) {
                escaped.append('\\').append("\"\\nrtbf".charAt(short_));
            } else if (c < ' ' || "<>&\u2028\u2029".indexOf(c) >= 0) {
                escaped.append("\\u%04x".formatted(c));
            } else {
                escaped.append((char) c);
            }
        });
        return escaped.append('"').toString();
    }

    /** The first number of digits that reads back as the same; the generator's doubles need no exponent. */
    private static String decimal(double value) {
        if (value == 0) {
            return 1 / value > 0 ? "0" : "-0";
        }
        for (int digits = 1; ; digits++) {
            BigDecimal rounded = new BigDecimal(value).round(new MathContext(digits));
            if (rounded.doubleValue() == value) {
                double size = Math.abs(value);
                if (size >= 1e-6 && size < 1e21) {
                    return rounded.stripTrailingZeros().toPlainString();
                }
                String scientific = "%%.%de".formatted(digits - 1).formatted(rounded);
                return scientific.replace("e-0", "e-");
            }
        }
    }
}
