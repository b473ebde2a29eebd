package io.spanweir.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.spanweir.testkit.OtlpGenerator;
import io.spanweir.testkit.Seeds;
import io.spanweir.testkit.WireMutator;
import io.spanweir.wire.OtlpFields;
import io.spanweir.wire.WireReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Patches of single attributes: against a list of all attributes, and against the splice that walks the span. */
class AttributePatchPropertyTest {
    private static final int ROUNDS = 1500;
    private static final int KIND = 3;

    private final Overlay overlay = Overlay.ofSpans();
    private final SpanView view = new SpanView();
    private SplittableRandom random = new SplittableRandom(0);
    private String repeat = "";

    /** Few keys, so that most occur several times and an edit meets what earlier ones left. */
    @Test
    void editsOfRepeatedKeysAreThoseOfAListOfAttributes() throws InvalidProtocolBufferException {
        String[] keys = {"a", "bb", "ccc", "dddd", "eeeee", "eeeef", "", "k".repeat(127), "k".repeat(128)};
        for (int round = 0; round < ROUNDS; round++) {
            begin("repeated", round);
            Span.Builder model = Span.newBuilder().setName("span").setKindValue(KIND);
            for (int i = random.nextInt(9); i > 0; i--) {
                model.addAttributes(attribute(keys[random.nextInt(keys.length)], text()));
            }
            byte[] span = WireMutator.orderly(random).mutate(model.build().toByteArray(), model.getDescriptorForType());
            model = Span.parseFrom(span).toBuilder();
            overlay.reset(1);
            AttributesView attributes =
                    view.wrap(span, 0, span.length, overlay, 0).attributes();
            List<KeyValue> list = new ArrayList<>(model.getAttributesList());
            for (int edit = 1 + random.nextInt(8); edit > 0; edit--) {
                String key = keys[random.nextInt(keys.length)];
                String other = keys[random.nextInt(keys.length)];
                switch (random.nextInt(4)) {
                    case 0 -> {
                        boolean there = list.removeIf(entry -> entry.getKey().equals(key));
                        assertThat(attributes.remove(bytes(key))).as(repeat).isEqualTo(there);
                    }
                    case 1 ->
                        assertThat(attributes.rename(bytes(key), bytes(other)))
                                .as(repeat)
                                .isEqualTo(renamed(list, key, other));
                    case 2 -> walk(attributes, list);
                    default -> {
                        String value = text();
                        attributes.putString(bytes(key), bytes(value));
                        put(list, attribute(key, value));
                    }
                }
                assertFinds(attributes, list, keys);
            }
            model.clearAttributes().addAllAttributes(list);
            assertThat(Span.parseFrom(spliced(span))).as(repeat).isEqualTo(model.build());
        }
    }

    /** A replaced field makes the splice walk the span; the rest of what it writes must be the same bytes. */
    @Test
    void rangesAndTheWalkWriteTheSameBytes() {
        for (int round = 0; round < ROUNDS; round++) {
            begin("walk", round);
            Span.Builder message = Span.newBuilder();
            new OtlpGenerator(random).fill(message);
            byte[] span =
                    WireMutator.orderly(random).mutate(message.build().toByteArray(), message.getDescriptorForType());
            overlay.reset(1);
            AttributesView attributes =
                    view.wrap(span, 0, span.length, overlay, 0).attributes();
            int index = 0;
            while (attributes.next()) {
                switch (random.nextInt(5)) {
                    case 0 -> attributes.removeCurrent();
                    case 1 -> attributes.putCurrentString(bytes(text()), 0, 0);
                    case 2 -> {
                        byte[] key = Arrays.copyOfRange(
                                attributes.keyBytes(),
                                attributes.keyOffset(),
                                attributes.keyOffset() + attributes.keyLength());
                        attributes.rename(key, bytes("renamed" + index++));
                    }
                    default -> {}
                }
            }
            attributes.putLong(bytes("added"), round);
            byte[] ranges = spliced(span);
            view.setKind(KIND);
            byte[] walked = spliced(span);
            assertThat(withoutKind(walked)).as(repeat).isEqualTo(withoutKind(ranges));
        }
    }

    static IntStream aroundBorders() {
        return IntStream.of(0, 127, 16_383).flatMap(border -> IntStream.rangeClosed(border - 24, border + 4));
    }

    @ParameterizedTest(name = "a value of {0} bytes")
    @MethodSource("aroundBorders")
    void lengthsCrossTheBordersOfVarints(int length) throws InvalidProtocolBufferException {
        String value = "v".repeat(Math.max(0, length));
        Span original = Span.newBuilder()
                .setName("n")
                .addAttributes(attribute("first", "1"))
                .addAttributes(attribute("k", value))
                .addAttributes(attribute("last", "2"))
                .build();
        for (String to : new String[] {"l", "", "longer.key", "x".repeat(200)}) {
            byte[] span = original.toByteArray();
            overlay.reset(1);
            view.wrap(span, 0, span.length, overlay, 0).attributes().rename(bytes("k"), bytes(to));
            view.attributes().putString(bytes("first"), bytes(value));
            view.attributes().putString(bytes("new"), bytes(value));
            byte[] field = new byte[Splice.fieldLength(span, 0, span.length, overlay, 0, 2)];
            assertThat(Splice.writeField(span, 0, span.length, overlay, 0, 2, field, 0))
                    .isEqualTo(field.length);
            assertThat(ScopeSpans.parseFrom(field).getSpans(0))
                    .isEqualTo(original.toBuilder()
                            .setAttributes(0, attribute("first", value))
                            .setAttributes(1, attribute(to, value))
                            .addAttributes(attribute("new", value))
                            .build());
        }
    }

    /** As many attributes as a span may have: edits in the order of the attributes, and against it. */
    @ParameterizedTest(name = "backwards: {0}")
    @ValueSource(booleans = {false, true})
    void everyAttributeOfALargeSpanCanBeEdited(boolean backwards) throws InvalidProtocolBufferException {
        int count = 4096;
        Span.Builder model = Span.newBuilder();
        for (int i = 0; i < count; i++) {
            model.addAttributes(attribute("key" + i, "value"));
        }
        byte[] span = model.build().toByteArray();
        overlay.reset(1);
        AttributesView attributes = view.wrap(span, 0, span.length, overlay, 0).attributes();
        if (backwards) {
            for (int i = count - 1; i >= 0; i -= 16) {
                attributes.putLong(bytes("key" + i), i);
                model.setAttributes(
                        i,
                        KeyValue.newBuilder()
                                .setKey("key" + i)
                                .setValue(AnyValue.newBuilder().setIntValue(i)));
            }
        } else {
            for (int i = 0; attributes.next(); i++) {
                attributes.putCurrentString(bytes("mask"), 0, 4);
                model.setAttributes(i, attribute("key" + i, "mask"));
            }
        }
        assertThat(attributes.count()).isEqualTo(count);
        assertThat(Span.parseFrom(spliced(span))).isEqualTo(model.build());
    }

    private void begin(String purpose, int round) {
        random = Seeds.random(getClass(), purpose, round);
        repeat = Seeds.repeat(getClass(), round);
    }

    private String text() {
        return "t".repeat(random.nextInt(8) == 0 ? 110 + random.nextInt(30) : random.nextInt(6));
    }

    private void walk(AttributesView attributes, List<KeyValue> list) {
        attributes.rewind();
        List<KeyValue> left = new ArrayList<>();
        for (KeyValue entry : list) {
            assertThat(attributes.next()).as(repeat).isTrue();
            assertThat(attributes.keyIs(entry.getKeyBytes().toByteArray()))
                    .as(repeat)
                    .isTrue();
            int choice = random.nextInt(4);
            if (choice == 0) {
                attributes.removeCurrent();
            } else if (choice == 1) {
                attributes.putCurrentString(bytes("mask"), 0, 4);
                left.add(attribute(entry.getKey(), "mask"));
            } else {
                left.add(entry);
            }
        }
        assertThat(attributes.next()).as(repeat).isFalse();
        list.clear();
        list.addAll(left);
    }

    private static boolean renamed(List<KeyValue> list, String from, String to) {
        boolean there = list.stream().anyMatch(entry -> entry.getKey().equals(from));
        if (there && !from.equals(to)) {
            list.removeIf(entry -> entry.getKey().equals(to));
            list.replaceAll(entry ->
                    entry.getKey().equals(from) ? entry.toBuilder().setKey(to).build() : entry);
        }
        return there;
    }

    private static void put(List<KeyValue> list, KeyValue wanted) {
        boolean placed = false;
        for (int i = 0; i < list.size(); ) {
            boolean same = list.get(i).getKey().equals(wanted.getKey());
            if (same && placed) {
                list.remove(i);
                continue;
            }
            if (same) {
                list.set(i, wanted);
                placed = true;
            }
            i++;
        }
        if (!placed) {
            list.add(wanted);
        }
    }

    private void assertFinds(AttributesView attributes, List<KeyValue> list, String[] keys)
            throws InvalidProtocolBufferException {
        ValueView value = new ValueView();
        assertThat(attributes.count()).as(repeat).isEqualTo(list.size());
        for (String key : keys) {
            KeyValue first = list.stream()
                    .filter(entry -> entry.getKey().equals(key))
                    .findFirst()
                    .orElse(null);
            assertThat(attributes.find(bytes(key), value)).as(repeat).isEqualTo(first != null);
            if (first != null) {
                byte[] message = Arrays.copyOfRange(value.bytes(), value.offset(), value.offset() + value.length());
                assertThat(AnyValue.parseFrom(message)).as(repeat).isEqualTo(first.getValue());
            }
        }
    }

    private byte[] spliced(byte[] span) {
        byte[] target = new byte[Splice.length(span, 0, span.length, overlay, 0)];
        assertThat(Splice.write(span, 0, span.length, overlay, 0, target, 0))
                .as(repeat)
                .isEqualTo(target.length);
        return target;
    }

    private static byte[] withoutKind(byte[] span) {
        byte[] left = new byte[span.length];
        int length = 0;
        WireReader reader = new WireReader();
        for (reader.wrap(span, 0, span.length); reader.next(); ) {
            if (reader.tag() != OtlpFields.SPAN_KIND) {
                int size = reader.fieldEnd() - reader.fieldOffset();
                System.arraycopy(span, reader.fieldOffset(), left, length, size);
                length += size;
            }
        }
        return Arrays.copyOf(left, length);
    }

    private static KeyValue attribute(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
