package io.spanweir.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.spanweir.testkit.OtlpGenerator;
import io.spanweir.testkit.WireMutator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Random edits made to views and to messages of protobuf-java at once, and the comparison of both. */
public abstract class OverlayEdits {
    private static final String[] KEYS = {"http.route", "k", "", "größe", "🦊", "x", "new.key", "another", "a.b"};

    protected SplittableRandom random = new SplittableRandom(0);
    protected String repeat = "";

    protected byte[] orderly(Message.Builder message) {
        new OtlpGenerator(random).fill(message);
        return WireMutator.orderly(random).mutate(message.build().toByteArray(), message.getDescriptorForType());
    }

    protected static byte[] surrounded(byte[] body) {
        byte[] around = new byte[body.length + 7];
        Arrays.fill(around, (byte) 0x4A);
        System.arraycopy(body, 0, around, 3, body.length);
        return around;
    }

    protected byte[] spliced(byte[] around, int length, Overlay overlay, int fieldNumber) {
        int bodyLength = Splice.length(around, 3, length, overlay, 1);
        byte[] target = new byte[bodyLength + 5];
        assertThat(Splice.write(around, 3, length, overlay, 1, target, 5))
                .as(repeat)
                .isEqualTo(target.length);
        int fieldLength = Splice.fieldLength(around, 3, length, overlay, 1, fieldNumber);
        byte[] field = new byte[fieldLength];
        assertThat(Splice.writeField(around, 3, length, overlay, 1, fieldNumber, field, 0))
                .isEqualTo(fieldLength);
        assertThat(range(field, fieldLength - bodyLength, bodyLength)).isEqualTo(range(target, 5, bodyLength));
        assertThat(field[0]).isEqualTo((byte) (fieldNumber << 3 | 2));
        return range(target, 5, bodyLength);
    }

    protected byte[] splicedPrefix(byte[] around, int length, Overlay overlay) {
        byte[] target = new byte[Splice.prefixLength(around, 3, length, overlay, 1) + 5];
        assertThat(Splice.writePrefix(around, 3, length, overlay, 1, target, 5))
                .as(repeat)
                .isEqualTo(target.length);
        return range(target, 5, target.length - 5);
    }

    protected void editSpan(SpanView view, Span.Builder model) {
        byte[] text = utf8("é".repeat(random.nextInt(90)));
        switch (random.nextInt(4)) {
            case 0 -> {
                view.setName(text, 0, text.length);
                model.setNameBytes(ByteString.copyFrom(text));
            }
            case 1 -> {
                view.setTraceState(text, 0, text.length);
                model.setTraceStateBytes(ByteString.copyFrom(text));
            }
            case 2 -> {
                int kind = random.nextInt(7);
                view.setKind(kind);
                model.setKindValue(kind);
            }
            default -> {
                int code = random.nextInt(3);
                view.setStatus(code, text, 0, text.length);
                model.setStatus(Status.newBuilder().setCodeValue(code).setMessageBytes(ByteString.copyFrom(text)));
            }
        }
    }

    protected void editRecord(LogRecordView view, LogRecord.Builder model) {
        byte[] text = utf8("body " + random.nextLong());
        switch (random.nextInt(6)) {
            case 0 -> {
                view.setBody(text, 0, text.length);
                model.setBody(AnyValue.newBuilder().setStringValueBytes(ByteString.copyFrom(text)));
            }
            case 1 -> {
                AnyValue value = value();
                byte[] encoded = value.toByteArray();
                view.setBody(new ValueView().wrap(encoded, 0, encoded.length));
                model.setBody(value);
            }
            case 2 -> {
                view.setSeverityNumber(17);
                model.setSeverityNumberValue(17);
            }
            case 3 -> {
                view.setSeverityText(text, 0, 4);
                model.setSeverityTextBytes(ByteString.copyFrom(text, 0, 4));
            }
            case 4 -> {
                view.setTimeUnixNano(random.nextLong());
                model.setTimeUnixNano(view.timeUnixNano());
            }
            default -> {
                int length = random.nextBoolean() ? 8 : 0;
                view.setSpanId(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, 0, length);
                model.setSpanId(ByteString.copyFrom(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, 0, length));
            }
        }
    }

    /** One edit of attributes, made to both. */
    protected void editAttributes(AttributesView view, Message.Builder model) {
        FieldDescriptor field = model.getDescriptorForType().findFieldByName("attributes");
        List<KeyValue> list = new ArrayList<>();
        for (int i = 0; i < model.getRepeatedFieldCount(field); i++) {
            list.add((KeyValue) model.getRepeatedField(field, i));
        }
        String key = list.isEmpty() || random.nextInt(3) > 0
                ? KEYS[random.nextInt(KEYS.length)]
                : list.get(random.nextInt(list.size())).getKey();
        switch (random.nextInt(6)) {
            case 0 -> {
                boolean removed = list.removeIf(entry -> entry.getKey().equals(key));
                assertThat(view.remove(utf8(key))).as(repeat).isEqualTo(removed);
            }
            case 1 -> {
                String to = KEYS[random.nextInt(KEYS.length)];
                boolean renamed = list.stream().anyMatch(entry -> entry.getKey().equals(key));
                if (renamed && !key.equals(to)) {
                    list.removeIf(entry -> entry.getKey().equals(to));
                    list.replaceAll(entry -> entry.getKey().equals(key)
                            ? entry.toBuilder().setKey(to).build()
                            : entry);
                }
                assertThat(view.rename(utf8(key), utf8(to))).as(repeat).isEqualTo(renamed);
            }
            case 2 -> editAtCursor(view, list);
            default -> put(view, list, key);
        }
        model.clearField(field);
        list.forEach(entry -> model.addRepeatedField(field, entry));
    }

    /** Edits while walking: removes some, masks some. */
    protected void editAtCursor(AttributesView view, List<KeyValue> list) {
        byte[] mask = utf8("****");
        List<KeyValue> left = new ArrayList<>();
        for (KeyValue entry : list) {
            assertThat(view.next()).as(repeat).isTrue();
            assertThat(view.keyIs(entry.getKeyBytes().toByteArray())).as(repeat).isTrue();
            int choice = random.nextInt(4);
            if (choice == 0) {
                view.removeCurrent();
                continue;
            }
            if (choice == 1) {
                view.putCurrentString(mask, 0, mask.length);
                left.add(KeyValue.newBuilder()
                        .setKey(entry.getKey())
                        .setValue(AnyValue.newBuilder().setStringValue("****"))
                        .build());
                assertThat(view.value(new ValueView()).isString(mask)).isTrue();
                continue;
            }
            left.add(entry);
        }
        assertThat(view.next()).as(repeat).isFalse();
        list.clear();
        list.addAll(left);
    }

    protected void put(AttributesView view, List<KeyValue> list, String key) {
        AnyValue value = value();
        byte[] name = utf8(key);
        switch (value.getValueCase()) {
            case STRING_VALUE ->
                view.putString(name, value.getStringValueBytes().toByteArray());
            case INT_VALUE -> view.putLong(name, value.getIntValue());
            case DOUBLE_VALUE -> view.putDouble(name, value.getDoubleValue());
            case BOOL_VALUE -> view.putBoolean(name, value.getBoolValue());
            case BYTES_VALUE -> {
                byte[] content = value.getBytesValue().toByteArray();
                view.putBytes(name, content, 0, content.length);
            }
            default -> {
                byte[] encoded = value.toByteArray();
                view.putValue(name, new ValueView().wrap(encoded, 0, encoded.length));
            }
        }
        KeyValue entry = KeyValue.newBuilder().setKey(key).setValue(value).build();
        int first = -1;
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i).getKey().equals(key)) {
                first = i;
                break;
            }
        }
        if (first < 0) {
            list.add(entry);
            return;
        }
        list.set(first, entry);
        for (int i = list.size() - 1; i > first; i--) {
            if (list.get(i).getKey().equals(key)) {
                list.remove(i);
            }
        }
    }

    protected AnyValue value() {
        AnyValue.Builder value = AnyValue.newBuilder();
        new OtlpGenerator(random).withoutUnknownFields().fill(value);
        return value.build();
    }

    protected void assertReadsThrough(SpanView view, Span.Builder model) throws InvalidProtocolBufferException {
        assertThat(view.name()).as(repeat).isEqualTo(model.getName());
        assertThat(view.kind()).as(repeat).isEqualTo(model.getKindValue());
        assertThat(view.statusCode()).as(repeat).isEqualTo(model.getStatus().getCodeValue());
        assertThat(text(view.statusMessageBytes(), view.statusMessageOffset(), view.statusMessageLength()))
                .as(repeat)
                .isEqualTo(model.getStatus().getMessage());
        assertThat(text(view.traceStateBytes(), view.traceStateOffset(), view.traceStateLength()))
                .as(repeat)
                .isEqualTo(model.getTraceState());
        assertThat(view.attributeCount()).as(repeat).isEqualTo(model.getAttributesCount());
        assertAttributes(view.attributes(), model.getAttributesList());
    }

    protected void assertAttributes(AttributesView view, List<KeyValue> expected)
            throws InvalidProtocolBufferException {
        ValueView value = new ValueView();
        assertThat(view.count()).as(repeat).isEqualTo(expected.size());
        for (KeyValue entry : expected) {
            assertThat(view.next()).as(repeat).isTrue();
            assertThat(text(view.keyBytes(), view.keyOffset(), view.keyLength()))
                    .as(repeat)
                    .isEqualTo(entry.getKey());
            view.value(value);
            assertThat(AnyValue.parseFrom(range(value.bytes(), value.offset(), value.length())))
                    .as(repeat)
                    .isEqualTo(entry.getValue());
        }
        assertThat(view.next()).as(repeat).isFalse();
        for (String key : KEYS) {
            KeyValue first = expected.stream()
                    .filter(entry -> entry.getKey().equals(key))
                    .findFirst()
                    .orElse(null);
            assertThat(view.find(utf8(key), value)).as(repeat).isEqualTo(first != null);
            if (first != null) {
                assertThat(AnyValue.parseFrom(range(value.bytes(), value.offset(), value.length())))
                        .isEqualTo(first.getValue());
            }
        }
    }

    protected static boolean zero(ByteString id) {
        return id.isEmpty() || id.equals(ByteString.copyFrom(new byte[id.size()]));
    }

    protected static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    protected static String text(byte[] bytes, int offset, int length) {
        return new String(bytes, offset, length, StandardCharsets.UTF_8);
    }

    protected static byte[] range(byte[] bytes, int offset, int length) {
        return Arrays.copyOfRange(bytes, offset, offset + length);
    }
}
